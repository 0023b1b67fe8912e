import Primitives

/// Asks a selection policy before each turn of one episode, and remembers what the calls came to.
///
/// Seconds are left out of what it remembers, so that a selection is a function of the episode.
struct EpisodeSelector {
    private let policy: any ToolSelectionPolicy
    private let question: String
    private let tools: [SelectableTool]
    private var calls: [SelectionCall] = []
    /// The selection of the turn under way.
    private(set) var selection: ToolSelection

    init(policy: any ToolSelectionPolicy, question: String, tools: [SelectableTool]) {
        self.policy = policy
        self.question = question
        self.tools = tools
        selection = ToolSelection(policy: policy.name, choices: [])
    }

    /// Makes the selection of a turn.
    mutating func begin(turn: Int, budgets: ToolSelectionState.Budgets, suspended: Set<String>) {
        var state = ToolSelectionState(question: question, turn: turn, tools: tools, calls: calls, budgets: budgets)
        for place in state.tools.indices { state.tools[place].isSuspended = suspended.contains(tools[place].name) }
        selection = policy.selection(for: state)
    }

    /// Why a call is not run, if it names a tool that is not on offer.
    func refusal(of call: ToolCall) -> ToolFailure? {
        guard tools.contains(where: { $0.name == call.name }), !selection.offers(call.name) else { return nil }
        return selection.refusal(of: call.name)
    }

    mutating func record(_ made: [ToolCall], _ answers: [ToolAnswer], turn: Int) {
        for (call, answer) in zip(made, answers) {
            calls.append(
                SelectionCall(
                    turn: turn, tool: call.name, query: Self.query(of: call), outcome: Self.outcome(of: answer.result),
                    cost: tools.first { $0.name == call.name }?.costPerCall ?? 0))
        }
    }

    private static func query(of call: ToolCall) -> String {
        (call.arguments.objectValue?.members ?? []).compactMap(\.value.stringValue).joined(separator: " ")
    }

    private static func outcome(of result: ToolResult) -> SelectionCall.Outcome {
        switch result.failure {
        case .notFound: .foundNothing
        case let failure?: .failed(failure)
        case nil: result.content == SearchTool.emptyResult ? .foundNothing : .found
        }
    }
}

extension Episode {
    /// The logged selections of the episode with the calls that followed them, for ``ToolSelectionMetrics``.
    public func selectionRecords(question: String, reward: Double?) -> [ToolSelectionRecord] {
        turns.enumerated().compactMap { number, turn in
            turn.selection.map { selection in
                let calls = turn.calls.compactMap { call in
                    call.tool.map { name in
                        SelectionCall(
                            turn: number, tool: name, outcome: call.failure.map { .failed($0) } ?? .found)
                    }
                }
                return ToolSelectionRecord(
                    state: ToolSelectionState(question: question, turn: number, tools: []), selection: selection,
                    calls: calls, reward: reward)
            }
        }
    }
}
