import Foundation

/// Offers the tools with the best upper confidence bound of usefulness, less what they cost: UCB1 (Auer, Cesa-Bianchi
/// and Fischer, "Finite-time Analysis of the Multiarmed Bandit Problem", 2002) over the state's statistics and calls.
///
/// A tool that nobody has called yet counts as `priorCalls` calls of `priorUsefulness`, which keeps its bound finite.
public struct UpperConfidencePolicy: ToolSelectionPolicy, Hashable {
    /// The most tools on offer.
    public var limit: Int
    /// The weight of uncertainty: √2 in UCB1.
    public var exploration: Double
    /// Usefulness lost for each US dollar that a call costs on average.
    public var costWeight: Double
    /// Usefulness lost for each second that a call takes on average.
    public var secondsWeight: Double
    public var priorUsefulness: Double
    /// Above 0.
    public var priorCalls: Double

    public init(
        limit: Int = 4, exploration: Double = 2.0.squareRoot(), costWeight: Double = 10, secondsWeight: Double = 0.01,
        priorUsefulness: Double = 0.5, priorCalls: Double = 1
    ) {
        self.limit = max(1, limit)
        self.exploration = exploration
        self.costWeight = costWeight
        self.secondsWeight = secondsWeight
        self.priorUsefulness = priorUsefulness
        self.priorCalls = max(1e-6, priorCalls)
    }

    public var name: String { "upper_confidence" }

    public func selection(for state: ToolSelectionState) -> ToolSelection {
        let statistics = state.statistics.adding(state.calls)
        let entries = state.tools.map { statistics[$0.name] }
        // Calls of names that are no tools teach nothing about tools.
        let total = Double(entries.reduce(0) { $0 + $1.calls })
        let scores = zip(state.tools, entries).map { tool, entry -> (score: Double, reason: String) in
            let calls = Double(entry.calls)
            let mean = (entry.usefulness + priorUsefulness * priorCalls) / (calls + priorCalls)
            let bonus = exploration * (log(1 + total) / (calls + priorCalls)).squareRoot()
            let cost = entry.calls > 0 ? entry.cost / calls : tool.costPerCall
            let loss = costWeight * cost + (entry.calls > 0 ? secondsWeight * entry.seconds / calls : 0)
            let parts = [mean, bonus, loss].map { String(format: "%.3f", $0) }
            let affordable = isAffordable(tool, state.budgets) ? "" : "; dearer than the rest of the budget"
            return (
                mean + bonus - loss,
                "usefulness \(parts[0]) + uncertainty \(parts[1]) - cost \(parts[2]) after \(entry.calls) calls"
                    + affordable
            )
        }
        return ToolSelection(policy: name, tools: state.tools, scores: scores, limit: limit) { place in
            isAffordable(state.tools[place], state.budgets)
        }
    }

    private func isAffordable(_ tool: SelectableTool, _ budgets: ToolSelectionState.Budgets) -> Bool {
        budgets.cost.map { tool.costPerCall <= $0 } ?? true
    }
}
