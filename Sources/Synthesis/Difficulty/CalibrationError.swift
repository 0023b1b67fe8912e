import Foundation
import Primitives

/// How far predicted pass rates are from observed ones.
public struct CalibrationError: Sendable, Hashable {
    /// A prediction for a question and what was observed.
    public struct Observation: Sendable, Hashable {
        /// From 0 to 1.
        public var predicted: Double
        public var observed: Proportion

        public init(predicted: Double, observed: Proportion) {
            self.predicted = predicted
            self.observed = observed
        }
    }

    public struct Bin: Sendable, Hashable {
        public var range: Range<Double>
        /// The mean prediction, each attempt counting once.
        public var predicted: Double
        public var observed: Proportion
    }

    /// Bins of equal width that hold observations; the last one includes 1.
    public let bins: [Bin]
    /// `Σ (attempts of bin / all attempts) · |observed − predicted|` (Naeini et al. 2015).
    public let expected: Double
    /// The largest difference of a bin.
    public let maximum: Double
    /// The mean of `(predicted − outcome)²` over attempts (Brier 1950).
    public let brier: Double

    /// Observations without attempts are left out; `nil` if none has one or a prediction is no probability.
    public init?(_ observations: [Observation], binCount: Int = 10) {
        let used = observations.filter { $0.observed.count > 0 }
        guard !used.isEmpty, binCount > 0, used.allSatisfy({ 0...1 ~= $0.predicted }) else { return nil }
        var sums = [Double](repeating: 0, count: binCount)
        var successes = [Int](repeating: 0, count: binCount)
        var counts = [Int](repeating: 0, count: binCount)
        var squares = 0.0
        for observation in used {
            let bin = min(binCount - 1, Int(observation.predicted * Double(binCount)))
            let (right, all) = (observation.observed.successes, observation.observed.count)
            sums[bin] += observation.predicted * Double(all)
            successes[bin] += right
            counts[bin] += all
            let miss = 1 - observation.predicted
            squares += Double(right) * miss * miss + Double(all - right) * observation.predicted * observation.predicted
        }
        let total = Double(counts.reduce(0, +))
        bins = (0..<binCount).filter { counts[$0] > 0 }.map { bin in
            Bin(
                range: Double(bin) / Double(binCount)..<Double(bin + 1) / Double(binCount),
                predicted: sums[bin] / Double(counts[bin]),
                observed: Proportion(successes: successes[bin], count: counts[bin]))
        }
        let gaps = bins.map { (gap: abs($0.observed.value - $0.predicted), weight: Double($0.observed.count) / total) }
        expected = gaps.reduce(0) { $0 + $1.gap * $1.weight }
        maximum = gaps.map(\.gap).max() ?? 0
        brier = squares / total
    }

    public var json: JSONValue {
        [
            "expected_calibration_error": .number(expected), "maximum_calibration_error": .number(maximum),
            "brier": .number(brier),
            "bins": .array(
                bins.map { bin -> JSONValue in
                    [
                        "from": .number(bin.range.lowerBound), "to": .number(bin.range.upperBound),
                        "predicted": .number(bin.predicted), "observed": bin.observed.json,
                    ]
                }),
        ]
    }
}
