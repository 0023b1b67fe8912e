import Primitives

/// Keeps demonstrations in which few calls failed and every failure was dealt with: a later call of the same tool worked.
public struct ToolFailureFilter: TrajectoryFilter {
    public let name = "tool_failures"
    /// Failed calls of one demonstration.
    public var maximumFailures: Int

    public init(maximumFailures: Int) { self.maximumFailures = maximumFailures }

    public func problem(of candidate: FilterCandidate) -> String? {
        let failed = Set(candidate.demonstration.failedCalls)
        guard failed.count <= maximumFailures else {
            return "\(failed.count) failed tool calls, expected at most \(maximumFailures)"
        }
        var open: [String: String] = [:]
        for call in candidate.demonstration.messages.flatMap(\.toolCalls) {
            let id = call.id ?? ""
            if failed.contains(id) { open[call.name] = open[call.name] ?? id } else { open[call.name] = nil }
        }
        return open.values.min().map { "the failed call \($0) was never made good" }
    }
}
