import Primitives

/// `Role: content` with blank lines between, for models that know no chat format; the same in both dialects, since
/// tinker-cookbook's `role_colon` is its only definition.
///
/// There are no control tokens, so a message can hold text that reads like the next speaker's. The policy's turn is over
/// when it writes `"\n\nUser:"`. Where that ends a conversation, the `User:` counts as written by the assistant, who
/// must learn it; everywhere else it is the header of the next message. A conversation that grows by what was sampled
/// therefore goes on after the header that the policy has already written.
///
/// A `bos_token` among the template variables goes before the conversation. The format has no words for tools, tool calls
/// or thinking, so it refuses them.
public struct RoleColonRenderer: ChatRenderer {
    static let stopText = "\n\nUser:"

    public let name = "role-colon"
    public let tokenizer: Tokenizer
    let options: RendererOptions
    private let beginning: AddedToken?

    public init(tokenizer: Tokenizer, options: RendererOptions = RendererOptions()) throws(TokenizerError) {
        self.tokenizer = tokenizer
        self.options = options
        if let name = options.templateVariables["bos_token"]?.stringValue {
            beginning = try tokenizer.controlToken(name, renderer: "role-colon")
        } else {
            beginning = nil
        }
    }

    public var stop: StopSequences { StopSequences(texts: [Self.stopText]) }

    public func render(
        _ messages: [Message], tools: [JSONValue], addsGenerationPrompt: Bool
    ) throws(TokenizerError) -> RenderedConversation {
        if !tools.isEmpty { throw refusal("tools", found: "\(tools.count) tools", expected: "none") }
        var output = RenderedConversation(tokenizer)
        if let beginning { output.append(control: beginning, .prologue) }
        for (index, message) in messages.enumerated() {
            try refuseUnspeakable(message, "messages[\(index)]")
            output.cut()
            output.append(Self.header(of: message.role), .header(index))
            output.cut()
            output.append(" ", .output(index))
            output.append(content: message.content, .output(index), options)
            output.append("\n\n", .output(index))
        }
        output.cut()
        if addsGenerationPrompt {
            output.append(Self.header(of: .assistant), .generationPrompt)
        } else if messages.last?.role == .assistant {
            output.append(Self.header(of: .user), .output(messages.count - 1))
        }
        return output
    }

    public func parse(_ sampled: [TokenID]) -> ParsedTurn {
        RoleColonTurnParser(tokenizer: tokenizer).parse(sampled)
    }

    private static func header(of role: Message.Role) -> String {
        switch role {
        case .system: "System:"
        case .developer: "Developer:"
        case .user: "User:"
        case .assistant: "Assistant:"
        case .tool: "Tool:"
        }
    }

    private func refuseUnspeakable(_ message: Message, _ place: String) throws(TokenizerError) {
        if message.thinking != nil {
            throw refusal("\(place).reasoning_content", found: "thinking", expected: "content alone")
        }
        if !message.toolCalls.isEmpty {
            throw refusal("\(place).tool_calls", found: "a tool call", expected: "content alone")
        }
    }

    private func refusal(_ place: String, found: String, expected: String) -> TokenizerError {
        .unrenderable(renderer: name, place: place, found: found, expected: expected)
    }
}
