import Primitives

/// Turns conversations into the tokens that one family of models was trained on, and turns of the policy back into
/// messages.
public protocol ChatRenderer: Sendable {
    /// The whole conversation, followed by the tokens after which the policy speaks.
    func prompt(messages: [Message], tools: [ToolDescription]) -> [TokenID]

    /// The tokens to append after `sampled` so that the next turn can be sampled: an end of turn if the policy did not
    /// write one, the new messages, and the tokens after which the policy speaks.
    ///
    /// The sampled tokens are never decoded and encoded again: the next prompt is the previous one, then `sampled`,
    /// then this.
    func continuation(sampled: [TokenID], newMessages: [Message]) -> [TokenID]

    /// The tokens that end the policy's turn. A sampler stops after one of them, and it belongs to the sampled tokens.
    var stopTokens: [TokenID] { get }

    /// Reads what the policy wrote in one turn. Malformed text becomes a ``ParsedTurn/problem``, never a failure.
    func parse(_ sampled: [TokenID]) -> ParsedTurn

    /// The whole conversation with one weight per token: 1 on what assistants write, the token that ends their turn
    /// included, and 0 elsewhere.
    func trainingExample(
        messages: [Message], tools: [ToolDescription]
    ) throws(TokenizerError) -> (tokens: [TokenID], weights: [Float])
}
