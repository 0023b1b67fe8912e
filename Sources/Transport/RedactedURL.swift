/// URLs as they may be shown: without user information, query and fragment, which are where secrets travel.
public enum RedactedURL {
    /// Scheme, host, port and path. An authority that is not plainly a host and a port is left out whole, because what
    /// looks like one may be a password with a `/`, `?` or `#` in it.
    public static func text(_ url: String) -> String {
        let visible = url.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }
        var rest = String(String.UnicodeScalarView(visible))[...]
        var isCut = false
        if let end = rest.firstIndex(where: { $0 == "?" || $0 == "#" }) {
            isCut = rest[end...].contains("@")
            rest = rest[..<end]
        }
        guard let scheme = rest.range(of: "://") else {
            return String(rest.lastIndex(of: "@").map { rest[rest.index(after: $0)...] } ?? rest)
        }
        let authority = rest[scheme.upperBound...].prefix { $0 != "/" && $0 != "\\" }
        let path = rest[authority.endIndex...]
        let host = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
        guard isHostAndPort(host), !(isCut && authority.contains(":") && path.isEmpty) else {
            return String(rest[..<scheme.upperBound]) + "(malformed)"
        }
        return String(rest[..<scheme.upperBound]) + host + path
    }

    /// The user information of a URL, if it has any: up to the last `@` before the path, or before the end.
    static func userInformation(_ url: String) -> Substring? {
        let rest = url[...]
        guard let start = rest.range(of: "://")?.upperBound, let at = rest[start...].lastIndex(of: "@") else {
            return nil
        }
        return rest[start..<at]
    }

    private static func isHostAndPort(_ text: Substring) -> Bool {
        if text.first == "[" {
            guard let end = text.firstIndex(of: "]") else { return false }
            let port = text[text.index(after: end)...]
            return port.isEmpty || (port.first == ":" && port.dropFirst().allSatisfy(isDigit))
        }
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        return parts.count <= 2 && (parts.count < 2 || parts[1].allSatisfy(isDigit))
    }

    private static func isDigit(_ character: Character) -> Bool { ("0"..."9").contains(character) }
}

extension Substring {
    fileprivate func range(of pattern: String) -> Range<Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(pattern) { return start..<index(start, offsetBy: pattern.count) }
            formIndex(after: &start)
        }
        return nil
    }
}
