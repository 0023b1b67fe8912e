import Primitives

/// Turns conversations into the tokens that one family of models was trained on, and turns of the policy back into
/// messages.
///
/// A renderer is a pure function of its arguments. What it says about one message may depend on the messages after it;
/// whether a longer conversation extends the tokens of a shorter one is for ``Conversation`` to prove.
public protocol ChatRenderer: Sendable {
    /// As recipes name it.
    var name: String { get }
    var tokenizer: Tokenizer { get }
    /// What ends the policy's turn.
    var stop: StopSequences { get }

    /// The whole conversation, followed by what the policy is given to begin its turn with if that is asked for.
    ///
    /// - Parameter tools: each in the form of ``ToolDescription/json``.
    /// - Throws: ``TokenizerError/unrenderable(renderer:place:found:expected:)`` when the format cannot say it.
    func render(
        _ messages: [Message], tools: [JSONValue], addsGenerationPrompt: Bool
    ) throws(TokenizerError) -> RenderedConversation

    /// Reads what the policy wrote in one turn. Malformed text becomes a ``ParsedTurn/problem``, never a failure.
    func parse(_ sampled: [TokenID]) -> ParsedTurn

    /// Why it cannot be told which tokens of an assistant's message that assistant wrote, by the message's index. Such a
    /// message cannot be learned from, and no turn can follow it. Empty for the formats that are written out in Swift.
    func unplaced(_ messages: [Message], tools: [JSONValue]) throws(TokenizerError) -> [Int: TokenizerError]

    /// The conversation with the prompt for the next turn, in which it need be told only where the assistant's message
    /// `index` is; and why it cannot be told, if so.
    func continuation(
        _ messages: [Message], tools: [JSONValue], after index: Int
    ) throws(TokenizerError) -> (rendered: RenderedConversation, unplaced: TokenizerError?)

    /// The whole conversation with one weight per token: 1 on what is learned, 0 elsewhere.
    func trainingExample(
        messages: [Message], tools: [ToolDescription], mask: LossMask
    ) throws(TokenizerError) -> (tokens: [TokenID], weights: [Float])
}

extension ChatRenderer {
    /// The whole conversation, followed by the tokens after which the policy speaks.
    public func prompt(messages: [Message], tools: [ToolDescription]) throws(TokenizerError) -> [TokenID] {
        try render(messages, tools: tools.map(\.json), addsGenerationPrompt: true).tokens
    }

    public func unplaced(_ messages: [Message], tools: [JSONValue]) -> [Int: TokenizerError] { [:] }

    public func continuation(
        _ messages: [Message], tools: [JSONValue], after index: Int
    ) throws(TokenizerError) -> (rendered: RenderedConversation, unplaced: TokenizerError?) {
        (try render(messages, tools: tools, addsGenerationPrompt: true), nil)
    }

    public func trainingExample(
        messages: [Message], tools: [ToolDescription], mask: LossMask
    ) throws(TokenizerError) -> (tokens: [TokenID], weights: [Float]) {
        let unplaced = try unplaced(messages, tools: tools.map(\.json))
        if let index = unplaced.keys.sorted().first(where: { mask.learns($0, of: messages) }), let why = unplaced[index]
        {
            throw why
        }
        return try render(messages, tools: tools.map(\.json), addsGenerationPrompt: false)
            .example(mask, messages: messages)
    }

    /// A training example that learns every assistant message.
    public func trainingExample(
        messages: [Message], tools: [ToolDescription]
    ) throws(TokenizerError) -> (tokens: [TokenID], weights: [Float]) {
        try trainingExample(messages: messages, tools: tools, mask: .allAssistantMessages)
    }
}
