/// Finds the one answer of an assistant's text.
///
/// A text may begin with one closed `<think>` block, which is never graded. What follows is the visible text; it must
/// hold exactly one `<answer>…</answer>` and no other tag of the protocol, so that an answer quoted from thinking, from
/// a tool's output or beside a second candidate is never rewarded.
struct AnswerExtractor {
    /// The bytes between the tags.
    private(set) var span: Range<Int>?
    /// Why there is no gradable answer.
    private(set) var problem: String?
    private(set) var operations: Int

    init(_ bytes: [UInt8]) {
        let scanner = TagScanner(bytes)
        operations = scanner.operations
        var tags = scanner.tags[...]
        if let first = tags.first, first.name == .think, !first.isClosing {
            let isLeading = bytes[..<first.range.lowerBound].allSatisfy { $0 <= UInt8(ascii: " ") }
            operations += first.range.lowerBound
            guard isLeading else {
                problem = "the thinking block does not come first"
                return
            }
            tags.removeFirst()
            // Tags inside the thinking are mere text; the first closing tag ends it.
            guard let end = tags.firstIndex(where: { $0.name == .think }), tags[end].isClosing else {
                problem = "the thinking block is not closed, or a second one is opened inside it"
                return
            }
            tags = tags[(end + 1)...]
        }
        if let stray = tags.first(where: { $0.name != .answer }) {
            problem = "the visible text holds a <\(stray.isClosing ? "/" : "")\(stray.name.rawValue)> tag"
            return
        }
        let openings = tags.count { !$0.isClosing }
        let closings = tags.count - openings
        switch (openings, closings) {
        case (0, 0): problem = "the visible text holds no <answer>"
        case (1, 0): problem = "the <answer> is not closed"
        case (1, 1):
            let (opening, closing) = (tags[tags.startIndex], tags[tags.startIndex + 1])
            if opening.isClosing {
                problem = "</answer> comes before <answer>"
            } else {
                span = opening.range.upperBound..<closing.range.lowerBound
            }
        default:
            problem = "there are \(openings) <answer> and \(closings) </answer> tags, and exactly one of each counts"
        }
    }
}
