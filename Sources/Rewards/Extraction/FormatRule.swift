/// A rule for the form of a text, whatever its answer.
public enum FormatRule: String, Sendable, Hashable, CaseIterable {
    /// `<think>…</think>` once each, at the start (TRL).
    case think = "format_think"
    /// `<think>`, `</think>`, `<answer>`, `</answer>`, each on its own line and once, and nothing outside (open-r1).
    case thinkAnswer = "format_think_answer"
    /// A quarter for each of those four tags that stands once, with its line feeds (open-r1).
    case tagCount = "format_tag_count"
    /// A third for each marked step of reasoning, at most 1 (open-r1).
    case reasoningSteps = "format_reasoning_steps"
    /// ``thinkAnswer`` with a fenced block of code in the answer (open-r1).
    case codeBlock = "format_code_block"
}

/// What a format rule says about a text.
public struct FormatVerdict: Sendable, Hashable {
    /// From 0 to 1.
    public var score: Double
    /// What is wrong, and at which byte; `nil` for the full score.
    public var violation: Violation?

    public struct Violation: Sendable, Hashable, CustomStringConvertible {
        /// The part of the rule that is broken.
        public var rule: String
        public var offset: Int

        public var description: String { "\(rule) (at byte \(offset))" }
    }

    static let passed = FormatVerdict(score: 1)

    static func failed(_ rule: String, _ offset: Int, score: Double = 0) -> FormatVerdict {
        FormatVerdict(score: score, violation: Violation(rule: rule, offset: offset))
    }

    init(score: Double, violation: Violation? = nil) {
        self.score = score
        self.violation = violation
    }
}

extension FormatRule {
    /// - Parameter language: the language that the fence of ``codeBlock`` must name; `nil` means any.
    public func verdict(
        _ bytes: [UInt8], language: String? = nil, work: inout Work
    ) throws(AnswerProblem) -> FormatVerdict {
        try work.spend(bytes.count / 2 + 1)
        switch self {
        case .think: return try FormatChecker(bytes, work: &work).think()
        case .thinkAnswer: return try FormatChecker(bytes, work: &work).thinkAnswer()
        case .tagCount: return FormatCounts.tags(bytes)
        case .reasoningSteps: return FormatCounts.steps(bytes)
        case .codeBlock:
            let checker = try FormatChecker(bytes, work: &work)
            let verdict = checker.thinkAnswer()
            return verdict.violation == nil ? checker.codeBlock(language: language) : verdict
        }
    }
}

/// The rules for `<think>` and `<answer>`.
struct FormatChecker {
    private let bytes: [UInt8]
    private let tags: [StructureScanner.Tag]

    init(_ bytes: [UInt8], work: inout Work) throws(AnswerProblem) {
        self.bytes = bytes
        tags = try StructureScanner().tags(in: bytes, work: &work)
            .filter { $0.name == .think || $0.name == .answer }
    }

    func think() -> FormatVerdict {
        let thinking = tags.filter { $0.name == .think }
        guard let first = thinking.first, !first.isClosing, first.range.lowerBound == 0 else {
            return .failed("the text begins with <think>", 0)
        }
        guard thinking.count > 1 else { return .failed("<think> is closed", bytes.count) }
        guard thinking[1].isClosing else { return .failed("<think> stands once", thinking[1].range.lowerBound) }
        guard thinking.count == 2 else {
            let third = thinking[2]
            return .failed("\(third.isClosing ? "</think>" : "<think>") stands once", third.range.lowerBound)
        }
        return .passed
    }

    func thinkAnswer() -> FormatVerdict {
        let expected: [(StructureScanner.Name, Bool, String)] = [
            (.think, false, "<think>"), (.think, true, "</think>"), (.answer, false, "<answer>"),
            (.answer, true, "</answer>"),
        ]
        for (index, (name, isClosing, spelling)) in expected.enumerated() {
            guard index < tags.count else { return .failed("\(spelling) stands in its place", bytes.count) }
            guard tags[index].name == name, tags[index].isClosing == isClosing else {
                return .failed("\(spelling) stands in its place", tags[index].range.lowerBound)
            }
        }
        guard tags.count == 4 else { return .failed("each tag stands once", tags[4].range.lowerBound) }
        guard tags[0].range.lowerBound == 0 else { return .failed("nothing stands before <think>", 0) }
        guard tags[3].range.upperBound == bytes.count else {
            return .failed("nothing stands behind </answer>", tags[3].range.upperBound)
        }
        for (tag, (_, isClosing, spelling)) in zip(tags, expected) {
            let feed = isClosing ? tag.range.lowerBound - 1 : tag.range.upperBound
            guard feed < bytes.count, bytes[feed] == 0x0A else {
                return .failed("a line feed parts \(spelling) from its content", feed)
            }
        }
        guard tags[0].range.upperBound < tags[1].range.lowerBound - 1 else {
            return .failed("the thinking is not empty", tags[1].range.lowerBound)
        }
        guard tags[2].range.upperBound < tags[3].range.lowerBound - 1 else {
            return .failed("the answer is not empty", tags[3].range.lowerBound)
        }
        guard tags[2].range.lowerBound == tags[1].range.upperBound + 1, bytes[tags[1].range.upperBound] == 0x0A else {
            return .failed("one line feed stands between </think> and <answer>", tags[1].range.upperBound)
        }
        return .passed
    }

    /// For a text that passes ``thinkAnswer()``.
    func codeBlock(language: String?) -> FormatVerdict {
        let answer = tags[2].range.upperBound..<tags[3].range.lowerBound
        let language = language.map { Array($0.utf8) }
        var fences = 0
        var position = answer.lowerBound
        while position < answer.upperBound {
            guard ByteScan.matches([0x60, 0x60, 0x60], in: bytes, at: position, end: answer.upperBound) else {
                position += 1
                continue
            }
            position += 3
            if fences == 1 { return .passed }
            let isNamed =
                language.map { ByteScan.matches($0, in: bytes, at: position, end: answer.upperBound) }
                ?? (position < answer.upperBound && ByteScan.isLetter(bytes[position]))
            if isNamed { fences = 1 }
        }
        return .failed(
            fences == 0 ? "the answer holds a fenced block of code in the language" : "the block of code is closed",
            fences == 0 ? answer.lowerBound : answer.upperBound)
    }
}
