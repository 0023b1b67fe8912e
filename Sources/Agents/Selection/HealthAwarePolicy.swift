/// Another policy that is told only of tools in health: those that are not suspended and whose last calls in this
/// episode were not all outages.
public struct HealthAwarePolicy: ToolSelectionPolicy {
    public var base: any ToolSelectionPolicy
    /// The outages in a row, in one episode, after which a tool is not offered any more.
    public var tolerance: Int

    public init(_ base: any ToolSelectionPolicy, tolerance: Int = 3) {
        self.base = base
        self.tolerance = max(1, tolerance)
    }

    public var name: String { "healthy_\(base.name)" }

    public func selection(for state: ToolSelectionState) -> ToolSelection {
        let problems = state.tools.map { problem(of: $0, in: state.calls) }
        var healthy = state
        healthy.tools = zip(state.tools, problems).filter { $1 == nil }.map(\.0)
        var choices = base.selection(for: healthy).choices[...]
        return ToolSelection(
            policy: name,
            choices: zip(state.tools, problems).map { tool, problem in
                if let problem {
                    return ToolSelection.Choice(tool: tool.name, score: -1e9, isOffered: false, reason: problem)
                }
                return choices.popFirst()
                    ?? ToolSelection.Choice(
                        tool: tool.name, score: 0, isOffered: false, reason: "\(base.name) did not judge the tool")
            })
    }

    private func problem(of tool: SelectableTool, in calls: [SelectionCall]) -> String? {
        if tool.isSuspended { return "suspended after repeated failures" }
        let outages = calls.filter { $0.tool == tool.name }.reversed().prefix { $0.isOutage }.count
        return outages >= tolerance ? "failed in its last \(outages) calls" : nil
    }
}
