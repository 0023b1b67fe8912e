import Agents

/// What a failed tool call looks like to whoever reads the observation.
enum ObservationFailure {
    /// Ends an observation of which the rest was lost.
    static let cutMark = " [connection lost]"

    /// Whether a text says that the call failed or brought nothing.
    static func isFailure(_ observation: String) -> Bool {
        observation.hasPrefix("Error: ") || observation.hasSuffix(cutMark) || observation == SearchTool.emptyResult
    }
}
