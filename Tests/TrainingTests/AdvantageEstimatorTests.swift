import Primitives
import Testing

@testable import Training

@Suite struct AdvantageEstimatorTests {
    static let groups: [(name: String, rewards: [Double])] = [
        ("A", [1, 0, 0, 1]), ("B", [1, 0, 0, 0]), ("C", [0.5, 0.2, 0.9, 0.2]), ("D", [1, 1, 1, 1]), ("F", [3, -1]),
    ]

    static let peers: [(peer: String, estimator: any AdvantageEstimator)] = [
        ("verl grpo", GroupRelativeAdvantage(degreesOfFreedom: 1, epsilon: 1e-6)),
        ("trl scale_rewards=group", GroupRelativeAdvantage(degreesOfFreedom: 1, epsilon: 1e-4)),
        ("open-instruct standard", GroupRelativeAdvantage(degreesOfFreedom: 0, epsilon: 1e-8)),
        ("verl grpo nostd", MeanOnlyAdvantage()), ("prime-rl grpo == tinker-cookbook", MeanOnlyAdvantage()),
    ]

    @Test(
        .enabled(if: SharedData.isPresent, "needs ../shared/golden/grpo.json"),
        arguments: peers.indices, groups.indices)
    func agreesWithThePeer(peer: Int, group: Int) throws {
        let (name, estimator) = Self.peers[peer]
        let expected = try #require(
            try SharedData.grpo()["advantages"]?[Self.groups[group].name]?[name]?.arrayValue
        ).compactMap(\.doubleValue)
        let advantages = estimator.advantages(of: Self.groups[group].rewards)
        #expect(advantages.count == expected.count)
        for (found, wanted) in zip(advantages, expected) { #expect(abs(found - wanted) < 1.5e-6) }
    }

    /// verl gives a single episode its raw reward; here it has nothing to be compared with, as in TRL.
    @Test(arguments: peers.indices) func aSingleEpisodeHasNoAdvantage(peer: Int) {
        #expect(Self.peers[peer].estimator.advantages(of: [0.7]) == [0])
    }

    /// The mean of three times 0.1 is not 0.1 in floating point, but equal rewards still give exact zeros.
    @Test(arguments: peers.indices) func equalRewardsGiveExactZeros(peer: Int) {
        #expect(Self.peers[peer].estimator.advantages(of: [0.1, 0.1, 0.1]) == [0, 0, 0])
    }

    @Test(arguments: peers.indices) func anEmptyGroupIsEmpty(peer: Int) {
        #expect(Self.peers[peer].estimator.advantages(of: []).isEmpty)
    }
}
