/// Offers every tool.
public struct AllToolsPolicy: ToolSelectionPolicy, Hashable {
    public init() {}

    public var name: String { "all" }

    public func selection(for state: ToolSelectionState) -> ToolSelection {
        ToolSelection(
            policy: name,
            choices: state.tools.map {
                ToolSelection.Choice(tool: $0.name, score: 1, isOffered: true, reason: "every tool is offered")
            })
    }
}
