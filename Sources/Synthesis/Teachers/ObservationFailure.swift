import Agents

/// What a failed tool call looks like to whoever reads the observation.
enum ObservationFailure {
    /// Whether a text says that the call failed or brought nothing.
    static func isFailure(_ observation: String) -> Bool {
        observation.hasPrefix("Error: ") || observation.hasSuffix(ToolFailureSimulation.cutMark)
            || observation == SearchTool.emptyResult
    }
}
