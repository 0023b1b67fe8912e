/// What a mismatch correction did, over the policy's tokens. Sums are kept, so that passes combine exactly; where nothing
/// counts, everything is 0 and nothing is divided by it.
struct MismatchStatistics: Sendable, Equatable {
    private(set) var tokenCount = 0
    private var sum = 0.0
    private var sumOfSquares = 0.0
    /// The largest weight.
    private(set) var maximum = 0.0
    /// The largest ratio before it was bounded: of a token or, where sequences are weighed, of a sequence.
    private(set) var ratioMaximum = 0.0
    private var outOfBounds = 0
    private var sequenceCount = 0
    private var rejected = 0

    init() {}

    init(combining parts: [MismatchStatistics]) {
        for part in parts {
            tokenCount += part.tokenCount
            sum += part.sum
            sumOfSquares += part.sumOfSquares
            maximum = max(maximum, part.maximum)
            ratioMaximum = max(ratioMaximum, part.ratioMaximum)
            outOfBounds += part.outOfBounds
            sequenceCount += part.sequenceCount
            rejected += part.rejected
        }
    }

    mutating func add(weights: [Double], ratios: [Double], low: Double, high: Double, isRejected: Bool) {
        sequenceCount += 1
        if isRejected { rejected += 1 }
        tokenCount += weights.count
        for (weight, ratio) in zip(weights, ratios) {
            sum += weight
            sumOfSquares += weight * weight
            maximum = max(maximum, weight)
            ratioMaximum = max(ratioMaximum, ratio)
            if ratio < low || ratio > high { outOfBounds += 1 }
        }
    }

    var mean: Double { sum / Double(max(1, tokenCount)) }
    /// `(Σw)² / (n Σw²)`, in 0…1: the fraction of the tokens that would say as much if all counted alike.
    var effectiveSampleSize: Double { sumOfSquares > 0 ? sum * sum / (Double(tokenCount) * sumOfSquares) : 0 }
    /// The fraction of tokens whose ratio lay outside the bounds.
    var outOfBoundFraction: Double { Double(outOfBounds) / Double(max(1, tokenCount)) }
    /// The fraction of sequences that were given up for their geometric mean.
    var rejectedFraction: Double { Double(rejected) / Double(max(1, sequenceCount)) }

    /// Under the names of `metrics.jsonl`.
    var metrics: [(name: String, value: Double?)] {
        [
            ("mismatch/mean", mean), ("mismatch/max", maximum), ("mismatch/ratio_max", ratioMaximum),
            ("mismatch/effective_sample_size", effectiveSampleSize),
            ("mismatch/out_of_bound_fraction", outOfBoundFraction),
            ("mismatch/rejected_fraction", rejectedFraction),
        ]
    }
}
