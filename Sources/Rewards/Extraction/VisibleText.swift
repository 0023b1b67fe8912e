/// What of a text lies outside its thinking, and the tags in it.
struct VisibleText {
    let range: Range<Int>
    let tags: ArraySlice<StructureScanner.Tag>

    /// Applies the rule for thinking. The first `</think>` ends a block, and tags inside it are mere text.
    init(
        _ bytes: [UInt8], tags: [StructureScanner.Tag], thinking: ThinkingRule
    ) throws(AnswerProblem) {
        var start = 0
        var rest = tags[...]
        switch thinking {
        case .ignored:
            if let last = tags.lastIndex(where: { $0.name == .think && $0.isClosing }) {
                start = tags[last].range.upperBound
                rest = tags[(last + 1)...]
            }
            if let open = rest.first(where: { $0.name == .think }) {
                throw .malformed("the thinking block is not closed", offset: open.range.lowerBound)
            }
        case .optional, .required:
            if let first = tags.first, first.name == .think, !first.isClosing {
                guard ByteScan.skipSpaces(bytes, from: 0, end: first.range.lowerBound) == first.range.lowerBound else {
                    throw .malformed("the thinking block does not come first", offset: first.range.lowerBound)
                }
                (start, rest) = try Self.close(tags.dropFirst(), openedAt: first.range.lowerBound)
            } else if thinking == .required {
                throw .malformed("the text does not begin with <think>", offset: 0)
            }
        case .prefilled: (start, rest) = try Self.close(rest, openedAt: 0)
        case .forbidden: break
        }
        if let stray = rest.first(where: { $0.name == .think }) {
            let problem =
                thinking == .forbidden
                ? "the text thinks where the policy forbids it"
                : stray.isClosing ? "</think> closes no thinking block" : "a thinking block opens after the text began"
            throw .malformed(problem, offset: stray.range.lowerBound)
        }
        range = start..<bytes.count
        self.tags = rest
    }

    private static func close(
        _ tags: ArraySlice<StructureScanner.Tag>, openedAt offset: Int
    ) throws(AnswerProblem) -> (Int, ArraySlice<StructureScanner.Tag>) {
        guard let end = tags.firstIndex(where: { $0.name == .think }) else {
            throw .malformed("the thinking block is not closed", offset: offset)
        }
        guard tags[end].isClosing else {
            throw .malformed("a second thinking block opens inside the first", offset: tags[end].range.lowerBound)
        }
        return (tags[end].range.upperBound, tags[(end + 1)...])
    }
}
