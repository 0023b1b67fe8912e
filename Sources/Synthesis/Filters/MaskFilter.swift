import Primitives

/// Keeps demonstrations that earn what guidance masks: no entity of the chain stands in a turn before the question or an
/// observation has shown it, and an observation has shown the answer.
public struct MaskFilter: TrajectoryFilter {
    public let name = "unearned_entity"

    public init() {}

    public func problem(of candidate: FilterCandidate) -> String? {
        let messages = candidate.demonstration.messages
        if let (entity, message) = Self.firstUnrevealed(of: candidate.maskedNames, in: messages) {
            return "message \(message + 1) writes “\(entity)” before an observation has shown it"
        }
        let answer = candidate.maskedNames.last ?? []
        let isShown = messages.contains { message in
            guard message.role == .tool else { return false }
            let text = NameLeak(text: message.content)
            return answer.contains { text.contains($0) }
        }
        return isShown ? nil : "no observation shows the answer “\(answer.first ?? "")”"
    }

    /// The first masked name that a turn writes before any message but a turn has shown its entity, and the message's index.
    static func firstUnrevealed(of masked: [[String]], in messages: [Message]) -> (name: String, message: Int)? {
        var hidden = masked
        for (index, message) in messages.enumerated() where !hidden.isEmpty {
            if message.role == .assistant {
                let parts = [message.thinking ?? "", message.content] + message.toolCalls.map(\.argumentsText)
                let text = NameLeak(text: parts.joined(separator: "\n"))
                for names in hidden {
                    if let name = names.first(where: { text.contains($0) }) { return (name, index) }
                }
            } else {
                let text = NameLeak(text: message.content)
                hidden.removeAll { names in names.contains { text.contains($0) } }
            }
        }
        return nil
    }
}
