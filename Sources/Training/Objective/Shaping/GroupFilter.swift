import Evaluation

/// Which groups say something, and what of them is trained on.
public struct GroupFilter: Sendable, Hashable {
    /// What must differ within a group for it to be informative.
    public enum Measure: String, Sendable, CaseIterable {
        /// The rewards, after shaping.
        case reward
        /// Whether the answers are correct: a group that differs in format only says nothing (DAPO's dynamic sampling).
        case accuracy
    }

    public var measure: Measure
    /// The fraction of correct answers, among those that may train, that an informative group has.
    public var accuracy: ClosedRange<Double>
    /// Whether groups whose advantages are all 0 go to the trainer too. They move nothing, but they count in what a batch is
    /// divided by (verl and TRL without dynamic sampling) and in a penalty on advantages.
    public var keepsZeroAdvantages: Bool
    /// Whether episodes of which a turn was cut have no part in training. Their rewards count in the group's advantages (TRL
    /// `mask_truncated_completions`, DAPO's overlong filtering).
    public var dropsTruncated: Bool

    public init(
        measure: Measure = .reward, accuracy: ClosedRange<Double> = 0...1, keepsZeroAdvantages: Bool = false,
        dropsTruncated: Bool = false
    ) {
        self.measure = measure
        self.accuracy = accuracy
        self.keepsZeroAdvantages = keepsZeroAdvantages
        self.dropsTruncated = dropsTruncated
    }

    /// Whether a group's rewards tell its episodes apart.
    func isInformative(_ group: RolloutGroup, rewards: [Double?]) -> Bool {
        guard admits(group, rewards: rewards) else { return false }
        return !RewardStatistics(rewards.compactMap(\.self)).isDegenerate
    }

    /// Whether a group may be trained on if it has advantages.
    func admits(_ group: RolloutGroup, rewards: [Double?]) -> Bool {
        let correct = zip(group.episodes, rewards).compactMap { scored, reward in reward.map { _ in scored.isCorrect } }
        guard !correct.isEmpty else { return false }
        let count = correct.count { $0 }
        guard accuracy.contains(Double(count) / Double(correct.count)) else { return false }
        return measure == .reward || (0 < count && count < correct.count)
    }
}
