import Agents
import Primitives

/// Lets a share of a teacher's tool calls fail, so that the demonstrations show what to do then.
///
/// Whether and how a call fails is a function of the trajectory's key and the call's number alone.
public struct ToolFailureSimulation: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case timeout, unavailable
        case rateLimited = "rate_limited"
        /// The tool answers that it found nothing.
        case empty
        /// Only a part of the observation arrives.
        case cut
    }

    /// From 0 to 1.
    public var rate: Double
    public var kinds: [Kind]

    public init(rate: Double = 0.05, kinds: [Kind] = Kind.allCases) {
        self.rate = rate
        self.kinds = kinds
    }

    /// The observation that takes the place of `result`, or `nil` where the call does not fail.
    /// - Parameter call: the number of the call in its trajectory.
    public func failure(of tool: String, result: ToolResult, key: TrajectoryKey, call: Int) -> ToolResult? {
        var random = key.random(.toolFailure, turn: call)
        guard !kinds.isEmpty, random.uniform() < rate else { return nil }
        let text =
            switch random.pick(kinds) {
            case .timeout: "Error: \(tool): no answer within 30 seconds."
            case .unavailable: "Error: \(tool): the service is unavailable (503)."
            case .rateLimited: "Error: \(tool): too many requests (429); wait and try again."
            case .empty: SearchTool.emptyResult
            case .cut: String(result.content.prefix(result.content.count / 3)) + ObservationFailure.cutMark
            }
        return ToolResult(content: text, failure: .unavailable)
    }
}
