/// Finds the one final answer of a text, structure first: a leading `<think>` block that is closed, then exactly one
/// answer in the place that the policy names.
///
/// An answer inside thinking never counts, and neither does one in text that the policy model did not write.
/// All scanners are linear in the text.
public struct AnswerExtraction: Sendable, Hashable {
    let place: AnswerPlace
    let thinking: ThinkingRule
    let candidates: CandidateRule
    /// The options that `choice_prose` looks for.
    let options: [String]
    let hasDecimalCommas: Bool
    private let structure: StructureScanner

    /// Reads `answer_in`, `thinking`, `candidates`, `strings` and `decimal_comma`.
    public init(_ fields: inout PolicyFields) throws(RewardError) {
        let name = try fields.string("answer_in") ?? "automatic"
        guard let place = AnswerPlace(name) else {
            throw .invalidPolicy(field: "answer_in", found: name, expected: AnswerPlace.expectation)
        }
        let options = try fields.strings("strings")
        self.init(
            place: place, thinking: try fields.choice("thinking", default: .optional),
            candidates: try fields.choice("candidates", default: .exactlyOne),
            options: options.isEmpty ? ChoiceProse.letters : options,
            hasDecimalCommas: try fields.bool("decimal_comma"))
    }

    init(
        place: AnswerPlace, thinking: ThinkingRule = .optional, candidates: CandidateRule = .exactlyOne,
        options: [String] = ChoiceProse.letters, hasDecimalCommas: Bool = false
    ) {
        self.place = place
        self.thinking = thinking
        self.candidates = candidates
        self.options = options
        self.hasDecimalCommas = hasDecimalCommas
        structure = if case .tag(let name) = place { StructureScanner(tagName: name) } else { StructureScanner() }
    }

    /// The answer of a policy's text.
    ///
    /// - Parameter authored: the byte ranges that the policy model wrote, in order; `nil` means all.
    public func extract(
        _ bytes: [UInt8], authored: [Range<Int>]? = nil, work: inout Work
    ) throws(AnswerProblem) -> ExtractedAnswer {
        let text = authored.map { Self.masked(bytes, $0) } ?? bytes
        let tags = try structure.tags(in: text, work: &work)
        let visible = try VisibleText(text, tags: tags, thinking: thinking)
        let answer = try find(in: text, visible, work: &work)
        if let authored,
            !authored.contains(where: {
                $0.lowerBound <= answer.span.lowerBound
                    && answer.span.upperBound <= $0.upperBound
            })
        {
            throw .refused(
                "the answer is not wholly in text that the policy wrote", offset: answer.span.lowerBound)
        }
        guard answer.bytes.contains(where: { !AnswerText.isSpace($0) }) else {
            throw .malformed("the answer is empty", offset: answer.span.lowerBound)
        }
        for rule in answer.rules { work.apply(rule) }
        return answer
    }

    /// The answer of a gold, which is a bare answer, or a text with its answer where the place allows that: in prose, or
    /// in a box and nothing else.
    public func extractGold(_ bytes: [UInt8], work: inout Work) throws(AnswerProblem) -> ExtractedAnswer {
        let all = 0..<bytes.count
        switch place {
        case .mathProse:
            return try MathProse(bytes: bytes, range: all, hasDecimalCommas: hasDecimalCommas).answer(work: &work)
        case .choiceProse: return try ChoiceProse(bytes, range: all, options: options).answer(work: &work)
        case .boxed, .automatic: return try unboxed(ByteScan.trimmed(all, of: bytes), of: bytes, work: &work)
        default: return ExtractedAnswer(ByteScan.trimmed(all, of: bytes), of: bytes)
        }
    }

    /// The text with everything that others wrote replaced by line feeds, so that all offsets stay.
    private static func masked(_ bytes: [UInt8], _ authored: [Range<Int>]) -> [UInt8] {
        var text = [UInt8](repeating: 0x0A, count: bytes.count)
        for range in authored {
            let range = range.clamped(to: 0..<bytes.count)
            text.replaceSubrange(range, with: bytes[range])
        }
        return text
    }

