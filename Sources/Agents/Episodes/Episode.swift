import Backends
import Primitives

/// One walk of the policy from a question to its end, as one growing token sequence wherever the chat format allows it.
///
/// `tokens` are the prompt, then alternately a sampled turn and the framed observations, as they were sampled and
/// framed; nothing was decoded and encoded again. They end with the last sampled turn. Where the format renders history
/// otherwise than it was sampled, the walk goes on with a full rendering as a further sequence, in the same array.
public struct Episode: Sendable, Hashable {
    /// Why an episode ended.
    public enum Termination: String, Sendable, Hashable, CaseIterable {
        /// The last turn gave a final answer.
        case answered
        /// The last turn neither called a tool nor gave an answer.
        case noToolCall = "no_tool_call"
        /// The last turn reached its token bound before it called a tool or answered.
        case turnTruncated = "turn_truncated"
        /// The last turn called a tool, and no further turn was allowed.
        case turnBudget = "turn_budget"
        /// The token bound of the whole episode left no room for the rest of a turn or for its observations.
        case tokenBudget = "token_budget"
        /// The last turn called a tool, and no further call was allowed.
        case toolCallBudget = "tool_call_budget"
        /// One call brought the same observation too often.
        case toolLoop = "tool_loop"
        /// The episode could not be played to its end; ``Episode/failure`` says why.
        case failed
    }

    /// One assistant turn.
    public struct Turn: Sendable, Hashable {
        /// The sampled tokens' place in ``Episode/tokens``.
        public var range: Range<Int>
        /// Whether the turn was cut before the policy ended it.
        public var wasTruncated: Bool
        /// The calls in their order, then those that could not be read.
        public var calls: [ToolCallRecord]
        /// What the turn did against the format first, or `nil`.
        public var violation: String?
        /// Which tools were on offer, where a policy selects them.
        public var selection: ToolSelection?

        public init(
            range: Range<Int>, wasTruncated: Bool = false, calls: [ToolCallRecord] = [], violation: String? = nil,
            selection: ToolSelection? = nil
        ) {
            self.range = range
            self.wasTruncated = wasTruncated
            self.calls = calls
            self.violation = violation
            self.selection = selection
        }
    }

    public let tokens: [TokenID]
    /// Where each sequence begins in `tokens`; the first at 0. Each is a context of its own to the policy.
    public let sequenceStarts: [Int]
    /// True exactly for the tokens that the policy sampled; as long as `tokens`.
    public let policyMask: [Bool]
    /// The sampler's logprob of each token the policy wrote, 0 elsewhere; as long as `tokens`.
    public let logprobs: [Float]
    /// The prompt's messages, then the assistant and tool messages in turn.
    public let messages: [Message]
    public let turns: [Turn]
    public let termination: Termination
    /// Why the episode could not be played to its end; set exactly where it ``Termination/failed``.
    public let failure: EpisodeFailure?
    /// The version of the policy that wrote the first token, and every other where ``versionSpans`` is empty.
    public let policyVersion: Int
    /// Which versions wrote the sampled tokens, in order over all turns; empty where ``policyVersion`` wrote all.
    public let versionSpans: [VersionSpan]

    /// - Precondition: `logprobs` is as long as `tokens` and 0 outside the turns' ranges, which ascend, do not overlap
    ///   and lie within `tokens`; `sequenceStarts` ascend from 0 within `tokens`; `versionSpans`, where there are any, cover
    ///   the turns' tokens and begin with `policyVersion`.
    public init(
        tokens: [TokenID], sequenceStarts: [Int] = [0], logprobs: [Float], messages: [Message], turns: [Turn],
        termination: Termination, failure: EpisodeFailure? = nil, policyVersion: Int,
        versionSpans: [VersionSpan] = []
    ) {
        precondition((failure != nil) == (termination == .failed), "a failed episode says why, and no other does")
        precondition(
            Self.areStarts(sequenceStarts, within: tokens.count), "an episode's sequences ascend within its tokens")
        precondition(logprobs.count == tokens.count, "an episode has one logprob per token")
        precondition(Self.areOrdered(turns, within: tokens.count), "an episode's turns ascend within its tokens")
        var mask = [Bool](repeating: false, count: tokens.count)
        for turn in turns { for position in turn.range { mask[position] = true } }
        precondition(zip(mask, logprobs).allSatisfy { $0 || $1 == 0 }, "only sampled tokens have logprobs")
        self.tokens = tokens
        self.sequenceStarts = sequenceStarts
        policyMask = mask
        self.logprobs = logprobs
        self.messages = messages
        self.turns = turns
        self.termination = termination
        self.failure = failure
        precondition(
            Self.areSpans(versionSpans, of: turns, from: policyVersion), "an episode's versions cover its turns")
        self.policyVersion = policyVersion
        self.versionSpans = versionSpans
    }

    static func areOrdered(_ turns: [Turn], within count: Int) -> Bool {
        var end = 0
        for turn in turns {
            guard end <= turn.range.lowerBound else { return false }
            end = turn.range.upperBound
        }
        return end <= count
    }

    static func areStarts(_ starts: [Int], within count: Int) -> Bool {
        starts.first == 0 && zip(starts, starts.dropFirst()).allSatisfy { $0 < $1 } && starts.allSatisfy { $0 <= count }
    }

    static func areSpans(_ spans: [VersionSpan], of turns: [Turn], from policyVersion: Int) -> Bool {
        guard let first = spans.first else { return true }
        return first.policyVersion == policyVersion && spans.covers(turns.reduce(0) { $0 + $1.range.count })
    }

    /// The oldest and the newest version that wrote a token; ``policyVersion`` where none was written.
    public var policyVersions: ClosedRange<Int> {
        let versions = versionSpans.map(\.policyVersion)
        return (versions.min() ?? policyVersion)...(versions.max() ?? policyVersion)
    }

    /// The mean version over the sampled tokens; ``policyVersion`` where there are none.
    public var meanPolicyVersion: Double {
        guard !versionSpans.isEmpty else { return Double(policyVersion) }
        let total = versionSpans.reduce(0) { $0 + Double($1.tokenCount) * Double($1.policyVersion) }
        return total / Double(responseTokenCount)
    }

    /// The place of each sequence in `tokens`.
    public var sequences: [Range<Int>] {
        zip(sequenceStarts, sequenceStarts.dropFirst() + [tokens.count]).map { $0..<$1 }
    }

    /// The visible text of the last assistant message, without its thinking; empty before the first turn.
    public var finalText: String {
        turns.isEmpty ? "" : messages.last { $0.role == .assistant }?.content ?? ""
    }

    /// Tool calls, the unreadable ones included.
    public var toolCallCount: Int { turns.reduce(0) { $0 + $1.calls.count } }
    /// Calls that were unreadable or that the tool answered with an error.
    public var toolErrorCount: Int { turns.reduce(0) { $0 + $1.calls.count { $0.failure != nil } } }
    /// Tokens that the policy wrote, over all turns.
    public var responseTokenCount: Int { turns.reduce(0) { $0 + $1.range.count } }
    public var promptTokenCount: Int { turns.first?.range.lowerBound ?? tokens.count }
    /// Whether any turn was cut before the policy ended it.
    public var wasTruncated: Bool { turns.contains(where: \.wasTruncated) }

    /// What the turns did against the format, with the turns' numbers from 1.
    public var formatViolations: [String] {
        turns.enumerated().compactMap { index, turn in turn.violation.map { "turn \(index + 1): \($0)" } }
    }
}
