import Agents
import Backends
import Rewards
import Synthesis

extension Question: RolloutQuestion {}

/// The medical research agent's world: a question is asked, tools are used, the final answer is graded exactly.
public struct ResearchEnvironment: RolloutEnvironment {
    public var runner: EpisodeRunner
    public let reward: CompositeReward
    public let systemPrompt: String?
    /// Who gives the expert part of the reward, where the recipe weighs one.
    public let expert: ExpertJudge?
    /// Who decides what the verifier could not, where the recipe says so.
    public let undecided: UndecidedJudge?

    /// - Parameter runner: its temperature is replaced by that of each episode.
    public init(
        runner: EpisodeRunner, reward: CompositeReward, systemPrompt: String?, expert: ExpertJudge? = nil,
        undecided: UndecidedJudge? = nil
    ) {
        self.runner = runner
        self.reward = reward
        self.systemPrompt = systemPrompt
        self.expert = expert
        self.undecided = undecided
    }

    public func episode(
        for question: Question, sampler: any PolicySampler, temperature: Double, key: EpisodeKey
    ) async throws -> Episode {
        var runner = runner
        runner.sampling.temperature = temperature
        return try await runner.run(messages: question.prompt(systemPrompt: systemPrompt), sampler: sampler, key: key)
    }

    public func reward(for episode: Episode, question: Question) async throws -> RewardBreakdown {
        if let failure = episode.failure { return .excluded(because: failure.reason) }
        let input = RewardInput(
            finalText: episode.finalText, gold: question.gold, question: question.text,
            formatViolations: episode.formatViolations, endedWithAnswer: episode.termination == .answered,
            toolCallCount: episode.toolCallCount, expectedToolCalls: question.hops,
            responseTokens: episode.turns.flatMap { episode.tokens[$0.range] },
            observations: episode.messages.filter { $0.role == .tool }.map(\.content))
        var verdict = reward.verdict(input: input)
        let answer = verdict.span.map { String(decoding: Array(episode.finalText.utf8)[$0], as: UTF8.self) }
        if let undecided, let answer {
            verdict = try await undecided.decide(
                verdict, question: question.text, gold: question.gold.value, answer: answer)
        }
        var opinion: Double?
        if let expert, let answer, reward.wantsExpert(for: verdict) {
            opinion = try await expert.score(question: question.text, answer: answer)
        }
        return reward.score(input: input, verdict: verdict, expert: opinion)
    }
}
