/// REINFORCE++ (arXiv 2501.03262): every token the policy wrote has the return of its episode, discounted by the number of
/// policy tokens that follow, and the returns are whitened over all tokens of the batch. What tools wrote is skipped, as in
/// verl's `reinforce_plus_plus`.
///
/// There is no baseline per question: an episode is compared with the whole batch, so a group whose rewards are all equal has
/// advantages too unless all returns of the batch are equal.
public struct ReinforcePlusPlusAdvantage: AdvantageEstimator, Equatable {
    /// γ in 0…1: the return of a token with `k` policy tokens after it is `γᵏ · r`.
    public var discount: Double

    public init(discount: Double = 1) {
        precondition((0...1).contains(discount), "a discount is in 0…1")
        self.discount = discount
    }

    public var isGroupLocal: Bool { false }

    public func advantages(ofBatch groups: [RewardGroup]) -> [GroupAdvantages] {
        discount == 1 ? undiscounted(groups) : discounted(groups)
    }

    private func undiscounted(_ groups: [RewardGroup]) -> [GroupAdvantages] {
        let whitened = TokenWhitening(groups.flatMap(\.returns))
        return groups.map { group in GroupAdvantages(values: group.rewards.map { $0.map { whitened($0) } }) }
    }

    private func discounted(_ groups: [RewardGroup]) -> [GroupAdvantages] {
        let returns: [[[Double]]] = groups.map { group in
            zip(group.rewards, group.tokenCounts).map { self.returns(of: $0, tokenCount: $1) }
        }
        let whitened = TokenWhitening(returns.joined().joined().map { (value: $0, count: 1) })
        return zip(groups, returns).map { group, returns in
            let tokens = returns.map { $0.map { whitened($0) } }
            let values = zip(group.rewards, tokens).map { reward, tokens -> Double? in
                reward.map { _ in tokens.isEmpty ? 0 : tokens.reduce(0, +) / Double(tokens.count) }
            }
            return GroupAdvantages(values: values, tokenValues: tokens)
        }
    }

    /// The returns of an episode's tokens, in order.
    func returns(of reward: Double?, tokenCount: Int) -> [Double] {
        guard var value = reward else { return [] }
        var returns = [Double](repeating: 0, count: tokenCount)
        for position in returns.indices.reversed() {
            returns[position] = value
            value *= discount
        }
        return returns
    }
}

extension RewardGroup {
    /// Each reward and how many tokens have it as their return.
    var returns: [(value: Double, count: Int)] {
        zip(rewards, tokenCounts).compactMap { reward, count in reward.map { ($0, count) } }
    }
}
