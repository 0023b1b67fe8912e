import Primitives

/// The chat formats of the Llama 3 models: the first, that of 3.1 (and 3.3), and that of 3.2.
///
/// Renders the same text as the models' own templates. Rules of 3.1 and later that are easy to miss: there always is a
/// system message, with two dates; tools are described in the first message that is not the system's, whoever wrote it,
/// unless the template variable `tools_in_user_message` is false; a tool call takes the place of the whole message, and
/// there can be but one; every content but a tool's loses the white space around it, and a tool's is written as a JSON
/// string; thinking is never written. Template variables that are read: `date_string`, `tools_in_user_message`,
/// `custom_tools` and, for 3.1, `builtin_tools`.
public struct Llama3Renderer: ChatRenderer {
    public enum Variant: String, Sendable, Hashable, CaseIterable {
        /// Knows no tools: their descriptions and calls are left out.
        case llama3
        /// Prints a fixed day unless `date_string` says otherwise.
        case llama31 = "llama3.1"
        /// Prints the day of the call, or ``RendererOptions/date``.
        case llama32 = "llama3.2"
    }

    public let tokenizer: Tokenizer
    private let variant: Variant
    private let options: RendererOptions
    private let settings: Llama3Settings
    private let controls: LlamaControls

    /// Fails when the tokenizer lacks one of the format's control tokens, or an option has a value that the template
    /// cannot print.
    public init(
        tokenizer: Tokenizer, variant: Variant, options: RendererOptions = RendererOptions()
    ) throws(TokenizerError) {
        self.tokenizer = tokenizer
        self.variant = variant
        self.options = options
        settings = try Llama3Settings(variant: variant, options: options)
        let others = settings.builtInTools == nil ? [] : [LlamaControls.messageEnd, LlamaControls.pythonTag]
        controls = try LlamaControls(tokenizer: tokenizer, renderer: variant.rawValue, others: others)
    }

    public var name: String { variant.rawValue }

    /// `<|eot_id|>`, and where the tokenizer has them `<|eom_id|>` and `<|end_of_text|>`, at which the models stop too.
    public var stop: StopSequences {
        StopSequences(
            tokens: [controls.turnEndToken.id]
                + [controls.messageEndToken, controls.textEndToken].compactMap { $0?.id })
    }

    public func render(
        _ messages: [Message], tools: [JSONValue], addsGenerationPrompt: Bool
    ) throws(TokenizerError) -> RenderedConversation {
        let messages = try messages.replacingNullContent(renderer: name) { message, _ in
            message.toolCalls.isEmpty || variant == .llama3 ? .printed : .empty
        }
        var template = Llama3Template(
            renderer: name, settings: settings, options: options, output: RenderedConversation(tokenizer))
        if variant == .llama3 {
            template.renderPlain(messages)
        } else {
            try template.render(messages, tools: settings.customTools ?? tools)
        }
        if addsGenerationPrompt {
            template.output.append(template: LlamaControls.header("assistant"), .generationPrompt)
        }
        return template.output
    }

    public func parse(_ sampled: [TokenID]) -> ParsedTurn {
        LlamaTurnParser(readsToolCalls: variant != .llama3).parse(
            controls.reader.turn(
                sampled, ends: [controls.turnEndToken, controls.messageEndToken].compactMap { $0?.id },
                textEnds: controls.textEndToken.map { [$0.id] } ?? []))
    }
}

/// The variables of the templates.
struct Llama3Settings: Sendable {
    /// What is printed as today's date; the day of the call when `nil`.
    var dateText: String?
    var putsToolsInUserMessage = true
    var customTools: [JSONValue]?
    /// Tools that the environment brings with it, called in Python's syntax.
    var builtInTools: [String]?

    /// As the templates print a day: `15 Jan 2026`.
    static func text(of day: TemplateClock) -> String { day.formatted("%d %b %Y") ?? "" }

    init(variant: Llama3Renderer.Variant, options: RendererOptions) throws(TokenizerError) {
        func refusal(_ name: String, _ value: JSONValue, _ expected: String) -> TokenizerError {
            .unrenderable(
                renderer: variant.rawValue, place: "template variable \(name)", found: value.kind, expected: expected)
        }
        let variables = options.templateVariables
        if let value = variables["date_string"] {
            guard let text = value.stringValue else { throw refusal("date_string", value, "a string") }
            dateText = text
        } else if variant == .llama31 {
            dateText = "26 Jul 2024"
        } else if variant == .llama32, let date = options.date {
            guard let day = TemplateClock(day: date) else {
                throw .unrenderable(
                    renderer: variant.rawValue, place: "options.date", found: "`\(date)`",
                    expected: "a day such as 2026-01-15")
            }
            dateText = Self.text(of: day)
        }
        if let value = variables["tools_in_user_message"] {
            guard let isIn = value.boolValue else { throw refusal("tools_in_user_message", value, "a boolean") }
            putsToolsInUserMessage = isIn
        }
        if let value = variables["custom_tools"], !value.isNull {
            guard let tools = value.arrayValue else { throw refusal("custom_tools", value, "an array") }
            customTools = tools
        }
        if variant == .llama31, let value = variables["builtin_tools"] {
            guard let names = value.arrayValue, names.allSatisfy({ $0.stringValue != nil }) else {
                throw refusal("builtin_tools", value, "an array of strings")
            }
            builtInTools = names.compactMap(\.stringValue)
        }
    }
}
