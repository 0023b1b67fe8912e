import Agents
import Backends
import Evaluation
import Primitives
import Rewards
import Synchronization

struct FakeQuestion: RolloutQuestion {
    let number: Int
    var id: String { "q\(number)" }
    var hops: Int { 2 + number % 2 }
    var specialty: String? { number.isMultiple(of: 3) ? "cardiology" : "neurology" }
}

/// One-turn episodes whose reward is a function of the sampled tokens.
struct FakeEnvironment: RolloutEnvironment {
    /// The keys of the reinforcement episodes that were played, in the order in which they ended.
    final class Record: Sendable {
        let keys = Mutex<[EpisodeKey]>([])
        let attempts = Mutex<[EpisodeKey: Int]>([:])
    }

    let record = Record()
    /// The verdict of an episode by its tokens.
    var verdict: @Sendable ([TokenID]) -> Verdict = { tokens in
        switch tokens.reduce(0, +) % 7 {
        case 0, 1, 2: .correct
        case 3: .undecided
        default: .incorrect
        }
    }

    /// Why an attempt at an episode fails, if it does; attempts are counted from 1.
    var failure: @Sendable (EpisodeKey, _ attempt: Int) -> EpisodeFailure? = { _, _ in nil }

    /// An error that playing an episode throws.
    var error: @Sendable (EpisodeKey) -> (any Error)? = { _ in nil }

    func episode(
        for question: FakeQuestion, sampler: any PolicySampler, temperature: Double, key: EpisodeKey
    ) async throws -> Episode {
        if let error = error(key) { throw error }
        let prompt: [TokenID] = [1000, TokenID(question.number)]
        let sampled = try await sampler.sample(
            prompt: prompt, count: 1,
            parameters: SamplingParameters(
                maxTokens: 8, temperature: temperature, stopTokens: [], seed: key.samplingSeed(turn: 0)))[0]
        let attempt = record.attempts.withLock { attempts in
            attempts[key, default: 0] += 1
            return attempts[key] ?? 1
        }
        if let failure = failure(key, attempt) {
            return Episode(
                tokens: prompt, logprobs: [0, 0], messages: [Message(role: .user, content: question.id)], turns: [],
                termination: .failed, failure: failure, policyVersion: sampler.policyVersion)
        }
        if key.stage == .reinforcement { record.keys.withLock { $0.append(key) } }
        let tokens = prompt + sampled.tokens
        return Episode(
            tokens: tokens, logprobs: [0, 0] + sampled.logprobs,
            messages: [
                Message(role: .user, content: question.id), Message(role: .assistant, content: "\(sampled.tokens)"),
            ], turns: [Episode.Turn(range: 2..<tokens.count)], termination: .answered,
            policyVersion: sampler.policyVersion, versionSpans: sampled.versionSpans)
    }

    func reward(for episode: Episode, question: FakeQuestion) async throws -> RewardBreakdown {
        if let failure = episode.failure { return .excluded(because: failure.reason) }
        let verdict = verdict(Array(episode.tokens.dropFirst(2)))
        let task = verdict == .correct ? 1.0 : 0.0
        let format = episode.responseTokenCount > 3 ? 1.0 : 0.0
        return RewardBreakdown(
            task: task, format: format, efficiency: task, total: task + 0.2 * format + 0.1 * task,
            verdict: VerdictReport(verdict: verdict, canonicalGold: question.id, operations: 1),
            formatViolation: format == 1 ? nil : "too short")
    }
}
