import Agents
import Backends
import Evaluation
import Primitives
import Rewards
import Synchronization

/// Stand-ins of the benchmarks for a backend and an environment: they do nothing but take time.
enum ScheduleStandIns {
    /// What they did, over all tasks.
    final class Clock: Sendable {
        private let state = Mutex((training: 0.0, episodes: 0.0, trainingEnd: ContinuousClock.Instant?.none))
        var trainingSeconds: Double { state.withLock { $0.training } }
        var episodeSeconds: Double { state.withLock { $0.episodes } }
        /// When the last training step ended.
        var trainingEnd: ContinuousClock.Instant? { state.withLock { $0.trainingEnd } }

        func trained(since start: ContinuousClock.Instant) {
            state.withLock { state in
                state.training += start.duration(to: .now).seconds
                state.trainingEnd = .now
            }
        }
        func played(since start: ContinuousClock.Instant) {
            state.withLock { $0.episodes += start.duration(to: .now).seconds }
        }
    }

    struct Question: RolloutQuestion {
        var number: Int
        var id: String { "question-\(number)" }
        var hops: Int { 2 + number % 3 }
        var specialty: String? { nil }
    }

    struct Sampler: PolicySampler {
        var policyVersion: Int

        func sample(
            prompt: [TokenID], count: Int, parameters: SamplingParameters
        ) async throws -> [SampledSequence] { [] }
    }

    /// Episodes that take as long as they are told to, half of them right.
    struct Environment: RolloutEnvironment {
        var clock: Clock
        /// The length of an episode's answer, in tokens.
        var tokens = 8
        var seconds: @Sendable (EpisodeKey) -> Double

        func episode(
            for question: Question, sampler: any PolicySampler, temperature: Double, key: EpisodeKey
        ) async throws -> Episode {
            let start = ContinuousClock.now
            let seconds = seconds(key)
            if seconds > 0 { try await Task.sleep(for: .seconds(seconds)) } else { await Task.yield() }
            clock.played(since: start)
            let prompt: [TokenID] = [1, 2, 3, TokenID(question.number)]
            let answer = (0..<tokens).map { TokenID(($0 * 7 + key.sample + key.step) % 1000) }
            return Episode(
                tokens: prompt + answer,
                logprobs: prompt.map { _ in 0 } + answer.map { -0.5 - Float($0 % 10) / 10 },
                messages: [
                    Message(role: .user, content: question.id), Message(role: .assistant, content: "An answer."),
                ], turns: [Episode.Turn(range: prompt.count..<prompt.count + tokens)], termination: .answered,
                policyVersion: sampler.policyVersion)
        }

        func reward(for episode: Episode, question: Question) async throws -> RewardBreakdown {
            let isRight = (episode.tokens.last ?? 0).isMultiple(of: 2)
            let reward = isRight ? 1.0 : 0
            return RewardBreakdown(
                task: reward, format: 1, efficiency: reward, total: reward,
                verdict: VerdictReport(
                    verdict: isRight ? .correct : .incorrect, canonicalGold: question.id, operations: 1))
        }
    }

    final class Trainer: PolicyTrainer {
        let profile = BackendProfile.embedded
        private let clock: Clock
        private let seconds: Double

        /// - Parameter seconds: how long a training step takes.
        init(clock: Clock, seconds: Double) {
            self.clock = clock
            self.seconds = seconds
        }

        private static func logprobs(_ datums: [Datum]) -> [[Float]] { datums.map(\.logprobs) }

        private func spend(_ share: Double) async throws {
            let start = ContinuousClock.now
            if seconds > 0 { try await Task.sleep(for: .seconds(seconds * share)) }
            clock.trained(since: start)
        }

        func trainStep(
            _ datums: [Datum], loss: LossFunction, optimizer: AdamParameters
        ) async throws -> TrainStepResult {
            try await spend(1)
            return TrainStepResult(logprobs: Self.logprobs(datums), loss: 1, gradientNorm: 1)
        }

        func forwardBackward(_ datums: [Datum], loss: LossFunction, ofTotal total: Int) async throws -> GradientPass {
            try await spend(Double(datums.count) / Double(max(total, 1)))
            return GradientPass(logprobs: Self.logprobs(datums), loss: 1)
        }

        func optimizerStep(_ optimizer: AdamParameters) async throws -> OptimizerStep { OptimizerStep(gradientNorm: 1) }
        func forward(_ datums: [Datum]) async throws -> [[Float]] { Self.logprobs(datums) }
        func saveState(named name: String) async throws -> String { "stand-in://" + name }
        func loadState(from reference: String) async throws {}
        func publishSampler(policyVersion: Int) async throws -> any PolicySampler {
            Sampler(policyVersion: policyVersion)
        }
        func close() async {}
    }
}
