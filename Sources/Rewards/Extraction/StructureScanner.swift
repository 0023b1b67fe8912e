/// Finds the tags that structure a policy's text, in one pass over its bytes.
///
/// Each byte is looked at once, and after a `<` at most as many more as the longest tag has.
struct StructureScanner: Sendable, Hashable {
    enum Name: Sendable, Hashable {
        case think, answer, toolCall, toolResponse
        /// The tag that the policy names, where it is none of the others.
        case named
    }

    struct Tag: Sendable, Hashable {
        var name: Name
        var isClosing: Bool
        /// Byte offsets of the whole tag, brackets included.
        var range: Range<Int>
    }

    private static let think = Array("think>".utf8)
    private static let answer = Array("answer>".utf8)
    private static let toolCall = Array("tool_call>".utf8)
    private static let toolResponse = Array("tool_response>".utf8)

    /// The name with its closing bracket.
    private let named: [UInt8]
    let tagName: String

    /// - Parameter tagName: a tag to look for beside those of the protocol.
    init(tagName: String = "answer") {
        self.tagName = tagName
        let bytes = Array((tagName + ">").utf8)
        named = [Self.think, Self.answer, Self.toolCall, Self.toolResponse].contains(bytes) ? [] : bytes
    }

    /// The name that the tag `tagName` has here.
    var name: Name {
        switch tagName {
        case "think": .think
        case "answer": .answer
        case "tool_call": .toolCall
        case "tool_response": .toolResponse
        default: .named
        }
    }

    func tags(in bytes: [UInt8], work: inout Work) throws(AnswerProblem) -> [Tag] {
        try work.spend(bytes.count / 8 + 1)
        var tags: [Tag] = []
        let end = bytes.count
        // No tag holds a second `<`, so none is found twice.
        for position in 0..<end where bytes[position] == 0x3C {
            if let tag = tag(in: bytes, at: position, end: end) { tags.append(tag) }
        }
        try work.spend(tags.count)
        return tags
    }

    private func tag(in bytes: [UInt8], at start: Int, end: Int) -> Tag? {
        var position = start + 1
        let isClosing = position < end && bytes[position] == 0x2F
        if isClosing { position += 1 }
        guard position + 1 < end else { return nil }
        let candidate: (name: Name, pattern: [UInt8])?
        switch (bytes[position], bytes[position + 1]) {
        case (0x74, 0x68): candidate = (.think, Self.think)
        case (0x61, _): candidate = (.answer, Self.answer)
        case (0x74, 0x6F):
            candidate =
                position + 5 < end && bytes[position + 5] == 0x63
                ? (.toolCall, Self.toolCall) : (.toolResponse, Self.toolResponse)
        default: candidate = nil
        }
        if let candidate, ByteScan.matches(candidate.pattern, in: bytes, at: position, end: end) {
            return Tag(name: candidate.name, isClosing: isClosing, range: start..<position + candidate.pattern.count)
        }
        if !named.isEmpty, ByteScan.matches(named, in: bytes, at: position, end: end) {
            return Tag(name: .named, isClosing: isClosing, range: start..<position + named.count)
        }
        return nil
    }

    /// The tag as it is written, for messages.
    func spelling(_ tag: Tag) -> String {
        let name =
            switch tag.name {
            case .think: "think"
            case .answer: "answer"
            case .toolCall: "tool_call"
            case .toolResponse: "tool_response"
            case .named: tagName
            }
        return tag.isClosing ? "</\(name)>" : "<\(name)>"
    }
}
