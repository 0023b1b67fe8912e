import Agents
import Evaluation

/// A group with the advantage of each episode.
struct JudgedGroup: Sendable {
    let group: RolloutGroup
    /// What the estimator saw of each episode: its reward, shaped and lowered by the reference's penalty. `nil` for an episode
    /// whose verdict must not train; it does not enter the group's mean either.
    let rewards: [Double?]
    /// `nil` for an episode that has no part in training.
    let advantages: [Double?]
    /// Where the tokens of an episode differ, for each of its tokens the advantage, 0 off the policy's.
    private(set) var tokenAdvantages: [[Double]?]
    /// Whether the group goes to the trainer.
    let isShipped: Bool

    init(_ group: RolloutGroup, rewards: [Double?], advantages: GroupAdvantages, filter: GroupFilter) {
        self.group = group
        self.rewards = rewards
        self.advantages = zip(advantages.values, group.episodes).map { advantage, scored in
            filter.dropsTruncated && scored.episode.wasTruncated ? nil : advantage
        }
        tokenAdvantages = group.episodes.map { _ in nil }
        for (index, values) in advantages.tokenValues.enumerated() where self.advantages[index] != nil {
            let episode = group.episodes[index].episode
            var tokens = [Double](repeating: 0, count: episode.tokens.count)
            for (position, value) in zip(episode.trainablePositions, values) { tokens[position] = value }
            tokenAdvantages[index] = tokens
        }
        let differ = zip(self.advantages, tokenAdvantages).contains { advantage, tokens in
            guard let advantage else { return false }
            return tokens?.contains { $0 != 0 } ?? (advantage != 0)
        }
        hasSignal = differ
        isShipped =
            filter.admits(group, rewards: rewards)
            && (differ || filter.keepsZeroAdvantages && self.advantages.contains { $0 != nil })
    }

    /// Whether the estimator gave any token an advantage other than 0.
    let hasSignal: Bool

    /// Whether the rewards that may train are all equal (or fewer than two), as they were scored.
    var hasZeroVariance: Bool {
        RewardStatistics(group.episodes.filter(\.reward.trains).map(\.reward.total)).isDegenerate
    }

    /// What goes to the trainer if the group is shipped: every sequence of an episode, with the episode's advantages.
    var sequences: [PolicySequence] {
        group.episodes.indices.flatMap { index -> [PolicySequence] in
            guard let advantage = advantages[index] else { return [] }
            return group.sequences(ofEpisode: index, advantage: advantage, tokenAdvantages: tokenAdvantages[index])
        }
    }

    // MARK: Advantages of tokens

    /// The advantages of an episode's tokens, spelled out.
    private func spelledOut(_ index: Int) -> [Double] {
        let episode = group.episodes[index].episode
        if let tokens = tokenAdvantages[index] { return tokens }
        var tokens = [Double](repeating: 0, count: episode.tokens.count)
        for position in episode.trainablePositions { tokens[position] = advantages[index] ?? 0 }
        return tokens
    }

    mutating func add(_ bonus: EntropyBonus) {
        guard isShipped else { return }
        for index in advantages.indices where advantages[index] != nil {
            let episode = group.episodes[index].episode
            var tokens = spelledOut(index)
            for position in episode.trainablePositions {
                tokens[position] += bonus.bonus(
                    logprob: Double(episode.logprobs[position]), advantage: tokens[position])
            }
            tokenAdvantages[index] = tokens
        }
    }

    /// Adds the terms of ``ReferencePenalty/Form/advantage(coefficient:discount:)`` to all that is shipped.
    static func addReferenceTerms(to groups: inout [JudgedGroup], coefficient: Double, discount: Double) {
        var places: [(group: Int, episode: Int, positions: [Int])] = []
        var distances: [[TokenDistance]] = []
        for (number, judged) in groups.enumerated() where judged.isShipped {
            for index in judged.advantages.indices where judged.advantages[index] != nil {
                let episode = judged.group.episodes[index].episode
                for (range, sequence) in zip(episode.sequences, judged.group.distances(ofEpisode: index)) {
                    places.append((number, index, range.dropFirst().filter { episode.policyMask[$0] }))
                    distances.append(sequence)
                }
            }
        }
        let terms = ReferencePenalty.advantageTerms(distances, coefficient: coefficient, discount: discount)
        for (place, terms) in zip(places, terms) {
            var tokens = groups[place.group].spelledOut(place.episode)
            for (position, term) in zip(place.positions, terms) { tokens[position] += term }
            groups[place.group].tokenAdvantages[place.episode] = tokens
        }
    }
}