    private func find(
        in text: [UInt8], _ visible: VisibleText, work: inout Work
    ) throws(AnswerProblem) -> ExtractedAnswer {
        let range = visible.range
        switch place {
        case .automatic:
            if visible.tags.contains(where: { $0.name == .answer }) {
                return try unboxed(tagged(visible), of: text, work: &work)
            }
            if let stray = visible.tags.first {
                throw .malformed(
                    "the text holds \(structure.spelling(stray)) and no <answer>", offset: stray.range.lowerBound)
            }
            let boxes = try BoxScanner.boxes(in: text, range, work: &work)
            if boxes.isEmpty { return ExtractedAnswer(ByteScan.trimmed(range, of: text), of: text) }
            return try boxed(boxes, in: text, range)
        case .whole:
            if let stray = visible.tags.first {
                throw .malformed("the text holds \(structure.spelling(stray))", offset: stray.range.lowerBound)
            }
            return ExtractedAnswer(ByteScan.trimmed(range, of: text), of: text)
        case .boxed: return try boxed(BoxScanner.boxes(in: text, range, work: &work), in: text, range)
        case .tag:
            let content = try tagged(visible)
            return try unboxed(content, of: text, work: &work)
        case .finalAnswer:
            let (answers, isLastLine) = try LineAnswers.finalAnswers(in: text, range, work: &work)
            let answer = try one(of: answers, "`final answer:` lines", range) { $0.lowerBound }
            guard isLastLine else {
                throw .malformed("the final answer does not stand in the last line", offset: answer.lowerBound)
            }
            return ExtractedAnswer(answer, of: text)
        case .hashes:
            let answers = try LineAnswers.hashes(in: text, range, work: &work)
            return ExtractedAnswer(try one(of: answers, "`####` answers", range) { $0.lowerBound }, of: text)
        case .json(let field):
            let members = try JSONAnswers.members(field, in: text, range, work: &work)
            return try one(of: members, "JSON objects with the member `\(field)`", range) { $0.span.lowerBound }
        case .toolCall(let argument): return try toolCall(argument, in: text, visible, work: &work)
        case .lastNumber:
            let numbers = try ProseNumberScanner(bytes: text, range: range, hasDecimalCommas: hasDecimalCommas)
                .numbers(work: &work)
            guard let last = numbers.last else {
                throw .malformed("the text holds no number", offset: range.lowerBound)
            }
            var answer = last.bytes(in: text)
            if last.percentEnd != nil { answer.append(0x25) }
            return ExtractedAnswer(span: last.range.lowerBound..<last.end, bytes: answer, rules: ["the last number"])
        case .mathProse:
            return try MathProse(bytes: text, range: range, hasDecimalCommas: hasDecimalCommas).answer(work: &work)
        case .choiceProse: return try ChoiceProse(text, range: range, options: options).answer(work: &work)
        }
    }

    /// The only element, or the last where the policy says so.
    private func one<Element>(
        of elements: [Element], _ name: String, _ range: Range<Int>, offset: (Element) -> Int
    ) throws(AnswerProblem) -> Element {
        guard let last = elements.last else {
            throw .malformed("the text holds none of the \(name) that the policy asks for", offset: range.lowerBound)
        }
        guard elements.count == 1 || candidates == .last else {
            throw .malformed(
                "there are \(elements.count) \(name), and exactly one counts", offset: offset(elements[1]))
        }
        return last
    }

    private func boxed(
        _ boxes: [BoxScanner.Box], in text: [UInt8], _ range: Range<Int>
    ) throws(AnswerProblem) -> ExtractedAnswer {
        let box = try one(of: boxes, "boxes", range) { $0.range.lowerBound }
        guard box.isClosed else { throw .malformed("the box is not closed", offset: box.range.lowerBound) }
        return ExtractedAnswer(box.content, of: text)
    }

    /// The content of a text that is one box and nothing else, or the text.
    private func unboxed(
        _ range: Range<Int>, of text: [UInt8], work: inout Work
    ) throws(AnswerProblem) -> ExtractedAnswer {
        let inner = ByteScan.trimmed(range, of: text)
        if let first = inner.first, text[first] == 0x5C {
            let boxes = try BoxScanner.boxes(in: text, inner, work: &work)
            if let box = boxes.first, box.range == inner, box.isClosed {
                return ExtractedAnswer(box.content, of: text, rules: ["a box around the answer"])
            }
        }
        return ExtractedAnswer(range, of: text)
    }

    /// The bytes between the tags.
    private func tagged(_ visible: VisibleText) throws(AnswerProblem) -> Range<Int> {
        let name: StructureScanner.Name = if case .tag = place { structure.name } else { .answer }
        let spelling = if case .tag(let tag) = place { tag } else { "answer" }
        var pairs: [Range<Int>] = []
        var opening: StructureScanner.Tag?
        for tag in visible.tags {
            if tag.name != name {
                if name == .answer {
                    throw .malformed(
                        "the visible text holds a \(structure.spelling(tag)) tag", offset: tag.range.lowerBound)
                }
            } else if let open = opening {
                guard tag.isClosing else {
                    throw .malformed("<\(spelling)> opens inside of another", offset: tag.range.lowerBound)
                }
                pairs.append(open.range.upperBound..<tag.range.lowerBound)
                opening = nil
            } else if tag.isClosing {
                throw .malformed("</\(spelling)> closes nothing", offset: tag.range.lowerBound)
            } else {
                opening = tag
            }
        }
        if let opening { throw .malformed("the <\(spelling)> is not closed", offset: opening.range.lowerBound) }
        guard !pairs.isEmpty else {
            throw .malformed("the visible text holds no <\(spelling)>", offset: visible.range.lowerBound)
        }
        return try one(of: pairs, "<\(spelling)> tags", visible.range) { $0.lowerBound }
    }

    private func toolCall(
        _ argument: String, in text: [UInt8], _ visible: VisibleText, work: inout Work
    ) throws(AnswerProblem) -> ExtractedAnswer {
        var calls: [Range<Int>] = []
        var opening: StructureScanner.Tag?
        for tag in visible.tags where tag.name == .toolCall {
            if let open = opening {
                guard tag.isClosing else {
                    throw .malformed("<tool_call> opens inside of another", offset: tag.range.lowerBound)
                }
                calls.append(open.range.upperBound..<tag.range.lowerBound)
                opening = nil
            } else if tag.isClosing {
                throw .malformed("</tool_call> closes nothing", offset: tag.range.lowerBound)
            } else {
                opening = tag
            }
        }
        if let opening { throw .malformed("the <tool_call> is not closed", offset: opening.range.lowerBound) }
        let call = try one(of: calls, "tool calls", visible.range) { $0.lowerBound }
        return try JSONAnswers.argument(argument, ofCallIn: text, call, work: &work)
    }
}
