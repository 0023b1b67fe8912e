import Agents

extension ToolFailureSimulation {
    /// The observation that takes the place of `result`, or `nil` where the call does not fail.
    /// - Parameter call: the number of the call in its trajectory.
    func failure(of tool: String, result: ToolResult, key: TrajectoryKey, call: Int) -> ToolResult? {
        var random = key.random(.toolFailure, turn: call)
        return draw(from: &random).map { Self.observation(of: $0, tool: tool, result: result) }
    }
}
