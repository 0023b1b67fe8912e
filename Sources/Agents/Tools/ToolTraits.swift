/// What a router has to know about a tool besides its description.
public struct ToolTraits: Sendable, Hashable {
    /// The time that one call may take, retries and waiting for a rate limit included; `nil` for a tool that computes its
    /// answer here and waits for nobody.
    public var timeout: Duration?
    /// What one call costs, in US dollars.
    public var costPerCall: Double
    /// Whether the texts come from the user's own files. What others wrote is marked as such before the policy reads it,
    /// because it may hold instructions.
    public var isTrusted: Bool
    /// Which half of the agent's tools it belongs to, for policies that select tools.
    public var group: SelectableTool.Group

    public init(
        timeout: Duration? = nil, costPerCall: Double = 0, isTrusted: Bool = true,
        group: SelectableTool.Group = .medical
    ) {
        self.timeout = timeout
        self.costPerCall = costPerCall
        self.isTrusted = isTrusted
        self.group = group
    }
}
