/// How far a synthesis is.
public struct SynthesisProgress: Sendable, Hashable {
    public var total: Int
    public var finished = 0
    /// Those of `finished` that an earlier launch made.
    public var restored = 0
    /// Demonstrations that ended with an answer.
    public var answered = 0
    public var toolCalls = 0
    /// US dollars, of earlier launches too.
    public var cost = 0.0

    public init(total: Int) { self.total = total }

    mutating func add(_ demonstration: Demonstration, isRestored: Bool = false) {
        finished += 1
        if isRestored { restored += 1 }
        if demonstration.stopReason == .answer { answered += 1 }
        toolCalls += demonstration.toolCallCount
        cost += demonstration.usage.cost
    }
}
