import Primitives

/// The harmony format as tinker-cookbook writes it: header and body of each message are encoded apart; all thinking
/// stays; content beside tool calls is a preamble on the commentary channel; tool results are written as they are.
struct GPTOSSCookbookFormat {
    /// The role of the cookbook for a system message that is not to become a developer message; here, the name of a
    /// system message.
    static let internalSystem = "_gptoss_internal_system"

    let messages: [Message]
    let options: RendererOptions
    var output: RenderedConversation

    mutating func render(tools: [JSONValue], addsGenerationPrompt: Bool) throws(TokenizerError) {
        if let effort = options.reasoningEffort {
            let system =
                "You are ChatGPT, a large language model trained by OpenAI.\n"
                + GPTOSSSystemMessage.calendar(options) + "Reasoning: \(effort)\n\n" + GPTOSSSystemMessage.channels
            renderTemplate("<|start|>system", "<|message|>\(system)<|end|>", .prologue)
        }
        let hasInstructions = !tools.isEmpty && messages.first?.role == .system && messages[0].name == nil
        if !tools.isEmpty { try renderTools(tools, instructions: hasInstructions ? messages[0].content : nil) }
        for index in messages.indices where index > 0 || !hasInstructions {
            switch messages[index].role {
            case .assistant: renderAssistant(messages[index], index)
            case .tool: renderToolResult(messages[index], index)
            case .system, .developer, .user: renderTurn(messages[index], index)
            }
        }
        if addsGenerationPrompt {
            output.cut()
            output.append(template: "<|start|>assistant", .generationPrompt)
        }
    }

    private mutating func renderTemplate(_ header: String, _ body: String, _ place: RenderedPlace) {
        output.cut()
        output.append(template: header, place)
        output.cut()
        output.append(template: body, place)
    }

    /// The prefix that the cookbook has its callers put before a conversation with tools.
    private mutating func renderTools(_ tools: [JSONValue], instructions: String?) throws(TokenizerError) {
        let routing = "Calls to these tools must go to the commentary channel: 'functions'."
        renderTemplate("<|start|>system", "<|message|>\(routing)<|end|>", .prologue)
        let body: RenderedPlace = instructions == nil ? .prologue : .output(0)
        output.cut()
        output.append(template: "<|start|>developer", instructions == nil ? .prologue : .header(0))
        output.cut()
        output.append(template: "<|message|>", body)
        if let instructions, !instructions.isEmpty {
            output.append("# Instructions\n\n", body)
            output.append(content: instructions, body, options)
            output.append("\n\n", body)
        }
        output.append("# Tools\n\n", body)
        output.append(content: try CookbookTypeScript.namespace("functions", of: tools), body, options)
        output.append(template: "<|end|>", body)
    }

    private mutating func renderTurn(_ message: Message, _ index: Int) {
        let isInternal = message.role == .system && message.name == Self.internalSystem
        let isInstruction = message.role == .system && !isInternal
        output.cut()
        output.append(template: "<|start|>\(isInstruction ? "developer" : message.role.rawValue)", .header(index))
        output.cut()
        output.append(template: "<|message|>\(isInstruction ? "# Instructions\n\n" : "")", .output(index))
        output.append(content: message.content, .output(index), options)
        output.append(template: "\(isInstruction ? "\n\n" : "")<|end|>", .output(index))
    }

    private mutating func renderAssistant(_ message: Message, _ index: Int) {
        output.cut()
        output.append(template: "<|start|>assistant", .header(index))
        output.cut()
        if let thinking = message.thinking, !thinking.isEmpty {
            renderBody("<|channel|>analysis<|message|>", thinking, "<|end|><|start|>assistant", index)
        }
        if message.toolCalls.isEmpty {
            let end = index == messages.count - 1 ? "<|return|>" : "<|end|>"
            return renderBody("<|channel|>final<|message|>", message.content, end, index)
        }
        if !message.content.isEmpty {
            renderBody("<|channel|>commentary<|message|>", message.content, "<|end|><|start|>assistant", index)
        }
        for (position, call) in message.toolCalls.enumerated() {
            if position > 0 { output.append(template: "<|start|>assistant", .output(index)) }
            output.append(" to=functions.", .output(index))
            output.append(content: call.name, .output(index), options)
            renderBody(
                "<|channel|>commentary <|constrain|>json<|message|>", call.argumentsText, "<|call|>", index)
        }
    }

    private mutating func renderBody(_ header: String, _ content: String, _ end: String, _ index: Int) {
        output.append(template: header, .output(index))
        output.append(content: content, .output(index), options)
        output.append(template: end, .output(index))
    }

    private mutating func renderToolResult(_ message: Message, _ index: Int) {
        let name = message.name.flatMap { $0.isEmpty ? nil : $0 } ?? "unknown"
        output.cut()
        output.append(template: "<|start|>", .header(index))
        output.append(content: name.hasPrefix("functions.") ? name : "functions.\(name)", .header(index), options)
        output.append(" to=assistant", .header(index))
        output.cut()
        renderBody("<|channel|>commentary<|message|>", message.content, "<|end|>", index)
    }
}
