import Agents
import Evaluation
import Primitives
import Rewards
import Testing

@testable import Training

struct JudgedGroupTests {
    private func scored(_ total: Double, starts: [Int], verdict: Verdict = .correct) -> ScoredEpisode {
        ScoredEpisode(
            questionID: "q",
            episode: Episode(
                tokens: [1, 2, 3, 4, 5, 6, 7], sequenceStarts: starts, logprobs: [0, -1, -2, 0, 0, -3, -4],
                messages: [], turns: [Episode.Turn(range: 1..<3), Episode.Turn(range: 5..<7)],
                termination: .answered, policyVersion: 0),
            reward: RewardBreakdown(
                task: total, format: 0, efficiency: 0, total: total,
                verdict: VerdictReport(verdict: verdict, canonicalGold: "g", operations: 1), formatViolation: nil))
    }

    private func sequences(_ episodes: [ScoredEpisode]) -> [PolicySequence] {
        PolicyObjective(estimator: MeanOnlyAdvantage()).judge([
            RolloutGroup(step: 1, index: 0, questionID: "q", episodes: episodes)
        ])[0].sequences
    }

    @Test func `an episode of one sequence is one datum`() {
        let sequences = sequences([scored(1, starts: [0]), scored(0, starts: [0])])
        #expect(sequences.map(\.tokens) == [[1, 2, 3, 4, 5, 6, 7], [1, 2, 3, 4, 5, 6, 7]])
        #expect(sequences.map(\.advantage) == [0.5, -0.5])
    }

    @Test func `every sequence of an episode is a datum with the episode's advantage`() {
        let sequences = sequences([scored(1, starts: [0, 3]), scored(0, starts: [0])])
        #expect(sequences.map(\.tokens) == [[1, 2, 3], [4, 5, 6, 7], [1, 2, 3, 4, 5, 6, 7]])
        #expect(sequences.map(\.advantage) == [0.5, 0.5, -0.5])
        #expect(sequences[1].policyMask == [false, false, true, true])
        #expect(sequences[1].logprobs == [0, 0, -3, -4])
    }

    @Test func `an episode whose verdict must not train gives none`() {
        let sequences = sequences([
            scored(1, starts: [0, 3], verdict: .undecided), scored(0, starts: [0], verdict: .incorrect),
        ])
        #expect(sequences.count == 1)
    }
}
