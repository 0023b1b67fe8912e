/// The id of one vocabulary entry, as it travels on the wire and through every room.
public typealias TokenID = Int32

/// One turn of a conversation in the chat-messages format (`role`, `content`, `tool_calls`, …).
///
/// Invariant: `thinking` and `toolCalls` are used by assistant messages only, `name` and `toolCallID` by tool messages only.
public struct Message: Sendable, Hashable {
    public enum Role: String, Sendable, Hashable, CaseIterable {
        /// `developer` gives instructions in the formats that keep them apart from the system's (gpt-oss).
        case system, developer, user, assistant, tool
    }

    public var role: Role
    /// The visible text. For an assistant this excludes the thinking and the tool calls.
    public var content: String
    /// Whether a caller wrote `null` where ``content`` is empty here. Some chat templates tell the two apart; the renderers
    /// written for tinker-cookbook do not.
    public var isContentNull = false
    /// What an assistant wrote between `<think>` and `</think>`; `nil` when it wrote no thinking block.
    public var thinking: String?
    public var toolCalls: [ToolCall]
    /// The name of the tool that a tool message answers for.
    public var name: String?
    /// The ``ToolCall/id`` of the call that a tool message answers.
    public var toolCallID: String?

    public init(
        role: Role, content: String, thinking: String? = nil, toolCalls: [ToolCall] = [], name: String? = nil,
        toolCallID: String? = nil
    ) {
        self.role = role
        self.content = content
        self.thinking = thinking
        self.toolCalls = toolCalls
        self.name = name
        self.toolCallID = toolCallID
    }
}
