/// The rewards of one group of episodes on the same question.
public struct RewardGroup: Sendable, Equatable {
    /// `nil` for an episode without a reward: it enters no statistic and has no advantage.
    public var rewards: [Double?]
    /// How many tokens of each episode the policy wrote and can be trained on.
    public var tokenCounts: [Int]

    public init(rewards: [Double?], tokenCounts: [Int]) {
        precondition(rewards.count == tokenCounts.count, "a group has one token count per reward")
        self.rewards = rewards
        self.tokenCounts = tokenCounts
    }

    /// The rewards that are there.
    public var present: [Double] { rewards.compactMap(\.self) }
}

/// The advantages of one group.
public struct GroupAdvantages: Sendable, Equatable {
    /// One per reward; `nil` exactly where the reward is missing. Where an episode's tokens differ, their mean.
    public var values: [Double?]
    /// Where the tokens of an episode differ, for each episode one advantage per trainable token, in order; else empty.
    public var tokenValues: [[Double]]

    public init(values: [Double?], tokenValues: [[Double]] = []) {
        self.values = values
        self.tokenValues = tokenValues
    }
}

/// How the rewards of a batch of groups become advantages.
///
/// Invariants of every estimator:
/// - what it gives does not depend on the order of the groups or of the episodes in a group, but for rounding;
/// - an episode without a reward has no advantage and changes nobody else's;
/// - a degenerate set of rewards (none, one, or all equal, compared exactly) has exact zeros. Such a set says nothing about
///   which of its episodes was better. For estimators that compare with the group the set is the group, for REINFORCE++
///   without a baseline it is the batch.
public protocol AdvantageEstimator: Sendable {
    /// Whether the advantages of a group depend on that group only.
    var isGroupLocal: Bool { get }

    /// One result per group, in order.
    func advantages(ofBatch groups: [RewardGroup]) -> [GroupAdvantages]
}

/// An estimator that compares the rewards of a group with one another and looks at nothing else.
public protocol GroupAdvantageEstimator: AdvantageEstimator {
    /// One advantage per reward, in order.
    /// - Parameter statistics: those of the rewards, of which there are at least two that differ.
    func advantages(ofDiffering rewards: [Double], statistics: RewardStatistics) -> [Double]
}

extension GroupAdvantageEstimator {
    public var isGroupLocal: Bool { true }

    /// One advantage per reward, in order; exact zeros for a degenerate group.
    public func advantages(of rewards: [Double]) -> [Double] {
        let statistics = RewardStatistics(rewards)
        guard !statistics.isDegenerate else { return [Double](repeating: 0, count: rewards.count) }
        return advantages(ofDiffering: rewards, statistics: statistics)
    }

    public func advantages(ofBatch groups: [RewardGroup]) -> [GroupAdvantages] {
        groups.map { group in
            let present = group.present
            let advantages = advantages(of: present)
            return GroupAdvantages(values: group.filled(advantages))
        }
    }
}

extension RewardGroup {
    /// One value per reward: those given, in order, where there is a reward.
    func filled(_ values: [Double]) -> [Double?] {
        if values.count == rewards.count { return values }
        var remaining = values.makeIterator()
        return rewards.map { $0 == nil ? nil : remaining.next() }
    }
}
