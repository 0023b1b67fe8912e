import Primitives

/// Which tokens of a conversation a training example learns.
///
/// Everywhere but in ``allTokens`` the headers of messages, which no one but the template writes, are left out.
public enum LossMask: Sendable, Hashable {
    /// What the assistant wrote last.
    case lastAssistantMessage
    /// Every assistant message after the last user message.
    case lastAssistantTurn
    case allAssistantMessages
    /// Every message, whoever wrote it.
    case allMessages
    /// Every message and its header.
    case allTokens
    case allUserAndSystemMessages
    /// One flag for each message.
    case flagged([Bool])

    /// Whether the tokens of a message, apart from its header, are learned.
    public func learns(_ index: Int, of messages: [Message]) -> Bool {
        let role = messages[index].role
        switch self {
        case .lastAssistantMessage: return index == messages.lastIndex { $0.role == .assistant }
        case .lastAssistantTurn:
            let query = messages.lastIndex { $0.role == .user } ?? -1
            return role == .assistant && index > query
        case .allAssistantMessages: return role == .assistant
        case .allMessages, .allTokens: return true
        case .allUserAndSystemMessages: return [.user, .system, .developer].contains(role)
        case .flagged(let flags): return index < flags.count && flags[index]
        }
    }
}
