import Primitives
import Tokenizers

/// `chat/completions`.
extension OpenAIService {
    private static let ownMembers: Set<String> = [
        "messages", "tools", "tool_choice", "parallel_tool_calls", "top_logprobs", "response_format",
        "reasoning_effort", "chat_template_kwargs",
    ]

    func chat(_ body: JSONValue) async throws -> ServerResponse {
        var request = try OpenAIRequest(body, own: Self.ownMembers)
        let top = try request.integer("top_logprobs", 0...SamplingEngine.maximumTopLogprobs)
        if try request.flag("logprobs") {
            request.topLogprobs = top ?? 0
        } else if top ?? 0 > 0 {
            throw OpenAIError.invalid("`top_logprobs` needs `logprobs: true`", "top_logprobs")
        }
        if let format = body["response_format"], format != .null, format["type"]?.stringValue != "text" {
            throw OpenAIError.invalid(
                "`response_format` is not supported by this backend but for text", "response_format")
        }
        let messages = try Self.messages(body["messages"] ?? .null)
        let tools = try Self.tools(body)
        let target = try await target(named: request.model)
        do {
            let renderer = try await target.base.text.renderer(try Self.options(body))
            let prompt = try Self.prompt(messages, tools: tools, renderer: renderer)
            let draws = try await draws(
                request, prompts: [prompt], stopTokens: target.base.endOfSequence + renderer.stop.tokens,
                stopTexts: renderer.stop.texts, target: target)
            let chat = Chat(request: request, prompt: prompt, hasTools: !tools.isEmpty, renderer: renderer)
            if request.streams { return stream(chat, draws: draws, from: target) }
            let drawn = try await run(draws, target: target, tokenizer: renderer.tokenizer)
            tinker.end(target)
            return ServerResponse(body: chat.body(draws, drawn).serialized())
        } catch {
            tinker.end(target)
            throw error
        }
    }

    // MARK: Reading

    private static func messages(_ value: JSONValue) throws(OpenAIError) -> [Message] {
        guard let list = value.arrayValue, !list.isEmpty else {
            throw .invalid("`messages` should be a list of at least one message", "messages")
        }
        var messages: [Message] = []
        for (index, message) in list.enumerated() {
            do { messages.append(try Message(json: message)) } catch {
                throw .invalid("`messages[\(index)]`: \(error)", "messages[\(index)]")
            }
        }
        return messages
    }

    private static func tools(_ body: JSONValue) throws(OpenAIError) -> [JSONValue] {
        switch body["tool_choice"] ?? "auto" {
        case "none": return []
        case "auto", .null: break
        case let choice: throw .invalid("`tool_choice` is \(choice.text); expected auto or none", "tool_choice")
        }
        guard let tools = body["tools"], tools != .null else { return [] }
        let list = tools.arrayValue ?? []
        guard list.allSatisfy({ $0["type"] == "function" && $0["function"]?["name"]?.stringValue != nil }),
            tools.arrayValue != nil
        else { throw .invalid("`tools` should be a list of {type: function, function: {name, …}}", "tools") }
        return list
    }

    private static func options(_ body: JSONValue) throws(OpenAIError) -> RendererOptions {
        var options = RendererOptions()
        options.reasoningEffort = body["reasoning_effort"]?.stringValue
        if let variables = body["chat_template_kwargs"], variables != .null {
            guard let object = variables.objectValue else {
                throw .invalid("`chat_template_kwargs` should be an object", "chat_template_kwargs")
            }
            options.templateVariables = object
        }
        return options
    }

    private static func prompt(
        _ messages: [Message], tools: [JSONValue], renderer: any ChatRenderer
    ) throws(OpenAIError) -> [TokenID] {
        do { return try renderer.render(messages, tools: tools, addsGenerationPrompt: true).tokens } catch {
            throw .invalid("\(error)", "messages")
        }
    }

    // MARK: Writing

    /// Everything that is needed to write an answer.
    struct Chat: Sendable {
        var request: OpenAIRequest
        var prompt: [TokenID]
        var hasTools: Bool
        var renderer: any ChatRenderer

        /// What the model said, and why it ended.
        func turn(
            _ draw: Draw, _ completion: SamplingEngine.Completion
        ) -> (message: Message, finish: String) {
            var message = renderer.parse(completion.tokens).message
            message.content = OpenAIAnswer.cut(message.content, before: draw.stopTexts)
            if !hasTools { message.toolCalls = [] }
            let finish =
                !message.toolCalls.isEmpty ? "tool_calls" : completion.isStopped ? "stop" : "length"
            return (message, finish)
        }

        func body(_ draws: [Draw], _ drawn: [SamplingEngine.Completion]) -> JSONValue {
            let answer = OpenAIAnswer(prefix: "chatcmpl-", object: "chat.completion", model: request.model)
            let choices = zip(draws, drawn).map { draw, completion -> JSONValue in
                let (message, finish) = turn(draw, completion)
                var text = delta(message, draw: draw)
                text["role"] = "assistant"
                if text["content"] == nil { text["content"] = message.toolCalls.isEmpty ? "" : .null }
                var choice: JSONObject = [
                    "index": .integer(draw.index), "message": .object(text), "finish_reason": .string(finish),
                    "logprobs": logprobs(completion.sampledTokens),
                ]
                if request.returnsTokens { choice["token_ids"] = .tokens(completion.tokens) }
                return .object(choice)
            }
            return answer.body(
                choices: choices, usage: OpenAIAnswer.usage(prompts: [prompt], completions: drawn),
                extra: request.returnsTokens ? ["prompt_token_ids": .tokens(prompt)] : [:])
        }

        func logprobs(_ tokens: [SamplingEngine.SampledToken]) -> JSONValue {
            guard request.topLogprobs != nil else { return .null }
            return OpenAIAnswer.chatLogprobs(tokens, tokenizer: renderer.tokenizer)
        }

        /// The members of a message or of a piece of one that are not empty.
        func delta(_ message: Message, draw: Draw) -> JSONObject {
            var delta = JSONObject()
            if let thinking = message.thinking { delta["reasoning_content"] = .string(thinking) }
            if !message.content.isEmpty { delta["content"] = .string(message.content) }
            let calls = message.toolCalls.enumerated().map { index, call -> JSONValue in
                [
                    "index": .integer(index), "id": .string(call.id ?? "call_\(draw.index)_\(index)"),
                    "type": "function",
                    "function": ["name": .string(call.name), "arguments": .string(call.argumentsText)],
                ]
            }
            if !calls.isEmpty { delta["tool_calls"] = .array(calls) }
            return delta
        }
    }

    private func stream(
        _ chat: Chat, draws: [Draw], from target: TinkerService.SamplingSession
    ) -> ServerResponse {
        events(draws, target: target, tokenizer: chat.renderer.tokenizer) { emit in
            let answer = OpenAIAnswer(prefix: "chatcmpl-", object: "chat.completion.chunk", model: chat.request.model)
            let writers = draws.map { draw in ChatWriter(chat: chat, draw: draw, answer: answer, emit: emit) }
            return { event in
                switch event {
                case .token(let draw, let token): writers[draw].append(token)
                case .finished(let drawn):
                    for (writer, one) in zip(writers, drawn) { writer.finish(one) }
                    if chat.request.streamsUsage {
                        let usage = OpenAIAnswer.usage(prompts: [chat.prompt], completions: drawn)
                        emit(answer.body(choices: [], usage: usage))
                    }
                }
            }
        }
    }
}
