import Primitives

/// Keeps conversations of the form prompt, (turn with calls, responses)…, turn with the answer alone.
public struct FormatFilter: TrajectoryFilter {
    public let name = "format"
    /// Whether every turn has to think first.
    public var requiresThinking: Bool

    public init(requiresThinking: Bool = true) { self.requiresThinking = requiresThinking }

    /// Marks of chat formats that have no place in a text.
    private static let marks = [
        "<think>", "</think>", "<tool_call>", "</tool_call>", "<tool_response>", "</tool_response>", "<|im_",
    ]

    public func problem(of candidate: FilterCandidate) -> String? {
        let messages = candidate.demonstration.messages
        guard let first = messages.first(where: { $0.role != .system && $0.role != .developer }), first.role == .user
        else { return "the conversation does not start with the user's question" }
        let turns = messages.indices.filter { messages[$0].role == .assistant }
        guard let last = turns.last, last == messages.count - 1 else { return "the last message is no turn" }
        if messages.dropFirst().contains(where: { $0.role == .user && $0 != first }) { return "a second user message" }
        for (number, index) in turns.enumerated() {
            if let problem = problem(of: messages[index], isLast: index == last) {
                return "turn \(number + 1): \(problem)"
            }
        }
        return nil
    }

    private func problem(of turn: Message, isLast: Bool) -> String? {
        let thinking = turn.thinking ?? ""
        if requiresThinking, thinking.allSatisfy(\.isWhitespace) { return "no thinking" }
        for mark in Self.marks where thinking.contains(mark) || turn.content.contains(mark) {
            return "the mark \(mark) in its text"
        }
        if thinking.contains("<answer>") { return "an answer in its thinking" }
        for call in turn.toolCalls where DemonstrationRunner.parsed(call).arguments.objectValue == nil {
            return "the arguments of a call are no JSON object"
        }
        guard isLast else {
            if turn.toolCalls.isEmpty { return "no tool call before the end" }
            return turn.content.contains("<answer>") ? "an answer beside tool calls" : nil
        }
        if !turn.toolCalls.isEmpty { return "tool calls at the end" }
        return Self.problem(ofAnswer: turn.content)
    }

    private static func problem(ofAnswer text: String) -> String? {
        let trimmed = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard trimmed.hasPrefix("<answer>"), trimmed.hasSuffix("</answer>") else {
            return "text beside the answer, or no answer"
        }
        let inside = trimmed.dropFirst("<answer>".count).dropLast("</answer>".count)
        if inside.contains("<answer>") || inside.contains("</answer>") { return "several answers" }
        return inside.allSatisfy(\.isWhitespace) ? "an empty answer" : nil
    }
}
