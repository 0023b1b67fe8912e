/// What a selection is made from: the paper's state s = (dialogue context, accumulated knowledge, history), as far as it
/// tells tools apart. The context is the question with the queries of the calls, the knowledge is what the calls found.
public struct ToolSelectionState: Sendable, Hashable {
    /// What is left of an episode's budgets; `nil` where there is no bound.
    public struct Budgets: Sendable, Hashable {
        /// Turns, the coming one included.
        public var turns: Int?
        public var calls: Int?
        public var tokens: Int?
        /// US dollars.
        public var cost: Double?
        public var seconds: Double?

        public init(
            turns: Int? = nil, calls: Int? = nil, tokens: Int? = nil, cost: Double? = nil, seconds: Double? = nil
        ) {
            self.turns = turns
            self.calls = calls
            self.tokens = tokens
            self.cost = cost
            self.seconds = seconds
        }
    }

    public var question: String
    /// The number of the coming turn, from 0.
    public var turn: Int
    /// Everything the router leads to, in the order of the prompt; names differ.
    public var tools: [SelectableTool]
    /// The calls of this episode so far, in order.
    public var calls: [SelectionCall]
    public var budgets: Budgets
    /// What earlier episodes saw of the tools, where the caller keeps count.
    public var statistics: ToolStatistics

    public init(
        question: String, turn: Int, tools: [SelectableTool], calls: [SelectionCall] = [], budgets: Budgets = Budgets(),
        statistics: ToolStatistics = ToolStatistics()
    ) {
        self.question = question
        self.turn = turn
        self.tools = tools
        self.calls = calls
        self.budgets = budgets
        self.statistics = statistics
    }
}
