import Primitives

/// The chat templates of the Llama 3 models, written out in Swift.
struct Llama3Template {
    let renderer: String
    let settings: Llama3Settings
    let options: RendererOptions
    var output: RenderedConversation

    /// The first template: every message under the name of its role.
    mutating func renderPlain(_ messages: [Message]) {
        if !messages.isEmpty { output.append(template: LlamaControls.beginning, .prologue) }
        for (index, message) in messages.enumerated() {
            renderText(message, index)
        }
    }

    /// The templates of 3.1 and 3.2, up to the generation prompt.
    mutating func render(_ messages: [Message], tools: [JSONValue]) throws(TokenizerError) {
        guard let first = messages.first else {
            throw .unrenderable(
                renderer: renderer, place: "messages", found: "no message", expected: "at least one message")
        }
        output.append(template: LlamaControls.beginning, .prologue)
        let hasSystem = first.role == .system
        renderSystem(hasSystem ? first.content.pythonStripped() : "", hasSystem: hasSystem, tools)
        var next = hasSystem ? 1 : 0
        if settings.putsToolsInUserMessage, !tools.isEmpty {
            guard next < messages.count else {
                throw .unrenderable(
                    renderer: renderer, place: "messages", found: "no user message",
                    expected: "a first user message, in which the tools are described")
            }
            output.append(template: LlamaControls.header("user"), .header(next))
            output.append(
                "Given the following functions, please respond with a JSON for a function call "
                    + "with its proper arguments that best answers the given prompt.\n\n", .header(next))
            renderTools(tools, .header(next))
            output.append(content: messages[next].content.pythonStripped(), .output(next), options)
            output.append(template: LlamaControls.turnEnd, .output(next))
            next += 1
        }
        for (index, message) in messages.enumerated().dropFirst(next) {
            if !message.toolCalls.isEmpty {
                try renderCall(message, index)
            } else if message.role == .tool {
                output.append(template: LlamaControls.header("ipython"), .header(index))
                let content = message.isContentNull ? message.content : JSONValue.string(message.content).pythonText
                output.append(content: content, .output(index), options)
                output.append(template: LlamaControls.turnEnd, .output(index))
            } else {
                renderText(message, index)
            }
        }
    }

    private mutating func renderText(_ message: Message, _ index: Int) {
        output.append(template: LlamaControls.header(message.role.rawValue), .header(index))
        output.append(content: message.content.pythonStripped(), .output(index), options)
        output.append(template: LlamaControls.turnEnd, .output(index))
    }

    private mutating func renderSystem(_ content: String, hasSystem: Bool, _ tools: [JSONValue]) {
        let header: RenderedPlace = hasSystem ? .header(0) : .prologue
        output.append(template: LlamaControls.header("system"), header)
        if settings.builtInTools != nil || !tools.isEmpty { output.append("Environment: ipython\n", header) }
        if let builtIn = settings.builtInTools {
            let names = builtIn.filter { !$0.utf8.elementsEqual("code_interpreter".utf8) }
            output.append("Tools: " + names.joined(separator: ", ") + "\n\n", header)
        }
        output.append("Cutting Knowledge Date: December 2023\n", header)
        output.append("Today Date: " + (settings.dateText ?? Llama3Settings.text(of: .now)) + "\n\n", header)
        if !tools.isEmpty, !settings.putsToolsInUserMessage {
            output.append(
                "You have access to the following functions. "
                    + "To call a function, please respond with JSON for a function call.", header)
            renderTools(tools, header)
        }
        output.append(content: content, hasSystem ? .output(0) : .prologue, options)
        output.append(template: LlamaControls.turnEnd, hasSystem ? .output(0) : .prologue)
    }

    private mutating func renderTools(_ tools: [JSONValue], _ place: RenderedPlace) {
        output.append(
            #"Respond in the format {"name": function name, "parameters": dictionary of argument name and its value}."#
                + "Do not use variables.\n\n", place)
        for tool in tools { output.append(content: tool.indentedPythonText + "\n\n", place, options) }
    }

    private mutating func renderCall(_ message: Message, _ index: Int) throws(TokenizerError) {
        guard message.toolCalls.count == 1, let call = message.toolCalls.first else {
            throw .unrenderable(
                renderer: renderer, place: "messages[\(index)].tool_calls", found: "\(message.toolCalls.count) calls",
                expected: "one call: this model only supports single tool calls")
        }
        output.append(template: LlamaControls.header("assistant"), .header(index))
        if settings.builtInTools?.contains(where: { $0.utf8.elementsEqual(call.name.utf8) }) == true {
            output.append(template: LlamaControls.pythonTag, .output(index))
            output.append(content: try pythonText(of: call, index), .output(index), options)
        } else {
            output.append(
                content: "{\"name\": \"\(call.name)\", \"parameters\": \(call.arguments.pythonText)}", .output(index),
                options)
        }
        let isInEnvironment = settings.builtInTools != nil
        output.append(template: isInEnvironment ? LlamaControls.messageEnd : LlamaControls.turnEnd, .output(index))
    }

    /// `name.call(key="value", …)`, without any escaping.
    private func pythonText(of call: ToolCall, _ index: Int) throws(TokenizerError) -> String {
        func refusal(_ place: String, _ value: JSONValue, _ expected: String) -> TokenizerError {
            .unrenderable(
                renderer: renderer, place: "messages[\(index)].tool_calls[0].arguments\(place)", found: value.kind,
                expected: expected)
        }
        guard let arguments = call.arguments.objectValue else {
            throw refusal("", call.arguments, "an object in the call of a built-in tool")
        }
        var items: [String] = []
        for (key, value) in arguments.members {
            guard let text = value.stringValue else {
                throw refusal(".\(key)", value, "a string in the call of a built-in tool")
            }
            items.append("\(key)=\"\(text)\"")
        }
        return "\(call.name).call(\(items.joined(separator: ", ")))"
    }
}
