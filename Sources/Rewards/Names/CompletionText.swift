/// The text of a completion that is not thinking.
enum CompletionText {
    private static let thinkOpening = Array("<think>".utf8)
    private static let thinkClosing = Array("</think>".utf8)
    private static let answerTags = ["<answer>", "</answer>"].map { Array($0.utf8) }

    /// The bytes after the last `</think>`, with each answer tag replaced by a space; `nil` where a thinking block is
    /// open at the end.
    static func bytes(_ text: [UInt8]) -> [UInt8]? {
        var result: [UInt8] = []
        var isThinking = false
        var index = 0
        while index < text.count {
            guard text[index] == UInt8(ascii: "<") else {
                result.append(text[index])
                index += 1
                continue
            }
            if starts(text, index, with: thinkClosing) {
                result.removeAll(keepingCapacity: true)
                isThinking = false
                index += thinkClosing.count
            } else if starts(text, index, with: thinkOpening) {
                isThinking = true
                index += thinkOpening.count
            } else if let tag = answerTags.first(where: { starts(text, index, with: $0) }) {
                result.append(NameByte.space)
                index += tag.count
            } else {
                result.append(text[index])
                index += 1
            }
        }
        return isThinking ? nil : result
    }

    private static func starts(_ text: [UInt8], _ index: Int, with pattern: [UInt8]) -> Bool {
        guard text.count - index >= pattern.count else { return false }
        for offset in pattern.indices where text[index + offset] != pattern[offset] { return false }
        return true
    }
}
