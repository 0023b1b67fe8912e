import Primitives

/// Reads an assistant's turn in the forms of Llama 3: text, or one tool call in its place.
///
/// A call is bare JSON, `{"name": …, "parameters": {…}}`, so a text that is such an object is a call, and one that only
/// begins like it a malformed one. A call of a built-in tool follows `<|python_tag|>`.
struct LlamaTurnParser: Sendable {
    let readsToolCalls: Bool

    func parse(_ sampled: SampledPieceReader.Turn) -> ParsedTurn {
        var turn = ParsedTurn(
            message: Message(role: .assistant, content: ""), termination: sampled.termination)
        var problems = sampled.problem.map { [$0] } ?? []
        var body = sampled.body
        let isTagged = readsToolCalls && body.pieces.first == .control(LlamaControls.pythonTag)
        if isTagged { body.pieces.removeFirst() }
        for case .control(let name) in body.pieces {
            problems.append("stray \(name); expected text or one tool call")
        }
        let text = body.text
        let call = readsToolCalls ? (isTagged ? taggedCall(text) : bareCall(text)) : .text
        switch call {
        case .text: turn.message.content = text
        case .call(let call): turn.message.toolCalls = [call]
        case .malformed(let error):
            turn.message.content = isTagged ? "" : text
            turn.toolCallErrors = [error]
            problems.append(error)
        }
        turn.problem = problems.isEmpty ? nil : problems.joined(separator: "; ")
        return turn
    }

    private enum Reading {
        case text
        case call(ToolCall)
        case malformed(String)
    }

    private static let expected = #"expected {"name": …, "parameters": {…}}"#

    private func bareCall(_ text: String) -> Reading {
        guard beginsLikeCall(text) else { return .text }
        let value: JSONValue
        do {
            value = try JSONValue.parse(text)
        } catch {
            return .malformed("the tool call is no JSON (\(error)); \(Self.expected)")
        }
        guard let name = value["name"]?.stringValue, let parameters = value["parameters"] else { return .text }
        guard !name.isEmpty else { return .malformed("the tool call has no name; \(Self.expected)") }
        // What the template prints of arguments that are a string.
        if let text = parameters.stringValue, (try? JSONValue.parse(text))?.objectValue != nil {
            return .call(ToolCall(name: name, arguments: parameters))
        }
        guard parameters.objectValue != nil else {
            return .malformed(
                "the \"parameters\" of the tool call to \(name) are \(parameters.kind); expected an object")
        }
        return .call(ToolCall(name: name, arguments: parameters))
    }

    /// Whether the text begins with `{"name": "…", "parameters":`, whatever the white space, or is a whole JSON object.
    private func beginsLikeCall(_ text: String) -> Bool {
        let bytes = ByteText(text).filter { !$0.isPythonSpace }
        let opening = ByteText("{\"name\":\"")
        guard bytes[...].starts(with: opening) else {
            return bytes.first == UInt8(ascii: "{") && (try? JSONValue.parse(text)) != nil
        }
        let rest = bytes[opening.count...]
        guard let quote = rest.firstIndex(of: UInt8(ascii: "\"")) else { return false }
        return rest[quote...].starts(with: ByteText("\",\"parameters\":"))
            || (try? JSONValue.parse(text)) != nil
    }

    /// `name.call(key="value", …)`; values are written without any escaping, so a value ends where the next argument
    /// or the end of the call follows its quote.
    private func taggedCall(_ text: String) -> Reading {
        let trimmed = text.pythonStripped()
        if trimmed.utf8.first == UInt8(ascii: "{") {
            switch bareCall(trimmed) {
            case .text: return .malformed("the JSON after \(LlamaControls.pythonTag) is no tool call; \(Self.expected)")
            case let reading: return reading
            }
        }
        let bytes = ByteText(trimmed)
        let failure = Reading.malformed(
            "the text after \(LlamaControls.pythonTag) is no call; expected name.call(key=\"value\")")
        guard let opening = bytes.firstRange(of: ByteText(".call(")), bytes.last == UInt8(ascii: ")") else {
            return failure
        }
        let name = bytes[..<opening.lowerBound]
        guard isIdentifier(name) else { return failure }
        var arguments = JSONObject()
        var rest = bytes[opening.upperBound..<bytes.endIndex - 1]
        while !rest.isEmpty {
            guard let equals = rest.firstRange(of: ByteText("=\"")), isIdentifier(rest[..<equals.lowerBound]) else {
                return failure
            }
            let key = rest[..<equals.lowerBound].string
            guard arguments[key] == nil, let end = endOfValue(rest[equals.upperBound...]) else { return failure }
            arguments[key] = .string(rest[equals.upperBound..<end.value].string)
            rest = rest[end.next...]
        }
        return .call(ToolCall(name: name.string, arguments: .object(arguments)))
    }

    /// Where a value ends, and where the next argument begins.
    private func endOfValue(_ text: ByteText) -> (value: Int, next: Int)? {
        let separator = ByteText("\", ")
        var position = text.startIndex
        while let range = text.firstRange(of: separator, from: position) {
            let following = text[range.upperBound...]
            if let equals = following.firstRange(of: ByteText("=\"")),
                isIdentifier(following[..<equals.lowerBound])
            {
                return (range.lowerBound, range.upperBound)
            }
            position = range.lowerBound + 1
        }
        guard text.last == UInt8(ascii: "\"") else { return nil }
        return (text.endIndex - 1, text.endIndex)
    }

    private func isIdentifier(_ text: ByteText) -> Bool {
        guard let first = text.first, !(0x30...0x39).contains(first) else { return false }
        return text.allSatisfy { byte in
            byte >= 0x80 || byte == UInt8(ascii: "_") || (0x30...0x39).contains(byte)
                || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        }
    }
}
