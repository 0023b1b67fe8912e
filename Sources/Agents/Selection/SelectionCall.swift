/// A call that was made, as far as selections and their metrics look at it.
public struct SelectionCall: Sendable, Hashable {
    public enum Outcome: Sendable, Hashable {
        /// The observation holds something.
        case found
        /// The tool answered that there is nothing.
        case foundNothing
        case failed(ToolFailure.Kind)
    }

    /// The turn that made the call, from 0.
    public var turn: Int
    /// The name that was called; not always that of a tool.
    public var tool: String
    /// What was asked, as text: the texts among the arguments.
    public var query: String
    public var outcome: Outcome
    /// US dollars.
    public var cost: Double
    public var seconds: Double
    /// What the call was worth in hindsight, for example its episode's reward; `nil` while nobody has said.
    public var credit: Double?

    public init(
        turn: Int, tool: String, query: String = "", outcome: Outcome, cost: Double = 0, seconds: Double = 0,
        credit: Double? = nil
    ) {
        self.turn = turn
        self.tool = tool
        self.query = query
        self.outcome = outcome
        self.cost = cost
        self.seconds = seconds
        self.credit = credit
    }

    /// The credit, or without one 1 for a call that found something and 0 for another.
    public var usefulness: Double { credit ?? (outcome == .found ? 1 : 0) }

    /// Whether the tool failed rather than the call.
    public var isOutage: Bool { if case .failed(let kind) = outcome { kind.isOutage } else { false } }
}
