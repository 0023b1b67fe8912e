import Primitives

/// The chat template of the gpt-oss models, written out in Swift.
///
/// Rules that are easy to miss: the thinking before a tool call is kept until a later assistant message without tool
/// calls; that of an answer is written only in a training example that ends with it, and only there does
/// `<|return|>` end the answer; with a tool call, the content takes the place of the thinking; a tool result is named
/// after the last tool call before it, whatever it says itself, and is written as JSON text.
struct GPTOSSTemplate {
    let messages: [Message]
    let options: RendererOptions
    let addsGenerationPrompt: Bool
    var output: RenderedConversation
    private var lastToolName: String?

    init(messages: [Message], options: RendererOptions, addsGenerationPrompt: Bool, output: RenderedConversation) {
        self.messages = messages
        self.options = options
        self.addsGenerationPrompt = addsGenerationPrompt
        self.output = output
    }

    mutating func render(tools: [JSONValue]) throws(TokenizerError) {
        guard let first = messages.first else {
            throw GPTOSSRenderer.refusal("messages", found: "no message", expected: "at least one")
        }
        let system = try GPTOSSSystemMessage(options: options).text(hasTools: !tools.isEmpty)
        output.append(template: "<|start|>system<|message|>\(system)<|end|>", .prologue)
        let hasInstructions = first.role == .system || first.role == .developer
        try renderDeveloper(hasInstructions ? first : nil, tools: tools)
        for index in messages.indices where index > 0 || !hasInstructions {
            switch messages[index].role {
            case .assistant: try renderAssistant(messages[index], index)
            case .tool: try renderToolResult(messages[index], index)
            case .user:
                output.append(template: "<|start|>user<|message|>", .header(index))
                output.append(content: messages[index].content, .output(index), options)
                output.append(template: "<|end|>", .output(index))
            case .system, .developer: break
            }
        }
        if addsGenerationPrompt { output.append(template: "<|start|>assistant", .generationPrompt) }
    }

    private mutating func renderDeveloper(_ message: Message?, tools: [JSONValue]) throws(TokenizerError) {
        let instructions = message?.content ?? ""
        guard !instructions.isEmpty || !tools.isEmpty else { return }
        let body: RenderedPlace = message == nil ? .prologue : .output(0)
        output.append(template: "<|start|>developer<|message|>", message == nil ? .prologue : .header(0))
        if !instructions.isEmpty {
            output.append("# Instructions\n\n", .header(0))
            output.append(content: instructions, body, options)
            output.append("\n\n", body)
        }
        if !tools.isEmpty {
            output.append("# Tools\n\n", body)
            output.append(content: try HarmonyTypeScript.namespace("functions", of: tools), body, options)
        }
        output.append(template: "<|end|>", body)
    }

    private mutating func renderAssistant(_ message: Message, _ index: Int) throws(TokenizerError) {
        try refuseChannels(in: message.content, "messages[\(index)].content")
        try refuseChannels(in: message.thinking ?? "", "messages[\(index)].reasoning_content")
        let isExample = index == messages.count - 1 && !addsGenerationPrompt
        output.append(template: "<|start|>assistant", .header(index))
        if let call = message.toolCalls.first {
            try renderToolCall(call, of: message, index)
        } else {
            if let thinking = message.thinking, isExample || (options.keepsThinking && !thinking.isEmpty) {
                renderAnalysis(thinking, index)
            }
            output.append(template: "<|channel|>final<|message|>", .output(index))
            output.append(content: message.content, .output(index), options)
            output.append(template: isExample ? "<|return|>" : "<|end|>", .output(index))
            lastToolName = nil
        }
    }

    /// Writes an analysis message and opens the next message of the same turn.
    private mutating func renderAnalysis(_ text: String, _ index: Int) {
        output.append(template: "<|channel|>analysis<|message|>", .output(index))
        output.append(content: text, .output(index), options)
        output.append(template: "<|end|><|start|>assistant", .output(index))
    }

    private mutating func renderToolCall(_ call: ToolCall, of message: Message, _ index: Int) throws(TokenizerError) {
        let thinking = message.thinking ?? ""
        if !message.content.isEmpty, !thinking.isEmpty {
            throw GPTOSSRenderer.refusal(
                "messages[\(index)]", found: "content and reasoning_content beside a tool call",
                expected: "one of them, which is written as the analysis before the call")
        }
        let isAnswered = messages[(index + 1)...].contains { $0.role == .assistant && $0.toolCalls.isEmpty }
        let analysis = message.content.isEmpty ? thinking : message.content
        if !analysis.isEmpty, !isAnswered || options.keepsThinking { renderAnalysis(analysis, index) }
        output.append(" to=functions.", .output(index))
        output.append(content: call.name, .output(index), options)
        output.append(template: "<|channel|>commentary json<|message|>", .output(index))
        output.append(content: call.arguments.pythonText, .output(index), options)
        output.append(template: "<|call|>", .output(index))
        lastToolName = call.name
    }

    private mutating func renderToolResult(_ message: Message, _ index: Int) throws(TokenizerError) {
        guard let name = lastToolName else {
            throw GPTOSSRenderer.refusal(
                "messages[\(index)]", found: "a tool result without a tool call before it",
                expected: "an assistant's tool call since the last answer")
        }
        output.append(template: "<|start|>functions.", .header(index))
        output.append(content: name, .header(index), options)
        output.append(template: " to=assistant<|channel|>commentary<|message|>", .header(index))
        let content = message.isContentNull ? JSONValue.null : .string(message.content)
        output.append(content: content.pythonText, .output(index), options)
        output.append(template: "<|end|>", .output(index))
    }

    /// The template takes markup in a message for a sign that the caller has not parsed the model's turn.
    private func refuseChannels(in text: String, _ place: String) throws(TokenizerError) {
        for channel in ["analysis", "final"] {
            let markup = "<|channel|>\(channel)<|message|>"
            if ByteText(text).firstRange(of: ByteText(markup)) != nil {
                throw GPTOSSRenderer.refusal(
                    place, found: "the markup \(markup)",
                    expected: "the thinking in `reasoning_content` and the answer in `content`, without markup")
            }
        }
    }
}
