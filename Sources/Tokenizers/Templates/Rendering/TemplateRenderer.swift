import Primitives

/// Renders conversations with the chat template of a model that has no renderer of its own.
///
/// The text is what the template prints, and so are the ids, except that the text of messages never makes a control
/// token: every stretch of text carries its origin through the whole rendering (``TextOrigin``), and only names of added
/// tokens that the template itself wrote, from the first to the last character, become tokens. That needs no marks in the
/// messages, so the template sees exactly what it would see without it. Roles and the named tokens of the configuration
/// count as the template's own words, so `'<|' + message.role + '|>'` is a token.
///
/// Where each message is in the text is proven by rendering beginnings of the conversation (``TemplatePlacement``). An
/// assistant's message for which that fails has no output, and ``unplaced(_:tools:)`` says why.
public struct TemplateRenderer: ChatRenderer {
    public let name = "template"
    public let tokenizer: Tokenizer
    public let stop: StopSequences
    private let template: ChatTemplate
    private let toolTemplate: ChatTemplate?
    private let configuration: TokenizerConfiguration
    private let options: RendererOptions
    private let clock: TemplateClock?
    /// Whether the generation prompt ends in `<think>`, so that a turn begins within its thinking.
    private var promptOpensThinking = false

    /// - Throws: when the tokenizer lacks the `eos_token`, or the options hold no valid date.
    init(
        tokenizer: Tokenizer, template: ChatTemplate, configuration: TokenizerConfiguration,
        options: RendererOptions = RendererOptions()
    ) throws(TokenizerError) {
        self.tokenizer = tokenizer
        self.template = template
        self.options = options
        toolTemplate = try configuration.toolTemplateSource.map { (source) throws(TokenizerError) in
            try TokenizerConfiguration.template(source, file: configuration.templateFile)
        }
        stop = try Self.stop(configuration, tokenizer, options)
        clock = try options.date.map { (date) throws(TokenizerError) in
            guard let clock = TemplateClock(day: date) else {
                throw .unrenderable(
                    renderer: "template", place: "options.date", found: "`\(date)`",
                    expected: "a day such as 2026-01-15")
            }
            return clock
        }
        self.configuration = configuration
        let probe = try? run([Message(role: .user, content: "?")], tools: [], addsGenerationPrompt: true)
        let prompt = probe?.text.stripped(leading: false, trailing: true)
        promptOpensThinking = prompt?.hasSuffix(TemplateText("<think>")) ?? false
    }

    private static func stop(
        _ configuration: TokenizerConfiguration, _ tokenizer: Tokenizer, _ options: RendererOptions
    ) throws(TokenizerError) -> StopSequences {
        var tokens: [TokenID] = []
        if let name = options.templateVariables["eos_token"]?.stringValue ?? configuration.namedTokens["eos_token"] {
            tokens.append(try tokenizer.controlToken(name, renderer: "template").id)
        }
        for id in configuration.endTokens where !tokens.contains(id) { tokens.append(id) }
        return StopSequences(tokens: tokens)
    }

    /// What is the same for every conversation.
    private var fixedVariables: [String: TemplateValue] {
        var variables: [String: TemplateValue] = ["documents": .none]
        for (name, token) in configuration.namedTokens { variables[name] = .text(token) }
        if let enables = options.enablesThinking {
            variables["enable_thinking"] = .bool(enables)
            variables["thinking"] = .bool(enables)
        }
        if let effort = options.reasoningEffort { variables["reasoning_effort"] = .text(effort) }
        for (name, value) in options.templateVariables.members { variables[name] = TemplateValue(json: value) }
        return variables
    }

    // MARK: Rendering

    public func render(
        _ messages: [Message], tools: [JSONValue], addsGenerationPrompt: Bool
    ) throws(TokenizerError) -> RenderedConversation {
        let output = try run(messages, tools: tools, addsGenerationPrompt: addsGenerationPrompt)
        let placement = placement(of: messages, tools, addsGenerationPrompt, in: output.text)
        var writer = TemplateWriter(tokenizer: tokenizer, options: options, placement: placement)
        writer.write(output.text)
        return writer.output
    }

    public func continuation(
        _ messages: [Message], tools: [JSONValue], after index: Int
    ) throws(TokenizerError) -> (rendered: RenderedConversation, unplaced: TokenizerError?) {
        let output = try run(messages, tools: tools, addsGenerationPrompt: true)
        let placement = placement(of: messages, tools, true, in: output.text, only: index)
        var writer = TemplateWriter(tokenizer: tokenizer, options: options, placement: placement)
        writer.write(output.text)
        return (writer.output, placement.failures[index])
    }

