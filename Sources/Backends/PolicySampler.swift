import Primitives

/// How to draw a continuation.
public struct SamplingParameters: Sendable, Equatable {
    public var maxTokens: Int
    public var temperature: Double
    public var topP: Double
    public var topK: Int
    /// Token ids that end a sequence; the stop token itself is returned as the last sampled token.
    public var stopTokens: [TokenID]
    /// Texts that end a sequence, for chat formats without control tokens. The protocol takes tokens or texts, not both.
    public var stopTexts: [String]
    /// Sample *i* of a request draws from the stream `seed + i`.
    public var seed: Int64

    public init(
        maxTokens: Int, temperature: Double = 1, topP: Double = 1, topK: Int = -1, stopTokens: [TokenID],
        stopTexts: [String] = [], seed: Int64
    ) {
        self.maxTokens = maxTokens
        self.temperature = temperature
        self.topP = topP
        self.topK = topK
        self.stopTokens = stopTokens
        self.stopTexts = stopTexts
        self.seed = seed
    }
}

/// Consecutive sampled tokens that one version of a policy wrote.
public struct VersionSpan: Sendable, Hashable {
    public var tokenCount: Int
    /// See ``PolicySampler/policyVersion``.
    public var policyVersion: Int

    public init(tokenCount: Int, policyVersion: Int) {
        self.tokenCount = tokenCount
        self.policyVersion = policyVersion
    }
}

extension [VersionSpan] {
    /// Whether the spans cover exactly `tokenCount` tokens and none is empty.
    public func covers(_ tokenCount: Int) -> Bool {
        var left = tokenCount
        for span in self {
            guard span.tokenCount > 0, span.tokenCount <= left else { return false }
            left -= span.tokenCount
        }
        return left == 0
    }

    /// Adds a span, as part of the last one where the same version wrote both.
    public mutating func extend(by span: VersionSpan) {
        if let last = indices.last, self[last].policyVersion == span.policyVersion {
            self[last].tokenCount += span.tokenCount
        } else if span.tokenCount > 0 {
            append(span)
        }
    }
}

/// Token ids as the policy wrote them, never decoded and encoded again.
public struct SampledSequence: Sendable, Equatable {
    public enum StopReason: String, Sendable, Equatable {
        case stop, length
    }

    public var tokens: [TokenID]
    /// The raw logprob (temperature 1, no truncation) of each token of `tokens`.
    public var logprobs: [Float]
    public var stopReason: StopReason
    /// Which versions wrote `tokens`, in order, where weights were replaced on the way; empty where the sampler's own
    /// version wrote all.
    public var versionSpans: [VersionSpan]

    public init(
        tokens: [TokenID], logprobs: [Float], stopReason: StopReason, versionSpans: [VersionSpan] = []
    ) {
        self.tokens = tokens
        self.logprobs = logprobs
        self.stopReason = stopReason
        self.versionSpans = versionSpans
    }
}

/// An immutable version of a policy that can be sampled.
public protocol PolicySampler: Sendable {
    /// The number of optimizer steps of the current stage that made these weights.
    var policyVersion: Int { get }

    /// Draws `count` continuations of one prompt.
    func sample(prompt: [TokenID], count: Int, parameters: SamplingParameters) async throws -> [SampledSequence]

    /// How hard the backend has pushed back so far; the same for all samplers of one connection.
    var pressure: SamplerPressure { get }
}

extension PolicySampler {
    public var pressure: SamplerPressure { .none }
}
