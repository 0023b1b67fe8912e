import Primitives
import Testing

/// Every entry of the reference is tested somewhere, or here is why it is not.
@Suite(.enabled(if: SharedData.isPresent, "needs ../shared/golden/grpo.json")) struct GoldenLedgerTests {
    /// By the beginning of their names: where they are tested.
    static let tested: [String: String] = [
        "advantages": "GoldenAdvantageTests", "trl scale_rewards=batch": "GoldenAdvantageTests",
        "verl reinforce++": "GoldenAdvantageTests", "prime-rl grpo length_penalty": "ShapingTests",
        "aggregation": "LossAggregationTests", "ratios": "PolicyLossTests", "verl vanilla": "PolicyLossTests",
        "verl cispo": "PolicyLossTests", "trl grpo": "PolicyLossTests", "trl cispo": "PolicyLossTests",
        "tinker ppo": "PolicyLossTests", "tinker cispo": "PolicyLossTests",
        "tinker importance_sampling": "PolicyLossTests", "verl gspo": "PolicyLossTests",
        "kl inputs": "ReferenceTests", "verl k1": "ReferenceTests", "verl abs": "ReferenceTests",
        "verl k2": "ReferenceTests", "verl k3": "ReferenceTests", "trl k3": "ReferenceTests",
        "prime-rl mismatch_kl": "PolicyLossTests", "tinker kl_sample_train": "PolicyLossTests",
        "tinker kl penalty adv add": "ReferenceTests", "  kl_policy_base": "ReferenceTests",
        "  with kl_discount_factor": "ReferenceTests", "verl rollout_is": "MismatchTests", "slime tis": "MismatchTests",
        "slime icepop": "MismatchTests", "trl token_": "MismatchTests", "trl sequence": "MismatchTests",
        "verl DAPO overlong": "ShapingTests",
    ]

    /// By the beginning of their names: why they are not offered.
    static let absent: [String: String] = [
        "trl normalize_then_sum (GDPO)":
            "it normalises every part of the reward by itself, while here the recipe's weights compare the parts",
        "prime-rl default (DPPO)":
            "no server computes its loss, a mask on probability differences with a penalty on squared log ratios",
        "prime-rl ipo": "as DPPO",
        "prime-rl pass@k": "a figure of evaluations with several attempts, not of the objective",
    ]

    @Test func everyEntryIsAccountedFor() throws {
        let names = try #require(try SharedData.grpo().objectValue).members.map(\.key)
        for name in names {
            let owners = (Array(Self.tested.keys) + Self.absent.keys).filter {
                name.trimmed.hasPrefix($0.trimmed)
            }
            #expect(owners.count >= 1, "nobody answers for `\(name)`")
        }
        for prefix in Array(Self.tested.keys) + Self.absent.keys {
            #expect(names.contains { $0.trimmed.hasPrefix(prefix.trimmed) }, "there is no entry `\(prefix)…` any more")
        }
    }
}

extension String {
    fileprivate var trimmed: Substring { drop { $0 == " " } }
}
