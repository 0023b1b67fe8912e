/// One decision as it is logged: what was known, what was offered, and what the policy model then called.
public struct ToolSelectionRecord: Sendable, Hashable {
    public var state: ToolSelectionState
    public var selection: ToolSelection
    /// The calls of the turn that followed, also those that were refused.
    public var calls: [SelectionCall]
    /// The reward that the episode got in the end; `nil` while there is none.
    public var reward: Double?

    public init(
        state: ToolSelectionState, selection: ToolSelection, calls: [SelectionCall] = [], reward: Double? = nil
    ) {
        self.state = state
        self.selection = selection
        self.calls = calls
        self.reward = reward
    }
}
