/// Keeps demonstrations of so many assistant turns.
public struct TurnCountFilter: TrajectoryFilter {
    public let name = "turns"
    public var allowed: ClosedRange<Int>

    public init(allowed: ClosedRange<Int>) { self.allowed = allowed }

    public func problem(of candidate: FilterCandidate) -> String? {
        let count = candidate.demonstration.turns.count
        return allowed.contains(count)
            ? nil : "\(count) turns, expected \(allowed.lowerBound) to \(allowed.upperBound)"
    }
}

/// Keeps demonstrations of so many tool calls, failed ones included.
public struct ToolCallCountFilter: TrajectoryFilter {
    public let name = "tool_calls"
    public var allowed: ClosedRange<Int>

    public init(allowed: ClosedRange<Int>) { self.allowed = allowed }

    public func problem(of candidate: FilterCandidate) -> String? {
        let count = candidate.demonstration.toolCallCount
        return allowed.contains(count)
            ? nil : "\(count) tool calls, expected \(allowed.lowerBound) to \(allowed.upperBound)"
    }
}

/// Keeps demonstrations of at most so many tokens, observations included.
public struct TokenCountFilter: TrajectoryFilter {
    public let name = "tokens"
    public var maximum: Int

    public init(maximum: Int) { self.maximum = maximum }

    public func problem(of candidate: FilterCandidate) -> String? {
        let count = candidate.demonstration.tokenCount
        return count <= maximum ? nil : "\(count) tokens, expected at most \(maximum)"
    }
}
