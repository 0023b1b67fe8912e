import Primitives
import Testing

@testable import Training

/// Every advantage of the reference: it agrees, or the table says why we differ.
@Suite(.enabled(if: SharedData.isPresent, "needs ../shared/golden/grpo.json"))
struct GoldenAdvantageTests {
    static let groups: [String: [Double]] = [
        "A": [1, 0, 0, 1], "B": [1, 0, 0, 0], "C": [0.5, 0.2, 0.9, 0.2], "D": [1, 1, 1, 1], "E": [0.7], "F": [3, -1],
    ]

    static let peers: [String: any AdvantageEstimator] = [
        "verl grpo": GroupRelativeAdvantage(degreesOfFreedom: 1, epsilon: 1e-6),
        "verl grpo_vectorized": GroupRelativeAdvantage(degreesOfFreedom: 1, epsilon: 1e-6),
        "slime grpo": GroupRelativeAdvantage(degreesOfFreedom: 1, epsilon: 1e-6),
        "nemo-rl loo=False normalize=True": GroupRelativeAdvantage(degreesOfFreedom: 1, epsilon: 1e-6),
        "trl scale_rewards=group": GroupRelativeAdvantage(degreesOfFreedom: 1, epsilon: 1e-4),
        "open-instruct standard": GroupRelativeAdvantage(degreesOfFreedom: 0, epsilon: 1e-8),
        "verl grpo nostd": MeanOnlyAdvantage(), "trl none": MeanOnlyAdvantage(),
        "prime-rl grpo == tinker-cookbook": MeanOnlyAdvantage(),
        "nemo-rl loo=False normalize=False": MeanOnlyAdvantage(),
        "verl rloo": LeaveOneOutAdvantage(), "verl rloo_vectorized": LeaveOneOutAdvantage(),
        "nemo-rl loo=True normalize=False": LeaveOneOutAdvantage(),
        "nemo-rl loo=True normalize=True": LeaveOneOutDeviationAdvantage(),
        "verl rf++baseline": ReinforcePlusPlusBaselineAdvantage(), "verl opo(len2)": OptimalBaselineAdvantage(),
        "verl passk": PassAtKAdvantage(), "prime-rl max_rl": MaximumRewardAdvantage(),
    ]

    private static let single = "one episode has nothing to be compared with; the peer trains on its raw reward"

    /// What we give instead, and why.
    static let differences: [String: (ours: [Double], reason: String)] = [
        "E verl grpo": ([0], single), "E verl grpo nostd": ([0], single), "E verl grpo_vectorized": ([0], single),
        "E verl rloo": ([0], single), "E verl opo(len2)": ([0], single),
        "E slime grpo": ([0], "the peer divides 0 by 0 there and relies on the switch being off"),
        "F nemo-rl loo=True normalize=True": (
            [1.414213, -1.414213],
            "the spread of one other episode is undefined, and the peer leaves the difference undivided; the group's is used"
        ),
    ]

    @Test(arguments: groups.keys.sorted()) func everyEntryAgreesOrDiffersForAReason(name: String) throws {
        let rewards = try #require(Self.groups[name])
        let entries = try #require(try SharedData.grpo()["advantages"]?[name]?.objectValue).members
        let group = RewardGroup(rewards: rewards, tokenCounts: rewards.map { _ in 2 })
        for (peer, wanted) in entries {
            let estimator = try #require(Self.peers[peer], "nobody answers for \(peer)")
            let found = estimator.advantages(ofBatch: [group])[0].values.compactMap(\.self)
            if let difference = Self.differences["\(name) \(peer)"] {
                #expect(Golden.agree(found, difference.ours), "\(peer): \(found)")
                let theirs = wanted.arrayValue?.compactMap(\.doubleValue) ?? []
                #expect(!Golden.agree(found, theirs), "\(peer) does not differ any more")
            } else {
                #expect(Golden.agree(found, try #require(wanted.arrayValue).compactMap(\.doubleValue)), "\(peer)")
            }
        }
    }

    @Test func theDeviationOfABatchAgreesWithTRL() throws {
        let groups = ["A", "B"].map { name in
            RewardGroup(rewards: Self.groups[name] ?? [], tokenCounts: [1, 1, 1, 1])
        }
        let found = BatchNormalizedAdvantage(epsilon: 1e-4).advantages(ofBatch: groups).flatMap(\.values)
        #expect(Golden.agree(found.compactMap(\.self), try Golden.numbers("trl scale_rewards=batch  A+B")))
    }

    /// Rows of verl's batch: what the policy wrote is `1101` and `1100`, the rewards 1 and 0.
    @Test func reinforcePlusPlusAgreesWithVerl() throws {
        let group = RewardGroup(rewards: [1, 0], tokenCounts: [3, 2])
        let found = ReinforcePlusPlusAdvantage().advantages(ofBatch: [group])[0]
        let rows = try #require(try SharedData.grpo()["verl reinforce++ adv"]?.arrayValue).map {
            try #require($0.arrayValue).compactMap(\.doubleValue)
        }
        #expect(Golden.agree(found.values.compactMap(\.self), [rows[0][0], rows[1][0]]))
        #expect(rows[0][2] == 0, "the observation has no advantage")
    }

    @Test func discountedReturnsSkipObservationsAsInVerl() throws {
        for (key, discount) in [("verl reinforce++ ret", 1.0), ("verl reinforce++ gamma.9 ret", 0.9)] {
            let rows = try #require(try SharedData.grpo()[key]?.arrayValue).map {
                try #require($0.arrayValue).compactMap(\.doubleValue)
            }
            let found = ReinforcePlusPlusAdvantage(discount: discount).returns(of: 1, tokenCount: 3)
            #expect(Golden.agree(found, [rows[0][0], rows[0][1], rows[0][3]]))
            #expect(ReinforcePlusPlusAdvantage(discount: discount).returns(of: 0, tokenCount: 2) == [0, 0])
        }
    }
}
