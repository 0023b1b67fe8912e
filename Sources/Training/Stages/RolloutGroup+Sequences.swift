import Agents
import Evaluation

extension Episode {
    /// The positions of the policy's tokens that can be trained, in order: all but the first of each sequence, which is
    /// predicted from nothing.
    var trainablePositions: [Int] { sequences.flatMap { $0.dropFirst().filter { policyMask[$0] } } }

    var trainableTokenCount: Int { sequences.reduce(0) { $0 + policyMask[$1].dropFirst().count { $0 } } }
}

extension RolloutGroup {
    /// The sequences of one episode.
    func sequences(
        ofEpisode index: Int, advantage: Double = 0, tokenAdvantages: [Double]? = nil
    ) -> [PolicySequence] {
        let episode = episodes[index].episode
        return episode.sequences.map { range in
            PolicySequence(
                tokens: Array(episode.tokens[range]), policyMask: Array(episode.policyMask[range]),
                logprobs: Array(episode.logprobs[range]), advantage: advantage,
                tokenAdvantages: tokenAdvantages.map { Array($0[range]) })
        }
    }

    /// For each sequence of an episode, the logprobs of the policy's tokens that can be trained.
    /// - Precondition: the group has the reference's logprobs.
    func distances(ofEpisode index: Int) -> [[TokenDistance]] {
        guard let referenceLogprobs else { preconditionFailure("a group is judged with its reference's logprobs") }
        let episode = episodes[index].episode
        return zip(episode.sequences, referenceLogprobs[index]).map { range, reference in
            range.dropFirst().filter { episode.policyMask[$0] }.map { position in
                TokenDistance(
                    policy: Double(episode.logprobs[position]),
                    reference: Double(reference[position - range.lowerBound - 1]))
            }
        }
    }
}
