/// Sites that no tool may show, so that the questions of a benchmark and their answers are not found on the web.
///
/// An entry is a host, which stands for itself and every host below it, or a host and the beginning of a path:
/// `example.org`, `huggingface.co/datasets`.
public struct BlockList: Sendable, Hashable {
    private struct Entry: Hashable {
        var host: String
        var path: String
    }

    private let entries: [Entry]

    /// Schemes, capital letters and slashes at the ends of entries do not matter.
    public init(_ entries: [String]) {
        self.entries = entries.compactMap { text in
            var rest = SourceText.line(text).lowercased()[...]
            for scheme in ["https://", "http://"] where rest.hasPrefix(scheme) { rest = rest.dropFirst(scheme.count) }
            if rest.hasPrefix("*.") { rest = rest.dropFirst(2) }
            let host = rest.prefix { $0 != "/" }
            var path = rest[host.endIndex...]
            while path.hasSuffix("/") { path.removeLast() }
            return host.isEmpty ? nil : Entry(host: String(host), path: String(path))
        }
    }

    /// The hosts that are blocked whole.
    public var hosts: [String] { entries.filter(\.path.isEmpty).map(\.host) }

    public func blocks(_ url: String) -> Bool {
        guard !entries.isEmpty, let url = WebURL(url) else { return false }
        // Letters may be written as percent and digits.
        let path = WebURL.decodingPercents(url.path).lowercased()
        return entries.contains { entry in
            (url.host == entry.host || url.host.hasSuffix("." + entry.host))
                && (entry.path.isEmpty || path == entry.path || path.hasPrefix(entry.path + "/"))
        }
    }
}
