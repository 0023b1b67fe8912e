import Primitives

/// Reads an assistant's turn in the form that the Qwen3 template writes: an optional thinking block, the content, and
/// any number of tool calls.
struct Qwen3TurnParser: Sendable {
    /// - Parameter text: the turn without the token that ends it.
    func parse(_ text: String, termination: ParsedTurn.Termination) -> ParsedTurn {
        var turn = ParsedTurn(
            message: Message(role: .assistant, content: ""), termination: termination, problem: nil, toolCallErrors: [])
        var problems: [String] = []
        var rest = ByteText(text)
        if let body = thinkingBody(of: rest) {
            if let end = body.firstRange(of: ByteText("</think>")) {
                turn.message.thinking = body[..<end.lowerBound].trimmingNewlines().string
                rest = body[end.upperBound...].trimmingLeadingNewlines()
            } else {
                turn.message.thinking = body.trimmingNewlines().string
                rest = []
                problems.append("<think> is not closed; expected </think> before the answer or a tool call")
            }
        }
        parseBody(rest, into: &turn, &problems)
        for tag in strayTags(in: turn) { problems.append(tag) }
        turn.problem = problems.isEmpty ? nil : problems.joined(separator: "; ")
        return turn
    }

    /// What follows `<think>`, when the turn begins with it.
    private func thinkingBody(of text: ByteText) -> ByteText? {
        let trimmed = text.trimmingLeadingNewlines()
        let tag = ByteText("<think>")
        return trimmed.starts(with: tag) ? trimmed.dropFirst(tag.count) : nil
    }

    private func parseBody(_ body: ByteText, into turn: inout ParsedTurn, _ problems: inout [String]) {
        let open = ByteText("<tool_call>")
        let close = ByteText("</tool_call>")
        guard let firstCall = body.firstRange(of: open) else {
            turn.message.content = body.string
            return
        }
        // The line end before a tool call belongs to the framing.
        var content = body[..<firstCall.lowerBound]
        if content.last == UInt8(ascii: "\n") { content.removeLast() }
        turn.message.content = content.string
        var rest = body[firstCall.lowerBound...]
        while let start = rest.firstRange(of: open) {
            if start.lowerBound > rest.startIndex { noteText(rest[..<start.lowerBound], &problems) }
            let payload = rest[start.upperBound...]
            guard let end = payload.firstRange(of: close) else {
                let error = "<tool_call> is not closed; expected </tool_call> after the JSON object"
                turn.toolCallErrors.append(error)
                problems.append(error)
                return
            }
            switch toolCall(payload[..<end.lowerBound]) {
            case .success(let call):
                turn.message.toolCalls.append(call)
            case .failure(let malformation):
                turn.toolCallErrors.append(malformation.text)
                problems.append(malformation.text)
            }
            rest = payload[end.upperBound...]
        }
        noteText(rest, &problems)
    }

    private func noteText(_ text: ByteText, _ problems: inout [String]) {
        let isBlank = text.allSatisfy { $0 == 0x20 || (0x09...0x0D).contains($0) }
        if !isBlank { problems.append("text after a tool call; expected nothing between or after tool calls") }
    }

    private struct Malformation: Error {
        var text: String
    }

    private func toolCall(_ payload: ByteText) -> Result<ToolCall, Malformation> {
        func failure(_ text: String) -> Result<ToolCall, Malformation> { .failure(Malformation(text: text)) }
        let value: JSONValue
        do {
            value = try JSONValue.parse(Array(payload))
        } catch {
            return failure("the tool call is no JSON (\(error)); expected {\"name\": …, \"arguments\": {…}}")
        }
        guard value.objectValue != nil else {
            return failure("the tool call is \(value.kind); expected an object with \"name\" and \"arguments\"")
        }
        guard let name = value["name"]?.stringValue, !name.isEmpty else {
            return failure("the tool call has no \"name\"; expected the name of a tool")
        }
        guard let arguments = value["arguments"] else {
            return failure("the tool call to \(name) has no \"arguments\"; expected a JSON object")
        }
        guard arguments.objectValue != nil else {
            return failure("the \"arguments\" of the tool call to \(name) are \(arguments.kind); expected an object")
        }
        return .success(ToolCall(name: name, arguments: arguments))
    }

    /// Markup in the thinking or the content that has no place there.
    private func strayTags(in turn: ParsedTurn) -> [String] {
        let thinking = ByteText(turn.message.thinking ?? "")
        let content = ByteText(turn.message.content)
        let tags = [
            "<think>", "</think>", "<tool_call>", "</tool_call>", "<tool_response>", "</tool_response>",
        ]
        return tags.compactMap { tag -> String? in
            let bytes = ByteText(tag)
            guard thinking.firstRange(of: bytes) != nil || content.firstRange(of: bytes) != nil else { return nil }
            return "stray \(tag); expected one thinking block, then the answer, then tool calls"
        }
    }
}
