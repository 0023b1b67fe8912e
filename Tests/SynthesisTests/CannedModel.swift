import Primitives

@testable import Synthesis

/// A language model whose replies a test decides from the prompt.
struct CannedModel: LanguageModel {
    var name = "canned"
    var answer: @Sendable (LanguageModelPrompt) throws(LanguageModelError) -> String

    func reply(to prompt: LanguageModelPrompt) async throws(LanguageModelError) -> LanguageModelReply {
        LanguageModelReply(message: Message(role: .assistant, content: try answer(prompt)))
    }
}

extension LanguageModelPrompt {
    /// The text of the last message.
    var question: String { messages.last?.content ?? "" }
}
