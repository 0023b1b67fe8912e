import Knowledge
import Primitives

/// Keeps demonstrations in which nothing of the guidance is left, and whose prompt does not give the answer away.
public struct LeakageFilter: TrajectoryFilter {
    public let name = "leakage"
    /// The relations' names that no one would write by chance: those of several words joined by underscores.
    private let relationNames: [String]

    public init(relations: [Relation]) {
        relationNames = relations.flatMap { [$0.name, $0.inverseName] }.filter { $0.contains("_") }
    }

    public func problem(of candidate: FilterCandidate) -> String? {
        let answer = candidate.maskedNames.last ?? []
        for (index, message) in candidate.demonstration.messages.enumerated() where message.role != .tool {
            let parts = [message.thinking ?? "", message.content] + message.toolCalls.map(\.argumentsText)
            let text = parts.joined(separator: "\n")
            if text.contains(MaskedGuidance.mask) { return "message \(index + 1) writes \(MaskedGuidance.mask)" }
            if let relation = relationNames.first(where: { text.contains($0) }) {
                return "message \(index + 1) writes the guidance's relation `\(relation)`"
            }
            guard message.role != .assistant else { continue }
            let prompt = NameLeak(text: message.content)
            if let name = answer.first(where: { prompt.contains($0) }) {
                return "the prompt names the answer “\(name)”"
            }
        }
        return nil
    }
}
