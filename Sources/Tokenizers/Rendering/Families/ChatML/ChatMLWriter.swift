/// Writes turns between `<|im_start|>` and `<|im_end|>`, as ChatML and the formats built on it do.
struct ChatMLWriter {
    private let tokens: ChatMLTokens
    private let options: RendererOptions
    private(set) var output: RenderedConversation

    init(_ tokenizer: Tokenizer, _ tokens: ChatMLTokens, _ options: RendererOptions) {
        self.tokens = tokens
        self.options = options
        output = RenderedConversation(tokenizer)
    }

    /// Opens a turn. The line end after the turn before belongs to it.
    mutating func open(_ role: String, _ place: RenderedPlace, lineEnd: String = "\n") {
        if !output.segments.isEmpty { output.append("\n", place) }
        output.append(control: tokens.turnStart, place)
        output.append(role + lineEnd, place)
    }

    mutating func close(_ place: RenderedPlace) { output.append(control: tokens.turnEnd, place) }

    mutating func turn(_ role: String, _ content: String, _ index: Int) {
        open(role, .header(index))
        append(content: content, .output(index))
        close(.output(index))
    }

    mutating func append(_ text: String, _ place: RenderedPlace) { output.append(text, place) }

    mutating func append(template text: String, _ place: RenderedPlace) { output.append(template: text, place) }

    mutating func append(content text: String, _ place: RenderedPlace) {
        output.append(content: text, place, options)
    }

    /// Ends the line of the last turn, and opens the assistant's if that is asked for.
    ///
    /// - Parameter beginning: what the assistant's turn begins with.
    mutating func finish(addsGenerationPrompt: Bool, beginning: String = "") {
        if addsGenerationPrompt {
            open("assistant", .generationPrompt)
            append(template: beginning, .generationPrompt)
        } else if !output.segments.isEmpty {
            append("\n", .trailer)
        }
    }
}
