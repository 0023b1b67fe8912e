import Primitives

/// Where each message is in the text that a template printed.
///
/// Two things are known for certain: which stretches came out of which message (``TextOrigin``), and what the template
/// prints for beginnings of the conversation. An assistant's message is placed when both the prompt before it and the
/// conversation up to it are, character by character, beginnings of the whole text: what lies between is its output.
/// Where they are not, the template says something else about the message once others follow, or began the turn in
/// another way than the prompt does; what the policy would have been asked and what it would have answered is then not in
/// the text, and the message remains without an output.
struct TemplatePlacement {
    private struct Stretch {
        var end: Int
        var place: RenderedPlace
    }

    private var stretches: [Stretch] = []
    /// Why assistants' messages could not be placed.
    private(set) var failures: [Int: TokenizerError] = [:]
    private let whole: TemplateText
    private let controlTokens: [TemplateText]

    /// - Parameters:
    ///   - only: the one message to place; what precedes it then counts as supplied.
    ///   - render: the text of the first messages, with or without a generation prompt.
    init(
        messages: [Message], only: Int? = nil, addsGenerationPrompt: Bool, whole: TemplateText,
        controlTokens: [TemplateText],
        render: (_ count: Int, _ addsGenerationPrompt: Bool) throws(TokenizerError) -> TemplateText
    ) {
        self.whole = whole
        self.controlTokens = controlTokens
        let spans = Self.spans(whole, messages.count)
        for (index, message) in messages.enumerated() where index == only ?? index {
            let start = stretches.last?.end ?? 0
            let isLast = index == messages.count - 1
            /// No message reaches into the text of those after it.
            let limit = spans[(index + 1)...].compactMap { $0?.lowerBound }.min() ?? whole.count
            func upTo() throws(TokenizerError) -> TemplateText {
                isLast && !addsGenerationPrompt ? whole : try render(index + 1, false)
            }
            if message.role == .assistant {
                do throws(TokenizerError) {
                    let range = try output(
                        index, after: start, prompt: try render(index, true), upTo: try upTo(), spans[index], limit)
                    if only == nil { extend(to: suppliedStart(from: start, to: range.lowerBound), .header(index)) }
                    extend(to: range.lowerBound, .supplied(index))
                    extend(to: range.upperBound, .output(index))
                } catch {
                    failures[index] = error
                    extend(to: min(max(start, spans[index]?.upperBound ?? start), limit), .header(index))
                }
                continue
            }
            guard let span = spans[index], span.lowerBound >= start else { continue }
            var end = span.upperBound
            if let text = try? upTo() { end = max(end, turnEnd(in: text, count: commonPrefix(text))) }
            extend(to: span.lowerBound, .header(index))
            extend(to: min(end, max(limit, span.upperBound)), .output(index))
        }
        extend(to: whole.count, addsGenerationPrompt ? .generationPrompt : .trailer)
    }

    private mutating func extend(to end: Int, _ place: RenderedPlace) {
        if end > stretches.last?.end ?? 0 { stretches.append(Stretch(end: end, place: place)) }
    }

    /// For each message what was made of its text, from the first scalar to the last.
    private static func spans(_ whole: TemplateText, _ count: Int) -> [Range<Int>?] {
        var spans = [Range<Int>?](repeating: nil, count: count)
        var start = 0
        for run in whole.runs {
            if let index = run.origin.message {
                spans[index] = min(spans[index]?.lowerBound ?? start, start)..<run.end
            }
            start = run.end
        }
        return spans
    }

    private func output(
        _ index: Int, after start: Int, prompt: TemplateText, upTo: TemplateText, _ span: Range<Int>?, _ limit: Int
    ) throws(TokenizerError) -> Range<Int> {
        func failure(_ found: String, _ expected: String) -> TokenizerError {
            .unrenderable(renderer: "template", place: "messages[\(index)]", found: found, expected: expected)
        }
        let common = commonPrefix(prompt)
        guard common == prompt.count else {
            throw failure(
                "the prompt before the message is no beginning of the conversation, which goes on otherwise "
                    + difference(prompt, at: common),
                "a template that keeps what it wrote, so that what the assistant wrote can be told from it")
        }
        let end = turnEnd(in: upTo, count: upTo.count)
        let kept = commonPrefix(upTo)
        guard kept >= end else {
            throw failure(
                "the template prints the message otherwise once others follow, " + difference(upTo, at: kept),
                "a template that keeps what the assistant wrote")
        }
        guard prompt.count >= start, prompt.count <= end, end <= limit,
            span.map({ prompt.count <= $0.lowerBound && $0.upperBound <= end }) ?? true
        else {
            throw failure(
                "the template prints parts of the message elsewhere than after the prompt for it",
                "a template that prints each message in its turn")
        }
        return prompt.count..<end
    }

    /// Where, in a prompt, the markup of thinking begins that it supplies; the end of the prompt if there is none.
    private func suppliedStart(from start: Int, to end: Int) -> Int {
        let tags = [TemplateText("<think>"), TemplateText("</think>")]
        for position in start..<max(start, end) where tags.contains(where: { whole.matches($0, at: position) }) {
            if whole[position..<end].runs.allSatisfy({ $0.origin == .template }) { return position }
        }
        return end
    }

    private func commonPrefix(_ text: TemplateText) -> Int {
        let count = min(text.count, whole.count)
        var index = 0
        while index < count, text.scalars[index] == whole.scalars[index] { index += 1 }
        return index
    }

    /// Where the turn at the end of the first `count` scalars ends: white space after its control token belongs to what
    /// follows.
    private func turnEnd(in text: TemplateText, count: Int) -> Int {
        var end = count
        while end > 0, text.scalars[end - 1].isPythonSpace { end -= 1 }
        let endsInControlToken = controlTokens.contains { token in
            text.matches(token, at: end - token.count)
                && (end - token.count..<end).allSatisfy { text.origin(at: $0) == .template }
        }
        return endsInControlToken ? end : count
    }

    private func difference(_ text: TemplateText, at index: Int) -> String {
        func excerpt(_ text: TemplateText) -> String {
            let start = max(0, index - 12)
            return text[start..<min(text.count, index + 24)].string.debugDescription
        }
        return "\(excerpt(whole)) instead of \(excerpt(text)) at character \(index)"
    }

    func stretch(at position: Int) -> (place: RenderedPlace, end: Int) {
        var (low, high) = (0, stretches.count)
        while low < high {
            let middle = (low + high) / 2
            if stretches[middle].end <= position { low = middle + 1 } else { high = middle }
        }
        return low < stretches.count ? (stretches[low].place, stretches[low].end) : (.trailer, .max)
    }

    func place(at position: Int) -> RenderedPlace { stretch(at: position).place }
}
