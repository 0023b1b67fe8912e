import Backends
import Primitives
import Synchronization

/// The sampler of one episode that goes on under later policies once it has grown long (a partial rollout).
///
/// Each policy version writes at most `tokensPerVersion` tokens of the episode; the version that wrote each token is in
/// ``SampledSequence/versionSpans``. Where a turn is handed over in its middle, the later policy continues the very tokens that
/// the earlier one wrote. Which version writes which token depends on the episode's tokens only. A stop text that would lie
/// across a hand-over is not noticed; stop tokens always are.
final class RelaySampler: PolicySampler {
    let policyVersion: Int
    private let tokensPerVersion: Int
    /// How many later policies there will be.
    private let lastLeg: Int
    /// The policy of a leg, from 1, once it is there.
    private let successor: @Sendable (_ leg: Int) async throws -> any PolicySampler
    private let state: Mutex<Leg>

    /// How many later policies have taken over so far.
    var leg: Int { state.withLock { $0.number } }

    private struct Leg {
        var number = 0
        var written = 0
        var sampler: any PolicySampler
    }

    init(
        first: any PolicySampler, tokensPerVersion: Int, lastLeg: Int,
        successor: @escaping @Sendable (_ leg: Int) async throws -> any PolicySampler
    ) {
        precondition(tokensPerVersion > 0, "a policy writes at least one token of an episode")
        policyVersion = first.policyVersion
        self.tokensPerVersion = tokensPerVersion
        self.lastLeg = lastLeg
        self.successor = successor
        state = Mutex(Leg(sampler: first))
    }

    func sample(prompt: [TokenID], count: Int, parameters: SamplingParameters) async throws -> [SampledSequence] {
        precondition(count == 1, "an episode samples one continuation at a time")
        var whole = SampledSequence(tokens: [], logprobs: [], stopReason: .length)
        while true {
            let leg = try await currentLeg()
            var request = parameters
            request.maxTokens = parameters.maxTokens - whole.tokens.count
            if leg.number < lastLeg { request.maxTokens = min(request.maxTokens, tokensPerVersion - leg.written) }
            request.seed = Self.seed(parameters.seed, leg: leg.number)
            let sequences = try await leg.sampler.sample(
                prompt: prompt + whole.tokens, count: 1, parameters: request)
            // A sampler that breaks its contract is the episode's business.
            guard sequences.count == 1, let part = sequences.first, part.tokens.count <= request.maxTokens,
                part.tokens.count == part.logprobs.count
            else { return sequences }
            state.withLock { $0.written += part.tokens.count }
            whole.tokens += part.tokens
            whole.logprobs += part.logprobs
            whole.stopReason = part.stopReason
            whole.versionSpans.extend(
                by: VersionSpan(tokenCount: part.tokens.count, policyVersion: leg.sampler.policyVersion))
            if part.stopReason == .stop || part.tokens.count < request.maxTokens
                || whole.tokens.count == parameters.maxTokens
            {
                return [whole]
            }
        }
    }

    private func currentLeg() async throws -> Leg {
        let leg = state.withLock { $0 }
        guard leg.number < lastLeg, leg.written >= tokensPerVersion else { return leg }
        let next = Leg(number: leg.number + 1, sampler: try await successor(leg.number + 1))
        state.withLock { $0 = next }
        return next
    }

    /// The first leg keeps the turn's seed; later ones draw from streams of their own.
    static func seed(_ seed: Int64, leg: Int) -> Int64 {
        guard leg > 0 else { return seed }
        return CounterRandom(
            seed: UInt64(bitPattern: seed), stage: .reinforcement, step: leg, turn: (1 << 12) - 1
        ).seed63
    }
}