    /// Why the places of assistants' messages could not be proven, by their index. Nothing of such a message is an
    /// output, so it must not be learned from.
    public func unplaced(
        _ messages: [Message], tools: [JSONValue]
    ) throws(TokenizerError) -> [Int: TokenizerError] {
        let output = try run(messages, tools: tools, addsGenerationPrompt: false)
        return placement(of: messages, tools, false, in: output.text).failures
    }

    private func placement(
        of messages: [Message], _ tools: [JSONValue], _ addsGenerationPrompt: Bool, in text: TemplateText,
        only index: Int? = nil
    ) -> TemplatePlacement {
        TemplatePlacement(
            messages: messages, only: index, addsGenerationPrompt: addsGenerationPrompt, whole: text,
            controlTokens: tokenizer.addedTokens.filter(\.isSpecial).map { TemplateText($0.content) }
        ) { (count, addsPrompt) throws(TokenizerError) in
            try run(Array(messages[..<count]), tools: tools, addsGenerationPrompt: addsPrompt).text
        }
    }

    func run(
        _ messages: [Message], tools: [JSONValue], addsGenerationPrompt: Bool
    ) throws(TokenizerError) -> ChatTemplate.Output {
        var variables: [String: TemplateValue] = [
            "messages": .list(TemplateList(messages.enumerated().map { Self.value(of: $1, at: $0) })),
            "tools": tools.isEmpty
                ? .none : .list(TemplateList(tools.map { TemplateValue(json: $0, origin: .data) })),
            "add_generation_prompt": .bool(addsGenerationPrompt),
        ]
        variables.merge(fixedVariables) { $1 }
        do {
            let template = tools.isEmpty ? template : toolTemplate ?? template
            return try template.render(variables: variables, clock: clock ?? .now)
        } catch {
            throw .unrenderable(
                renderer: name, place: "messages", found: "chat template, \(error)",
                expected: "a conversation that the template can print")
        }
    }

    /// The message as transformers hands it to a template: thinking also under the name that gpt-oss reads.
    private static func value(of message: Message, at index: Int) -> TemplateValue {
        var entries: [TemplateDictionary.Entry] = []
        for (key, value) in message.json.objectValue?.members ?? [] {
            if key == "reasoning_content" {
                entries.append((.text("thinking"), TemplateValue(json: value, origin: .message(index))))
            }
            let origin = key == "role" ? TextOrigin.template : .message(index)
            entries.append((.text(key), TemplateValue(json: value, origin: origin)))
        }
        return .dictionary(TemplateDictionary(entries))
    }

    public func parse(_ sampled: [TokenID]) -> ParsedTurn {
        TemplateTurnParser(tokenizer: tokenizer, stop: stop.tokens, beginsInThinking: promptOpensThinking).parse(
            sampled)
    }
}

/// Turns the output of a template into control tokens and text, each with its place.
struct TemplateWriter {
    let tokenizer: Tokenizer
    let options: RendererOptions
    let placement: TemplatePlacement
    private(set) var output: RenderedConversation

    init(tokenizer: Tokenizer, options: RendererOptions, placement: TemplatePlacement) {
        self.tokenizer = tokenizer
        self.options = options
        self.placement = placement
        output = RenderedConversation(tokenizer)
    }

    mutating func write(_ text: TemplateText) {
        if options.recognizesControlTokensInContent {
            return split(text, 0..<text.count) { output, string, place, options in
                output.append(content: string, place, options)
            }
        }
        var start = 0
        while start < text.count {
            let isTemplate = text.runs.first { start < $0.end }?.origin == .template
            var end = start
            for run in text.runs where run.end > start {
                if (run.origin == .template) != isTemplate { break }
                end = run.end
            }
            if isTemplate {
                writeTemplate(text, start..<end)
            } else {
                split(text, start..<end) { output, string, place, _ in output.append(string, place) }
            }
            start = end
        }
    }

    /// The template's own words: control tokens whole, the text between them cut where places change.
    private mutating func writeTemplate(_ text: TemplateText, _ range: Range<Int>) {
        var position = range.lowerBound
        for part in tokenizer.partsByAddedTokens(text[range].string) {
            switch part {
            case .token(let token):
                output.append(control: token, placement.place(at: position))
                position += token.content.unicodeScalars.count
            case .text(let string):
                let end = min(position + string.unicodeScalars.count, range.upperBound)
                split(text, position..<end) { output, string, place, _ in output.append(string, place) }
                position = end
            }
        }
    }

    private mutating func split(
        _ text: TemplateText, _ range: Range<Int>,
        _ append: (inout RenderedConversation, String, RenderedPlace, RendererOptions) -> Void
    ) {
        var position = range.lowerBound
        while position < range.upperBound {
            let (place, placeEnd) = placement.stretch(at: position)
            let end = min(max(placeEnd, position + 1), range.upperBound)
            append(&output, TemplateText.string(text.scalars[position..<end]), place, options)
            position = end
        }
    }
}
