import Primitives
import Tokenizers

/// A conversation to imitate, as a data set's file has it.
public struct TrainingConversation: Sendable, Hashable {
    public var messages: [Message]
    /// What the assistant could call.
    public var tools: [ToolDescription]
    /// Whether the file lets each message be learned: a weight of 0, and being part of a prompt, forbid it. What is learned of
    /// the others is for the loss mask to say.
    public var mayBeLearned: [Bool]

    public init(messages: [Message], tools: [ToolDescription] = [], mayBeLearned: [Bool]) {
        precondition(mayBeLearned.count == messages.count, "each message may be learned or not")
        self.messages = messages
        self.tools = tools
        self.mayBeLearned = mayBeLearned
    }

    public init(messages: [Message], tools: [ToolDescription] = []) {
        self.init(
            messages: messages, tools: tools, mayBeLearned: [Bool](repeating: true, count: messages.count))
    }
}

/// The forms of conversations in JSON lines.
public enum ConversationFormat: String, Sendable, CaseIterable {
    /// Each line is recognised by its members: `messages`, `conversations`, or `prompt` and `completion`.
    case auto
    /// OpenAI's: `{"messages": [{"role", "content", "tool_calls"?, …}], "tools"?}`. Also what `synthesize` writes.
    case messages
    /// `{"conversations": [{"from", "value"}], "system"?, "tools"?}`, sides as LLaMA-Factory names them.
    case shareGPT = "sharegpt"
    /// `{"prompt", "completion", "tools"?}`, each a text or a list of messages. Only the completion is learned.
    case promptCompletion = "prompt_completion"

    /// The members by which a line is recognised.
    var members: [String] {
        switch self {
        case .auto: []
        case .messages: ["messages"]
        case .shareGPT: ["conversations"]
        case .promptCompletion: ["prompt", "completion"]
        }
    }
}
