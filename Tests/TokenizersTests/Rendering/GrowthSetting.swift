import Primitives
import Testing

@testable import Tokenizers

/// One way to render conversations, with what a careful policy writes in it and what then becomes of its turns.
struct GrowthSetting: Sendable, CustomTestStringConvertible {
    /// What a turn is followed by.
    enum FollowUp: Sendable, Hashable { case tool, user }

    /// What precedes a turn and what follows it.
    struct Step: Sendable, Hashable {
        var isAfterTool: Bool
        var followUp: FollowUp
    }

    enum Vocabulary: Sendable { case qwen, llama, deepSeek, harmony }

    /// How a turn is written, set down independently of the renderers.
    enum Writing: Sendable {
        /// With the white space of thinking and calls of Qwen; `opensThinking` where the prompt does not.
        case qwen(opensThinking: Bool, isASCII: Bool)
        case llama(callEnd: String)
        case deepSeekR1, deepSeek
        case harmony(callHeader: String)
        case roleColon
        /// The content and the token that ends it.
        case plain(end: String)
    }

    var name: String
    var options = RendererOptions()
    var template: String?
    var vocabulary = Vocabulary.qwen
    var writing = Writing.qwen(opensThinking: true, isASCII: false)
    /// Whether turns have thinking. Where the prompt after a tool's answer opens none, only those after a user have.
    var thinks = false
    var thinksAfterTools = true
    var callsAtMost = 2
    /// Whether calls stand beside text: never, at will, or always.
    var textBesideCalls: ClosedRange<Int> = 0...1
    /// The steps at which a canonical turn begins a new sequence. Every other one extends.
    var restarts: @Sendable (Step) -> Bool = { _ in false }
    /// The steps that are refused.
    var refuses: @Sendable (Step) -> Bool = { _ in false }
    /// Whether canonical turns are written as history writes them, to the byte.
    var writesAsHistory = true
    var note = ""

    var testDescription: String { name + (note.isEmpty ? "" : ", " + note) }

    var tokenizer: Tokenizer {
        get throws {
            switch vocabulary {
            case .qwen: try Self.qwen.get()
            case .llama: try Self.llama.get()
            case .deepSeek: try Self.deepSeek.get()
            case .harmony: try Self.harmony.get()
            }
        }
    }

    func renderer() throws -> any ChatRenderer {
        var options = options
        options.date = "2026-01-15"
        if let template {
            var configuration = TokenizerConfiguration()
            configuration.namedTokens["eos_token"] = vocabulary == .llama ? "<|eot_id|>" : "<|im_end|>"
            return try TemplateRenderer(
                tokenizer: tokenizer, template: ChatTemplate(source: template), configuration: configuration,
                options: options)
        }
        return try RendererCatalogue(name: name, tokenizer: tokenizer, modelPath: "").renderer(options)
    }

    private static let qwen = Result { try SmallVocabulary.tokenizer() }
    private static let llama = Result { try LlamaVocabulary.tokenizer() }
    private static let deepSeek = Result { try DeepSeekVocabulary.small() }
    private static let harmony = Result { try HarmonyVocabulary.tokenizer() }

    // MARK: Turns

    func turn(_ step: Step, _ generated: inout GeneratedConversation) -> Message {
        var message = Message(role: .assistant, content: generated.plainText())
        if thinks, !step.isAfterTool || thinksAfterTools { message.thinking = generated.plainText() }
        guard step.followUp == .tool, callsAtMost > 0 else { return message }
        for _ in 0...generated.choose(callsAtMost) where message.toolCalls.count < callsAtMost {
            message.toolCalls.append(
                ToolCall(
                    name: "search",
                    arguments: ["query": .string(generated.plainText()), "limit": .integer(generated.choose(9))]))
        }
        if textBesideCalls.lowerBound + generated.choose(textBesideCalls.count) == 0 { message.content = "" }
        return message
    }

    func canonicalText(_ turn: Message) -> String {
        let calls = turn.toolCalls
        switch writing {
        case .plain(let end): return turn.content + end
        case .roleColon: return " \(turn.content)\n\nUser:"
        case .qwen(let opensThinking, let isASCII):
            var text = turn.thinking.map { (opensThinking ? "<think>\n" : "") + "\($0)\n</think>\n\n" } ?? ""
            text += turn.content
            for (index, call) in calls.enumerated() {
                // In the cookbook the thinking counts as text before the call.
                if index > 0 || !turn.content.isEmpty || isASCII && turn.thinking != nil { text += "\n" }
                let arguments = isASCII ? call.arguments.asciiPythonText : call.argumentsText
                text += "<tool_call>\n{\"name\": \"\(call.name)\", \"arguments\": \(arguments)}\n</tool_call>"
            }
            return text + "<|im_end|>"
        case .llama(let callEnd):
            guard let call = calls.first else { return turn.content + "<|eot_id|>" }
            return "{\"name\": \"\(call.name)\", \"parameters\": \(call.argumentsText)}" + callEnd
        case .deepSeekR1:
            var text = turn.thinking.map { "\($0)\n</think>\n\n" } ?? ""
            text += turn.content
            if !calls.isEmpty { text += "<｜tool▁calls▁begin｜>" }
            for (index, call) in calls.enumerated() {
                text += (index > 0 ? "\n" : "") + "<｜tool▁call▁begin｜>function<｜tool▁sep｜>\(call.name)\n```json\n"
                text += call.argumentsText + "\n```<｜tool▁call▁end｜>"
            }
            return text + (calls.isEmpty ? "" : "<｜tool▁calls▁end｜>") + "<｜end▁of▁sentence｜>"
        case .deepSeek:
            var text = (turn.thinking.map { "\($0)</think>" } ?? "") + turn.content
            if !calls.isEmpty { text += "<｜tool▁calls▁begin｜>" }
            for call in calls {
                text += "<｜tool▁call▁begin｜>\(call.name)<｜tool▁sep｜>\(call.argumentsText)<｜tool▁call▁end｜>"
            }
            return text + (calls.isEmpty ? "" : "<｜tool▁calls▁end｜>") + "<｜end▁of▁sentence｜>"
        case .harmony(let callHeader):
            var text = turn.thinking.map { "<|channel|>analysis<|message|>\($0)<|end|><|start|>assistant" } ?? ""
            guard let call = calls.first else {
                return text + "<|channel|>final<|message|>\(turn.content)<|return|>"
            }
            text += " to=functions.\(call.name)\(callHeader)<|message|>\(call.argumentsText)<|call|>"
            return text
        }
    }
}
