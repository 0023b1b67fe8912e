import Training

/// `rl.loss`: the loss with its bounds, and how tokens are summed up.
public struct LossSection: Sendable {
    public enum Kind: String, CaseIterable, Sendable {
        case importanceSampling = "importance_sampling", ppo, cispo, gspo, dro

        /// The bounds of the ratio: the API's defaults, and for GSPO its paper's.
        var bounds: ClosedRange<Double> {
            switch self {
            case .cispo: 0...4
            case .gspo: 0.9997...1.0004
            case .importanceSampling, .ppo, .dro: 0.8...1.2
            }
        }
    }

    public enum Aggregation: String, CaseIterable, Sendable {
        case tokenMean = "token_mean"
        case sequenceMean = "sequence_mean"
        case sequenceMeanOverAll = "sequence_mean_over_all"
        case sequenceSum = "sequence_sum"
        case sequenceSumOverAll = "sequence_sum_over_all"
        case constantLength = "constant_length"
        case constantLengthOverAll = "constant_length_over_all"
        case tokenSum = "token_sum"

        var hasLength: Bool { self == .constantLength || self == .constantLengthOverAll }
    }

    public var kind: Kind
    public var clipLow: Double
    public var clipHigh: Double
    public var dualClip: Double?
    /// The penalty of DRO on the distance from the sampler.
    public var beta: Double
    public var aggregation: LossAggregation

    init(_ section: RecipeSection) {
        kind = section.choice("kind", default: Kind.importanceSampling) ?? .importanceSampling
        clipLow = section.number("clip_low", default: kind.bounds.lowerBound, in: 0...1)
        clipHigh = section.number("clip_high", default: kind.bounds.upperBound, in: 1...1000)
        section.expects("dual_clip", onlyIf: kind == .ppo, "kind", is: kind.rawValue)
        dualClip = kind == .ppo ? section.optionalNumber("dual_clip", in: 1...1000) : nil
        beta = section.has("beta") || kind == .dro ? section.number("beta", default: 0.1, in: 0...1000) : 0
        section.knows("beta")
        let aggregation =
            section.choice("aggregation", default: kind == .gspo ? Aggregation.sequenceMean : .tokenMean) ?? .tokenMean
        section.expects("maximum_length", onlyIf: aggregation.hasLength, "aggregation", is: aggregation.rawValue)
        let length =
            aggregation.hasLength ? section.integer("maximum_length", default: nil, in: 1...100_000_000) : 1
        section.finish()
        self.aggregation =
            switch aggregation {
            case .tokenMean: .tokenMean
            case .sequenceMean: .sequenceMean
            case .sequenceMeanOverAll: .sequenceMeanOverAll
            case .sequenceSum: .sequenceSum
            case .sequenceSumOverAll: .sequenceSumOverAll
            case .constantLength: .constantLength(maximum: length)
            case .constantLengthOverAll: .constantLengthOverAll(maximum: length)
            case .tokenSum: .tokenSum
            }
        if let dualClip, dualClip <= clipHigh {
            section.reader.complain(
                section.place(of: "dual_clip"),
                "rl.loss.dual_clip (\(dualClip)) must be above rl.loss.clip_high (\(clipHigh)); 3 is usual")
        }
    }

    public var loss: PolicyLoss {
        switch kind {
        case .importanceSampling: .importanceSampling
        case .ppo: .ppo(clipLow: clipLow, clipHigh: clipHigh, dualClip: dualClip)
        case .cispo: .cispo(clipLow: clipLow, clipHigh: clipHigh)
        case .gspo: .gspo(clipLow: clipLow, clipHigh: clipHigh)
        case .dro: .dro(beta: beta)
        }
    }
}
