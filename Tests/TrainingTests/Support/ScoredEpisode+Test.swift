import Agents
import Evaluation
import Primitives
import Rewards

@testable import Training

extension ScoredEpisode {
    /// An episode of a prompt of two tokens and turns of `lengths` tokens, each but the last followed by an observation of one.
    static func test(
        reward: Double, lengths: [Int] = [3], logprob: (Int) -> Float = { _ in -1 }, verdict: Verdict? = nil,
        isTruncated: Bool = false
    ) -> ScoredEpisode {
        var logprobs: [Float] = [0, 0]
        var turns: [Episode.Turn] = []
        for (number, length) in lengths.enumerated() {
            if number > 0 { logprobs.append(0) }
            let start = logprobs.count
            for position in start..<start + length { logprobs.append(logprob(position)) }
            turns.append(Episode.Turn(range: start..<start + length, wasTruncated: isTruncated))
        }
        return ScoredEpisode(
            questionID: "q",
            episode: Episode(
                tokens: logprobs.indices.map { TokenID($0 + 1) }, logprobs: logprobs, messages: [], turns: turns,
                termination: .answered, policyVersion: 0),
            reward: RewardBreakdown(
                task: reward, format: 0, efficiency: 0, total: reward,
                verdict: VerdictReport(
                    verdict: verdict ?? (reward > 0.5 ? .correct : .incorrect), canonicalGold: "g", operations: 1),
                formatViolation: nil))
    }

    /// An episode that could not be played to its end.
    static var testFailure: ScoredEpisode {
        let failure = EpisodeFailure(.toolOutage, reason: "the library is closed")
        return ScoredEpisode(
            questionID: "q",
            episode: Episode(
                tokens: [1, 2], logprobs: [0, 0], messages: [], turns: [], termination: .failed, failure: failure,
                policyVersion: 0),
            reward: .excluded(because: failure.reason))
    }
}

extension RolloutGroup {
    static func test(_ episodes: [ScoredEpisode], index: Int = 0) -> RolloutGroup {
        RolloutGroup(step: 1, index: index, questionID: "q", episodes: episodes)
    }

    static func test(rewards: [Double]) -> RolloutGroup { test(rewards.map { .test(reward: $0) }) }
}
