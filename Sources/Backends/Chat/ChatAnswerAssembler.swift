import Primitives

/// Puts the chunks of a streamed completion together. A pure function of the chunks: their boundaries mean nothing.
struct ChatAnswerAssembler {
    private struct PartialCall {
        var id: String?
        var name = ""
        var arguments = ""
    }

    private var content = ""
    private var hasContent = false
    private var thinking = ""
    private var calls: [Int: PartialCall] = [:]
    private var finishReason: ChatAnswer.FinishReason?
    private var usage: TokenUsage?

    /// Takes the JSON of one `chat.completion.chunk` and returns what it adds.
    /// - Throws: What the server reports in the place of a chunk.
    mutating func add(_ chunk: JSONValue) throws(StreamedError) -> [ChatDelta] {
        if let error = chunk["error"], !error.isNull {
            throw StreamedError(detail: error["message"]?.stringValue ?? error.text)
        }
        if let counted = ChatWire.usage(chunk["usage"]) { usage = counted }
        guard let choice = chunk["choices"]?.arrayValue?.first else { return [] }
        if let reason = choice["finish_reason"]?.stringValue { finishReason = .init(reason) }
        guard let delta = choice["delta"] else { return [] }
        var deltas: [ChatDelta] = []
        if let text = delta["content"]?.stringValue {
            hasContent = true
            content += text
            if !text.isEmpty { deltas.append(.text(text)) }
        }
        if let text = ChatWire.thinking(delta), !text.isEmpty {
            thinking += text
            deltas.append(.thinking(text))
        }
        for (position, call) in (delta["tool_calls"]?.arrayValue ?? []).enumerated() {
            deltas.append(add(call, at: call["index"]?.integerValue ?? position))
        }
        return deltas
    }

    /// What a server sends in the place of a chunk when it fails half way.
    struct StreamedError: Error {
        var detail: String
    }

    private mutating func add(_ call: JSONValue, at index: Int) -> ChatDelta {
        var partial = calls[index] ?? PartialCall()
        if let id = call["id"]?.stringValue, !id.isEmpty { partial.id = id }
        let name = call["function"]?["name"]?.stringValue
        let arguments = call["function"]?["arguments"]?.stringValue ?? ""
        partial.name += name ?? ""
        partial.arguments += arguments
        calls[index] = partial
        return .toolCall(index: index, name: name, arguments: arguments)
    }

    /// The whole answer, or `nil` where the stream ended before the model had.
    var answer: ChatAnswer? {
        guard let finishReason else { return nil }
        let toolCalls = calls.sorted { $0.key < $1.key }.map { _, call in
            ToolCall(name: call.name, arguments: .string(call.arguments.isEmpty ? "{}" : call.arguments), id: call.id)
        }
        var message = Message(
            role: .assistant, content: content, thinking: thinking.isEmpty ? nil : thinking, toolCalls: toolCalls)
        message.isContentNull = !hasContent
        return ChatAnswer(message: message, finishReason: finishReason, usage: usage)
    }
}
