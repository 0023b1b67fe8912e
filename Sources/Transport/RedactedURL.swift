/// URLs as they may be shown: without user information, query and fragment, which are where secrets travel.
public enum RedactedURL {
    public static func text(_ url: String) -> String {
        var rest = Substring(url)
        if let end = rest.firstIndex(where: { $0 == "?" || $0 == "#" }) { rest = rest[..<end] }
        guard let scheme = rest.range(of: "://") else { return String(rest) }
        let authority = rest[scheme.upperBound...].prefix { $0 != "/" }
        guard let at = authority.lastIndex(of: "@") else { return String(rest) }
        return String(rest[..<scheme.upperBound]) + rest[authority.index(after: at)...]
    }
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
