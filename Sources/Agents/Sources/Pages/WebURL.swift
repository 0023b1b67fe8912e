/// An `http` or `https` URL in parts. Narrower than the standards allow, so that everybody who reads the URL sees the same
/// host in it: no user information, no backslashes, no control characters, hosts of ASCII letters, digits, dots and hyphens.
struct WebURL: Sendable, Hashable, CustomStringConvertible {
    var scheme: String
    /// In lower case, without a dot at the end; IPv6 addresses without brackets.
    var host: String
    var isIPv6 = false
    var port: Int?
    /// Begins with `/`.
    var path: String
    /// With `?`, or empty.
    var query: String

    /// `nil` for what is no such URL.
    init?(_ text: String) {
        let text = text.drop { $0 == " " }
        guard text.utf8.count <= 4000, !text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }),
            !text.contains("\\")
        else { return nil }
        guard let colon = text.firstIndex(of: ":"), text[colon...].hasPrefix("://") else { return nil }
        scheme = text[..<colon].lowercased()
        guard scheme == "http" || scheme == "https" else { return nil }
        let rest = text[text.index(colon, offsetBy: 3)...]
        let authority = rest.prefix { !"/?#".contains($0) }
        guard !authority.contains("@") else { return nil }
        var portText: Substring?
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return nil }
            host = authority[authority.index(after: authority.startIndex)..<end].lowercased()
            isIPv6 = true
            let after = authority[authority.index(after: end)...]
            guard after.isEmpty || after.hasPrefix(":") else { return nil }
            portText = after.isEmpty ? nil : after.dropFirst()
        } else {
            let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
            guard parts.count <= 2 else { return nil }
            host = parts[0].lowercased()
            if host.hasSuffix(".") { host.removeLast() }
            portText = parts.count == 2 ? parts[1] : nil
            guard host.utf8.allSatisfy(Self.isHostByte), !host.hasPrefix("."), !host.contains("..") else { return nil }
        }
        guard !host.isEmpty else { return nil }
        if let portText, !portText.isEmpty {
            guard portText.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(portText),
                (1...65535).contains(number)
            else { return nil }
            port = number
        }
        let target = rest[authority.endIndex...].prefix { $0 != "#" }
        let pathText = target.prefix { $0 != "?" }
        path = Self.escape(Self.withoutDots(pathText.isEmpty ? "/" : String(pathText)))
        query = Self.escape(String(target[pathText.endIndex...]))
    }

    var description: String {
        scheme + "://" + (isIPv6 ? "[\(host)]" : host) + (port.map { ":\($0)" } ?? "") + path + query
    }

    /// Where a `Location` header leads from here (RFC 3986, section 5.2); `nil` where it leads nowhere that may be read.
    func resolving(_ reference: String) -> WebURL? {
        let reference = reference.prefix { $0 != "#" }
        let origin = scheme + "://" + (isIPv6 ? "[\(host)]" : host) + (port.map { ":\($0)" } ?? "")
        if reference.hasPrefix("//") { return WebURL(scheme + ":" + reference) }
        if reference.hasPrefix("/") { return WebURL(origin + reference) }
        if reference.isEmpty { return self }
        if reference.hasPrefix("?") { return WebURL(origin + path + reference) }
        let beforePath = reference.prefix { !"/?".contains($0) }
        if beforePath.contains(":") { return WebURL(String(reference)) }
        let folder = path[...(path.lastIndex(of: "/") ?? path.startIndex)]
        return WebURL(origin + folder + reference)
    }

    /// Removes `.` and `..` from a path (RFC 3986, section 5.2.4).
    private static func withoutDots(_ path: String) -> String {
        var kept: [Substring] = []
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        for (index, part) in parts.enumerated() {
            let isLast = index == parts.count - 1
            switch part {
            case ".": if isLast { kept.append("") }
            case "..":
                if !kept.isEmpty { kept.removeLast() }
                if isLast { kept.append("") }
            default: kept.append(part)
            }
        }
        return "/" + kept.joined(separator: "/")
    }

    /// Escapes what may not stand in a URL as it is; what is escaped already stays.
    private static func escape(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 <= 0x20 || $0 >= 0x7F || $0 == 0x22 || $0 == 0x3C || $0 == 0x3E }) else {
            return text
        }
        return text.utf8.map { byte in
            byte <= 0x20 || byte >= 0x7F || byte == 0x22 || byte == 0x3C || byte == 0x3E
                ? SourceRequest.percent(byte) : String(Unicode.Scalar(byte))
        }.joined()
    }

    static func decodingPercents(_ text: String) -> String {
        guard text.contains("%") else { return text }
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
                let value = UInt8(String(decoding: bytes[index + 1...index + 2], as: UTF8.self), radix: 16)
            {
                result.append(value)
                index += 3
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static func isHostByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"),
            UInt8(ascii: "."), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
