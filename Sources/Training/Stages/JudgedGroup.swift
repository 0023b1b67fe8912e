/// A group with the advantage of each episode.
struct JudgedGroup: Sendable {
    let group: RolloutGroup
    /// `nil` for an episode whose verdict must not train; it does not enter the group's mean either.
    let advantages: [Double?]

    /// - Parameter keepsPartial: whether a group with failed episodes is trained on; otherwise none of it is.
    init(_ group: RolloutGroup, estimator: any AdvantageEstimator, keepsPartial: Bool = true) {
        self.group = group
        guard keepsPartial || group.episodes.allSatisfy({ $0.episode.failure == nil }) else {
            advantages = group.episodes.map { _ in nil }
            return
        }
        var estimated = estimator.advantages(
            of: group.episodes.filter(\.reward.trains).map(\.reward.total)
        ).makeIterator()
        advantages = group.episodes.map { $0.reward.trains ? estimated.next() : nil }
    }

    /// Whether training on the group would move anything.
    var hasSignal: Bool { advantages.contains { $0 ?? 0 != 0 } }

    /// What goes to the trainer: every sequence of an episode, with the episode's advantage.
    var sequences: [PolicySequence] {
        zip(group.episodes, advantages).flatMap { scored, advantage -> [PolicySequence] in
            guard let advantage else { return [] }
            let episode = scored.episode
            return episode.sequences.map { range in
                PolicySequence(
                    tokens: Array(episode.tokens[range]), policyMask: Array(episode.policyMask[range]),
                    logprobs: Array(episode.logprobs[range]), advantage: advantage)
            }
        }
    }

    /// Whether the rewards that may train are all equal (or fewer than two).
    var hasZeroVariance: Bool {
        RewardStatistics(group.episodes.filter(\.reward.trains).map(\.reward.total)).isDegenerate
    }
}
