/// A key, or who asks, and where in a request it travels. Its value is shown in no description or reflection.
public struct SourceCredential: Sendable, CustomStringConvertible, CustomReflectable {
    public enum Place: Sendable, Hashable {
        case query(String)
        /// The prefix stands before the value, for example `Bearer `.
        case header(String, prefix: String = "")
    }

    public var place: Place
    let value: String
    /// Whether the value must not be seen in anything that comes back; the program's name need not hide.
    let isSecret: Bool

    public init(_ place: Place, _ value: String, isSecret: Bool = true) {
        self.place = place
        self.value = value
        self.isSecret = isSecret
    }

    public var description: String { "SourceCredential(\(place))" }
    public var customMirror: Mirror { Mirror(self, children: ["place": place]) }

    /// Adds the credentials to a request as it is sent.
    static func apply(_ credentials: [SourceCredential], to request: inout SourceRequest) {
        for credential in credentials {
            switch credential.place {
            case .query(let name): request.query.append((name, credential.value))
            case .header(let name, let prefix): request.headers.append((name, prefix + credential.value))
            }
        }
    }

    /// What came back, without secret values, should the server have repeated them: as they are, and as they stand in a URL.
    static func mask(_ bytes: [UInt8], _ credentials: [SourceCredential]) -> [UInt8] {
        var masked = bytes
        for credential in credentials where credential.isSecret {
            for secret in [credential.value, SourceRequest.encode(credential.value)] {
                masked = masked.replacing(Array(secret.utf8), with: Array("(hidden)".utf8))
            }
        }
        return masked
    }

    static func mask(_ text: String, _ credentials: [SourceCredential]) -> String {
        String(decoding: mask(Array(text.utf8), credentials), as: UTF8.self)
    }
}

extension [UInt8] {
    /// Replaces every occurrence of a pattern; shorter patterns than four bytes are no keys and stay.
    fileprivate func replacing(_ pattern: [UInt8], with replacement: [UInt8]) -> [UInt8] {
        guard pattern.count >= 4, count >= pattern.count else { return self }
        var result: [UInt8] = []
        var start = 0
        var index = 0
        while index + pattern.count <= count {
            if self[index] == pattern[0], self[index..<index + pattern.count].elementsEqual(pattern) {
                result += self[start..<index]
                result += replacement
                index += pattern.count
                start = index
            } else {
                index += 1
            }
        }
        return start == 0 ? self : result + self[start...]
    }
}
