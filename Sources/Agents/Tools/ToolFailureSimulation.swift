import Primitives

/// Lets a share of the tool calls fail, so that a policy learns what to do then.
///
/// Whether and how a call fails is a function of its place in the run alone.
public struct ToolFailureSimulation: Sendable, Hashable {
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case timeout, unavailable
        case rateLimited = "rate_limited"
        /// The tool answers that it found nothing.
        case empty
        /// Only a part of the observation arrives.
        case cut
    }

    /// Ends an observation of which the rest was lost.
    public static let cutMark = " [connection lost]"

    /// From 0 to 1.
    public var rate: Double
    public var kinds: [Kind]

    public init(rate: Double = 0.05, kinds: [Kind] = Kind.allCases) {
        self.rate = rate
        self.kinds = kinds
    }

    /// The kind of failure that the next call of a stream meets, or `nil`.
    public func draw(from random: inout CounterRandom) -> Kind? {
        guard !kinds.isEmpty, random.uniform() < rate else { return nil }
        return random.pick(kinds)
    }

    /// The observation that takes the place of `result`.
    public static func observation(of kind: Kind, tool: String, result: ToolResult) -> ToolResult {
        switch kind {
        case .timeout: ToolResult(ToolFailure(.timeout, "\(tool): no answer within 30 seconds"))
        case .unavailable: ToolResult(ToolFailure(.unavailable, "\(tool): the service is unavailable (503)"))
        case .rateLimited:
            ToolResult(ToolFailure(.rateLimited, "\(tool): too many requests (429); wait and try again"))
        case .empty: ToolResult(content: SearchTool.emptyResult, failure: .notFound)
        case .cut:
            ToolResult(
                content: String(result.content.prefix(result.content.count / 3)) + cutMark, failure: .unavailable)
        }
    }
}
