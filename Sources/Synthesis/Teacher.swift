import Primitives

/// Writes the assistant's turns of a demonstration.
public protocol Teacher: Sendable {
    /// The next turn: a tool call, or the final answer between `<answer>` and `</answer>`.
    /// - Parameters:
    ///   - question: the question's text.
    ///   - guidance: the relations that lead to the answer, without entities.
    ///   - conversation: everything so far, prompt and observations included.
    func turn(question: String, guidance: MaskedGuidance, conversation: [Message]) async throws -> Message
}
