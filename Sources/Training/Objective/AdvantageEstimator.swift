/// How the rewards of one group of episodes on the same question become advantages.
public protocol AdvantageEstimator: Sendable {
    /// One advantage per reward, in the same order.
    ///
    /// Every estimator gives exact zeros for a degenerate group: one with fewer than two rewards, or whose rewards are
    /// all equal. Such a group says nothing about which of its episodes was better.
    func advantages(of rewards: [Double]) -> [Double]
}
