import Primitives

/// Llama 3 as tinker-cookbook renders it: every message under the name of its role, as it is, header and body encoded
/// apart. Tool calls are left out, since the format cannot tell them from text; tool descriptions and thinking are
/// refused.
public struct CookbookLlama3Renderer: ChatRenderer {
    public let name = "llama3"
    public let tokenizer: Tokenizer
    private let options: RendererOptions
    private let controls: LlamaControls

    /// Fails when the tokenizer lacks one of the format's control tokens.
    public init(tokenizer: Tokenizer, options: RendererOptions = RendererOptions()) throws(TokenizerError) {
        self.tokenizer = tokenizer
        self.options = options
        controls = try LlamaControls(tokenizer: tokenizer, renderer: "llama3")
    }

    /// `<|eot_id|>`
    public var stop: StopSequences { StopSequences(tokens: [controls.turnEndToken.id]) }

    public func render(
        _ messages: [Message], tools: [JSONValue], addsGenerationPrompt: Bool
    ) throws(TokenizerError) -> RenderedConversation {
        guard tools.isEmpty else {
            throw .unrenderable(
                renderer: name, place: "tools", found: "\(tools.count) tools",
                expected: "none: the format of tinker-cookbook has no way to describe them (llama3.1 has)")
        }
        var output = RenderedConversation(tokenizer)
        output.append(template: LlamaControls.beginning, .prologue)
        for (index, message) in messages.enumerated() {
            guard message.thinking == nil else {
                throw .unrenderable(
                    renderer: name, place: "messages[\(index)].reasoning_content", found: "a thinking",
                    expected: "none: the format has no place for it")
            }
            output.cut()
            output.append(template: LlamaControls.header(message.role.rawValue), .header(index))
            output.cut()
            output.append(content: message.content, .output(index), options)
            output.append(template: LlamaControls.turnEnd, .output(index))
        }
        if addsGenerationPrompt {
            output.append(template: LlamaControls.header("assistant"), .generationPrompt)
        }
        return output
    }

    public func parse(_ sampled: [TokenID]) -> ParsedTurn {
        LlamaTurnParser(readsToolCalls: false).parse(
            controls.reader.turn(
                sampled, ends: [controls.turnEndToken.id], textEnds: controls.textEndToken.map { [$0.id] } ?? []))
    }
}
