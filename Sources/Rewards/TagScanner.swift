/// Finds the tags that structure a policy's text, in one pass over its bytes and without a regular expression.
///
/// The cost is at most the length of the text times the length of the longest tag, whatever the text is.
struct TagScanner {
    enum Name: String, CaseIterable {
        case think
        case toolCall = "tool_call"
        case toolResponse = "tool_response"
        case answer
    }

    struct Tag: Equatable {
        var name: Name
        var isClosing: Bool
        /// Byte offsets of the whole tag, brackets included.
        var range: Range<Int>
    }

    private(set) var tags: [Tag] = []
    private(set) var operations = 0

    init(_ bytes: [UInt8]) {
        var position = 0
        while position < bytes.count {
            operations += 1
            if bytes[position] == UInt8(ascii: "<"), let tag = tag(in: bytes, at: position) {
                tags.append(tag)
                position = tag.range.upperBound
            } else {
                position += 1
            }
        }
    }

    private static let patterns: [(name: Name, isClosing: Bool, bytes: [UInt8])] = Name.allCases.flatMap { name in
        [(name, false, Array("<\(name.rawValue)>".utf8)), (name, true, Array("</\(name.rawValue)>".utf8))]
    }

    private mutating func tag(in bytes: [UInt8], at start: Int) -> Tag? {
        for pattern in Self.patterns {
            var matched = 0
            while matched < pattern.bytes.count, start + matched < bytes.count,
                bytes[start + matched] == pattern.bytes[matched]
            {
                matched += 1
                operations += 1
            }
            if matched == pattern.bytes.count {
                return Tag(name: pattern.name, isClosing: pattern.isClosing, range: start..<start + matched)
            }
        }
        return nil
    }
}
