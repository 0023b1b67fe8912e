import Primitives

/// The JSON of OpenAI-compatible chat completions.
enum ChatWire {
    /// The body of a request.
    static func body(_ request: ChatRequest, model: String, streams: Bool) -> JSONValue {
        var body: JSONObject = [
            "model": .string(model), "messages": .array(request.messages.map(message)),
            "temperature": .number(request.temperature), "max_tokens": .integer(request.maximumTokens),
        ]
        if request.topP != 1 { body["top_p"] = .number(request.topP) }
        if !request.stopTexts.isEmpty { body["stop"] = .array(request.stopTexts.map { .string($0) }) }
        if let seed = request.seed { body["seed"] = .integer(seed) }
        if !request.tools.isEmpty {
            body["tools"] = .array(request.tools)
            body["tool_choice"] = toolChoice(request.toolChoice)
        }
        if let schema = request.schema {
            body["response_format"] = [
                "type": "json_schema", "json_schema": ["name": "answer", "strict": true, "schema": schema],
            ]
        }
        if streams {
            body["stream"] = true
            body["stream_options"] = ["include_usage": true]
        }
        return .object(body)
    }

    /// A message as the API takes it: the arguments of tool calls are text, and every call has an id.
    private static func message(_ message: Message) -> JSONValue {
        var message = message
        for index in message.toolCalls.indices {
            message.toolCalls[index].arguments = .string(
                message.toolCalls[index].arguments.stringValue
                    ?? message.toolCalls[index].arguments.text)
            message.toolCalls[index].id = message.toolCalls[index].id ?? "call_\(index)"
        }
        return message.json
    }

    private static func toolChoice(_ choice: ChatRequest.ToolChoice) -> JSONValue {
        switch choice {
        case .automatic: "auto"
        case .never: "none"
        case .required: "required"
        case .named(let name): ["type": "function", "function": ["name": .string(name)]]
        }
    }

    /// The answer in a whole completion, or `nil` where the JSON is none.
    static func answer(_ completion: JSONValue) -> ChatAnswer? {
        guard let choice = completion["choices"]?.arrayValue?.first, let message = choice["message"],
            message.objectValue != nil, let toolCalls = toolCalls(message["tool_calls"])
        else { return nil }
        let content = message["content"]?.stringValue
        guard content != nil || !toolCalls.isEmpty else { return nil }
        var answer = Message(
            role: .assistant, content: content ?? "", thinking: thinking(message), toolCalls: toolCalls)
        answer.isContentNull = content == nil
        let reason = choice["finish_reason"]?.stringValue ?? "stop"
        return ChatAnswer(
            message: answer, finishReason: .init(reason), usage: usage(completion["usage"]))
    }

    private static func toolCalls(_ value: JSONValue?) -> [ToolCall]? {
        guard let value, !value.isNull else { return [] }
        guard let calls = value.arrayValue else { return nil }
        var read: [ToolCall] = []
        for call in calls {
            guard let call = try? ToolCall(json: call) else { return nil }
            read.append(call)
        }
        return read
    }

    /// Servers disagree about the name of what a model thought.
    static func thinking(_ message: JSONValue) -> String? {
        let text = message["reasoning_content"]?.stringValue ?? message["reasoning"]?.stringValue
        return text.flatMap { $0.isEmpty ? nil : $0 }
    }

    static func usage(_ value: JSONValue?) -> TokenUsage? {
        guard let prompt = value?["prompt_tokens"]?.integerValue else { return nil }
        return TokenUsage(promptTokens: prompt, completionTokens: value?["completion_tokens"]?.integerValue ?? 0)
    }
}
