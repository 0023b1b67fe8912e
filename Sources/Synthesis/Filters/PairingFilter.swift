import Primitives

/// Keeps conversations in which every tool call is answered once, right after its turn and in the order of the calls.
///
/// Calls of one turn are answered by as many messages in a row; each names its call.
public struct PairingFilter: TrajectoryFilter {
    public let name = "pairing"

    public init() {}

    public func problem(of candidate: FilterCandidate) -> String? {
        Self.problem(of: candidate.demonstration.messages)
    }

    static func problem(of messages: [Message]) -> String? {
        var waiting: [ToolCall] = []
        var ids: Set<String> = []
        for (index, message) in messages.enumerated() {
            guard message.role == .tool else {
                if let call = waiting.first {
                    return "message \(index + 1) comes before the response to the call \(call.id ?? call.name)"
                }
                for call in message.toolCalls {
                    guard let id = call.id, !id.isEmpty else { return "a call of message \(index + 1) has no id" }
                    guard ids.insert(id).inserted else { return "two calls have the id \(id)" }
                }
                waiting = message.toolCalls
                continue
            }
            guard let call = waiting.first else { return "message \(index + 1) answers no call" }
            guard message.toolCallID == call.id else {
                return "message \(index + 1) answers the call \(message.toolCallID ?? "without id"), expected "
                    + (call.id ?? "none")
            }
            guard message.name == nil || message.name == call.name else {
                return "message \(index + 1) comes from \(message.name ?? ""), but the call was to \(call.name)"
            }
            waiting.removeFirst()
        }
        return waiting.first.map { "the call \($0.id ?? $0.name) has no response" }
    }
}
