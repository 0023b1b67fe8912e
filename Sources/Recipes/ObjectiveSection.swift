import Backends
import Training

/// What a reinforcement stage optimises: the sections `loss`, `advantage`, `kl`, `mismatch`, `entropy_bonus`, `shaping` and
/// `filters` of `rl`. `Sources/Training/README.md` has the formulas.
public struct ObjectiveSection: Sendable {
    public var loss: LossSection
    public var advantage: AdvantageSection
    public var reference: ReferenceSection?
    public var mismatch: MismatchCorrection?
    public var entropyBonus: EntropyBonus?
    public var shaping: RewardShaping
    public var filter: GroupFilter

    /// - Parameter section: `rl`.
    init(_ section: RecipeSection) {
        loss = LossSection(section.section("loss"))
        advantage = AdvantageSection(section.section("advantage"))
        reference = section.optionalSection("kl").map(ReferenceSection.init)
        mismatch = section.optionalSection("mismatch").flatMap(Self.mismatch)
        entropyBonus = section.optionalSection("entropy_bonus").map { section in
            let bonus = EntropyBonus(
                coefficient: section.number("coefficient", default: 0.4, in: 0...1000),
                divisor: section.number("divisor", default: 2, in: 1...1e6))
            section.finish()
            return bonus
        }
        shaping = section.optionalSection("shaping").map(Self.shaping) ?? RewardShaping()
        filter = section.optionalSection("filters").map(Self.filter) ?? GroupFilter()
    }

    /// Complains about combinations with the rest of `rl` that make no sense.
    func check(_ section: RecipeSection, groupSize: Int, substeps: Int, reward: RewardSection) {
        if advantage.kind == .leaveOneOutDeviation, groupSize < 3 {
            section.reader.complain(
                section.place(of: "group_size"),
                "rl.advantage.kind is leave_one_out_std, which needs rl.group_size of at least 3, found \(groupSize)")
        }
        if shaping.overlong != nil, reward.composition.shaping.contains(where: { $0.shaping.name == .overlong }) {
            section.reader.complain(
                section.place(of: "shaping"),
                "rl.shaping.overlong and rl.reward.overlong both punish long answers; leave one of them out")
        }
        if mismatch != nil, substeps == 1, loss.dualClip != nil || loss.kind == .dro {
            let other = loss.kind == .dro ? "rl.loss.beta" : "rl.loss.dual_clip"
            section.reader.complain(
                section.place(of: "mismatch"),
                "rl.mismatch bounds the ratio of trainer and sampler, so that \(other) would see none where there is one "
                    + "update a step; leave one of them out, or raise rl.substeps")
        }
    }

    /// - Parameter keepsPartialGroups: `rl.failures.incomplete_groups`.
    public func objective(keepsPartialGroups: Bool) -> PolicyObjective {
        PolicyObjective(
            shaping: shaping, estimator: advantage.estimator, aggregation: loss.aggregation, loss: loss.loss,
            mismatch: mismatch, reference: reference?.penalty, entropyBonus: entropyBonus, filter: filter,
            keepsPartialGroups: keepsPartialGroups)
    }

    enum Weighting: String, CaseIterable {
        case none
        case tokenTruncation = "token_truncation"
        case tokenMask = "token_mask"
        case sequenceTruncation = "sequence_truncation"
        case sequenceMask = "sequence_mask"

        var masks: Bool { self == .tokenMask || self == .sequenceMask }
    }

    private static func mismatch(_ section: RecipeSection) -> MismatchCorrection? {
        let weighting = section.choice("weight", default: Weighting.tokenTruncation) ?? .tokenTruncation
        section.expects("low", onlyIf: weighting.masks, "weight", is: weighting.rawValue)
        section.expects("high", onlyIf: weighting != .none, "weight", is: weighting.rawValue)
        let low = weighting.masks ? section.number("low", default: 0, in: 0...1) : 0
        let high = weighting == .none ? 0 : section.number("high", default: 2, in: 1...1e6)
        let rejection = (
            section.optionalNumber("reject_below", in: 0...1), section.optionalNumber("reject_above", in: 1...1e6)
        )
        section.finish()
        let bounds = rejection.0 == nil && rejection.1 == nil ? nil : (rejection.0 ?? 0)...(rejection.1 ?? .infinity)
        if weighting == .none, bounds == nil {
            section.reader.complain(
                section.place,
                "rl.mismatch.weight is none and neither rl.mismatch.reject_below nor rl.mismatch.reject_above is given, so that "
                    + "nothing would be corrected")
        }
        let weighted: MismatchCorrection.Weighting =
            switch weighting {
            case .none: .none
            case .tokenTruncation: .tokenTruncation(maximum: high)
            case .tokenMask: .tokenMask(low: low, high: high)
            case .sequenceTruncation: .sequenceTruncation(maximum: high)
            case .sequenceMask: .sequenceMask(low: low, high: high)
            }
        return MismatchCorrection(weighted, geometricBounds: bounds)
    }

    private static func shaping(_ section: RecipeSection) -> RewardShaping {
        let overlong = section.optionalSection("overlong").flatMap { section -> OverlongShaping? in
            let maximum = section.integer("maximum_tokens", default: nil, in: 1...100_000_000)
            let buffer = section.integer("buffer_tokens", default: nil, in: 1...100_000_000)
            let factor = section.number("factor", default: 1, in: 0...1000)
            let floor = section.number("floor", default: factor, in: 0...1e6)
            section.finish()
            guard buffer <= maximum else {
                section.reader.complain(
                    section.place(of: "buffer_tokens"),
                    "\(section.name).buffer_tokens must not exceed \(section.name).maximum_tokens (\(maximum)), found \(buffer)"
                )
                return nil
            }
            return OverlongShaping(maximumTokens: maximum, bufferTokens: buffer, factor: factor, floor: floor)
        }
        let length = section.optionalSection("length").map { section in
            let length = LengthShaping(
                output: section.number("output", default: 0.25, in: 0...1000),
                input: section.number("input", default: 0.1, in: 0...1000),
                turns: section.number("turns", default: 0.1, in: 0...1000))
            section.finish()
            return length
        }
        section.finish()
        return RewardShaping(overlong: overlong, length: length)
    }

    private enum Fate: String, CaseIterable { case keep, drop }

    private static func filter(_ section: RecipeSection) -> GroupFilter {
        let measure = section.choice("informative", default: GroupFilter.Measure.reward) ?? .reward
        let low = section.number("minimum_accuracy", default: 0, in: 0...1)
        let high = section.number("maximum_accuracy", default: 1, in: 0...1)
        let zeros = section.choice("zero_advantage", default: Fate.drop)
        let truncated = section.choice("truncated_episodes", default: Fate.keep)
        section.finish()
        if low > high {
            section.reader.complain(
                section.place(of: "minimum_accuracy"),
                "rl.filters.minimum_accuracy (\(low)) must not exceed rl.filters.maximum_accuracy (\(high))")
        }
        return GroupFilter(
            measure: measure, accuracy: min(low, high)...high, keepsZeroAdvantages: zeros == .keep,
            dropsTruncated: truncated == .drop)
    }
}

extension RecipeSection {
    /// Complains about a key that another key's value makes meaningless, and names both.
    func expects(_ key: String, onlyIf condition: Bool, _ other: String, is value: String) {
        guard !condition, has(key) else { return }
        knows(key)
        reader.complain(place(of: key), "\(name).\(key) has no meaning where \(name).\(other) is \(value)")
    }
}
