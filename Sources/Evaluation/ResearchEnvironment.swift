import Agents
import Backends
import Rewards
import Synthesis

extension Question: RolloutQuestion {}

/// The medical research agent's world: a question is asked, tools are used, the final answer is graded exactly.
public struct ResearchEnvironment: RolloutEnvironment {
    public let runner: EpisodeRunner
    public let reward: CompositeReward
    public let systemPrompt: String?

    /// - Parameter runner: its temperature is replaced by that of each episode.
    public init(runner: EpisodeRunner, reward: CompositeReward, systemPrompt: String?) {
        self.runner = runner
        self.reward = reward
        self.systemPrompt = systemPrompt
    }

    public func episode(
        for question: Question, sampler: any PolicySampler, temperature: Double, key: EpisodeKey
    ) async throws -> Episode {
        var sampling = runner.sampling
        sampling.temperature = temperature
        let runner = EpisodeRunner(
            renderer: runner.renderer, tokenizer: runner.tokenizer, tools: runner.tools, budgets: runner.budgets,
            describesTools: runner.describesTools, sampling: sampling)
        return try await runner.run(messages: question.prompt(systemPrompt: systemPrompt), sampler: sampler, key: key)
    }

    public func reward(for episode: Episode, question: Question) -> RewardBreakdown {
        reward.score(
            input: RewardInput(
                finalText: episode.finalText, gold: question.gold, formatViolations: episode.formatViolations,
                endedWithAnswer: episode.termination == .answered, toolCallCount: episode.toolCallCount,
                expectedToolCalls: question.hops))
    }
}
