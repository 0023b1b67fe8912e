#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Keeps pages that the policy asks for, and where they redirect to, away from this machine and its network (server-side
/// request forgery).
///
/// Two fences: ``refuses(_:)`` looks at a URL's host as it is written, and ``refuses(address:)`` at the address that the name
/// led to, when the connection is made, so that a name that changes its address in between gains nothing.
struct HostGuard: Sendable {
    /// Hosts that may be read although they are private, as they are written in URLs, in lower case.
    private let allowed: Set<String>

    init(allowedHosts: [String] = []) { allowed = Set(allowedHosts.map { $0.lowercased() }) }

    func allows(_ url: WebURL) -> Bool { allowed.contains(url.host) }

    /// Whether a host must not be asked.
    func refuses(_ url: WebURL) -> Bool {
        if allows(url) { return false }
        if url.isIPv6 {
            // A zone (`%eth0`) names an interface of this machine.
            guard let bytes = Self.bytes(ofIPv6: url.host) else { return true }
            return Self.refuses(address: bytes)
        }
        let labels = url.host.split(separator: ".", omittingEmptySubsequences: false)
        if let last = labels.last, Self.isNumber(last) {
            guard let bytes = Self.bytes(ofIPv4: labels) else { return true }
            return Self.refuses(address: bytes)
        }
        // Names without a dot, and these, belong to local networks (RFC 6761, RFC 6762, RFC 8375, ICANN's `internal`).
        let local = ["localhost", "local", "internal", "intranet", "lan", "home", "corp", "private", "arpa"]
        return labels.count < 2 || local.contains(String(labels[labels.count - 1]))
    }

    /// Whether an address, 4 or 16 bytes in network order, is not of the public internet (IANA's special-purpose registries).
    static func refuses(address bytes: [UInt8]) -> Bool {
        switch bytes.count {
        case 4:
            switch (bytes[0], bytes[1], bytes[2]) {
            case (0, _, _), (10, _, _), (127, _, _), (169, 254, _), (192, 168, _), (192, 0, 0), (192, 0, 2),
                (192, 88, 99), (198, 18...19, _), (198, 51, 100), (203, 0, 113), (224...255, _, _), (100, 64...127, _),
                (172, 16...31, _):
                return true
            default: return false
            }
        case 16:
            // IPv4 inside IPv6: mapped, translated (RFC 6052), 6to4.
            if bytes[..<10].allSatisfy({ $0 == 0 }), bytes[10] == 0xFF, bytes[11] == 0xFF {
                return refuses(address: Array(bytes[12...]))
            }
            if bytes[..<12].elementsEqual([0, 0x64, 0xFF, 0x9B, 0, 0, 0, 0, 0, 0, 0, 0]) {
                return refuses(address: Array(bytes[12...]))
            }
            if bytes[0] == 0x20, bytes[1] == 0x02 { return refuses(address: Array(bytes[2..<6])) }
            // Only 2000::/3 is given out; of it, 2001::/23 is for protocols (Teredo among them), 2001:db8::/32 and
            // 3fff::/20 for documents.
            guard bytes[0] & 0xE0 == 0x20 else { return true }
            if bytes[0] == 0x20, bytes[1] == 0x01 {
                return bytes[2] < 2 || (bytes[2] == 0x0D && bytes[3] == 0xB8)
            }
            return bytes[0] == 0x3F && bytes[1] == 0xFF && bytes[2] < 0x10
        default: return true
        }
    }

    private static func isNumber(_ label: Substring) -> Bool {
        label.utf8.allSatisfy { (0x30...0x39).contains($0) } || label.hasPrefix("0x")
    }

    /// The forms that resolvers take for IPv4 addresses: one to four numbers, each decimal, octal (`0…`) or hexadecimal
    /// (`0x…`), the last one filling the rest.
    private static func bytes(ofIPv4 labels: [Substring]) -> [UInt8]? {
        guard (1...4).contains(labels.count) else { return nil }
        var value: UInt64 = 0
        for (index, label) in labels.enumerated() {
            let number =
                label.hasPrefix("0x")
                ? (label.count == 2 ? 0 : UInt64(label.dropFirst(2), radix: 16))
                : label.hasPrefix("0") && label.count > 1 ? UInt64(label, radix: 8) : UInt64(label)
            let width = index == labels.count - 1 ? 8 * (5 - labels.count) : 8
            guard let number, number < 1 << UInt64(width) else { return nil }
            value = value << UInt64(width) | number
        }
        return (0..<4).map { UInt8(truncatingIfNeeded: value >> UInt64(24 - 8 * $0)) }
    }

    private static func bytes(ofIPv6 text: String) -> [UInt8]? {
        var address = in6_addr()
        guard inet_pton(AF_INET6, text, &address) == 1 else { return nil }
        return withUnsafeBytes(of: &address) { Array($0) }
    }
}
