import Primitives

/// Reads a turn in the form that most open models share: `<think>…</think>`, then text, then tool calls as JSON objects
/// `{"name", "arguments"}` in `<tool_call>…</tool_call>` (the form of the Hermes models). Other forms remain text.
struct TemplateTurnParser {
    let tokenizer: Tokenizer
    let stop: [TokenID]
    /// Whether the prompt has opened the thinking already.
    let beginsInThinking: Bool

    func parse(_ sampled: [TokenID]) -> ParsedTurn {
        let end = sampled.firstIndex { stop.contains($0) }
        let body = sampled[..<(end ?? sampled.count)]
        var turn = ParsedTurn(
            message: Message(role: .assistant, content: ""), termination: end == nil ? .truncated : .endOfTurn)
        var problems: [String] = []
        if let end, end != sampled.count - 1 {
            turn.termination = .malformed
            problems.append("\(sampled.count - 1 - end) tokens after the end of the turn; expected none")
        }
        if let special = tokenizer.addedTokens.first(where: { $0.isSpecial && body.contains($0.id) }) {
            problems.append("the control token \(special.content) inside the turn; expected none")
        }
        var rest = ByteText(tokenizer.decode(Array(body)))
        readThinking(&rest, &turn, &problems)
        readCalls(rest, &turn, &problems)
        turn.problem = problems.isEmpty ? nil : problems.joined(separator: "; ")
        return turn
    }

    private func readThinking(_ rest: inout ByteText, _ turn: inout ParsedTurn, _ problems: inout [String]) {
        let open = ByteText("<think>")
        let close = ByteText("</think>")
        let trimmed = rest.trimmingLeadingNewlines()
        let body: ByteText
        if trimmed.starts(with: open) {
            body = trimmed.dropFirst(open.count)
        } else if beginsInThinking {
            body = rest
        } else {
            return
        }
        guard let end = body.firstRange(of: close) else {
            turn.message.thinking = body.trimmingNewlines().string
            rest = []
            problems.append("<think> is not closed; expected </think> before the answer")
            return
        }
        turn.message.thinking = body[..<end.lowerBound].trimmingNewlines().string
        rest = body[end.upperBound...].trimmingLeadingNewlines()
    }

    private func readCalls(_ body: ByteText, _ turn: inout ParsedTurn, _ problems: inout [String]) {
        let open = ByteText("<tool_call>")
        let close = ByteText("</tool_call>")
        guard let first = body.firstRange(of: open) else {
            turn.message.content = body.string
            return
        }
        // The line end before a tool call belongs to the framing.
        var content = body[..<first.lowerBound]
        if content.last == UInt8(ascii: "\n") { content.removeLast() }
        turn.message.content = content.string
        var rest = body[first.lowerBound...]
        while let start = rest.firstRange(of: open) {
            noteText(rest[..<start.lowerBound], &problems)
            let payload = rest[start.upperBound...]
            let end = payload.firstRange(of: close)
            do throws(ToolCallReader.Malformation) {
                guard let end else { throw .unclosed }
                turn.message.toolCalls.append(try ToolCallReader.call(payload[..<end.lowerBound]))
            } catch {
                turn.toolCallErrors.append(error.text)
                problems.append(error.text)
            }
            rest = end.map { payload[$0.upperBound...] } ?? []
        }
        noteText(rest, &problems)
    }

    private func noteText(_ text: ByteText, _ problems: inout [String]) {
        if !text.allSatisfy(\.isPythonSpace) {
            problems.append("text after a tool call; expected nothing between or after tool calls")
        }
    }
}
