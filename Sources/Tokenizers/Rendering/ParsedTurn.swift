import Primitives

/// What the policy said in one turn, read from the tokens that it wrote.
public struct ParsedTurn: Sendable, Hashable {
    public enum Termination: String, Sendable, Hashable {
        /// The policy ended its turn itself.
        case endOfTurn
        /// The policy ended the text altogether (an end-of-text token) where the format ends a turn otherwise.
        case endOfText
        /// The turn was cut off before its end.
        case truncated
        /// More than one end: what follows the first one was never meant to be read.
        case malformed
    }

    /// The assistant's message with every tool call that could be read, in order.
    public var message: Message
    public var termination: Termination
    /// What is malformed in the turn and what was expected instead; `nil` when the turn is well formed.
    public var problem: String?
    /// One text for each tool call that could not be read. Such a turn also has a ``problem``.
    public var toolCallErrors: [String]

    public init(
        message: Message, termination: Termination, problem: String? = nil, toolCallErrors: [String] = []
    ) {
        self.message = message
        self.termination = termination
        self.problem = problem
        self.toolCallErrors = toolCallErrors
    }
}
