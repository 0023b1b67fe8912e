import Foundation

/// How far a judge agrees with people over a set of answers with known verdicts.
public struct JudgeCalibration: Sendable, Hashable {
    /// Judged correct, and correct.
    public private(set) var truePositives = 0
    /// Judged correct, and incorrect: a wrong answer rewarded.
    public private(set) var falsePositives = 0
    public private(set) var trueNegatives = 0
    public private(set) var falseNegatives = 0

    public init(_ outcomes: [(isCorrect: Bool, isJudgedCorrect: Bool)] = []) {
        for outcome in outcomes { add(isCorrect: outcome.isCorrect, isJudgedCorrect: outcome.isJudgedCorrect) }
    }

    public mutating func add(isCorrect: Bool, isJudgedCorrect: Bool) {
        switch (isCorrect, isJudgedCorrect) {
        case (true, true): truePositives += 1
        case (false, true): falsePositives += 1
        case (false, false): trueNegatives += 1
        case (true, false): falseNegatives += 1
        }
    }

    public var count: Int { truePositives + falsePositives + trueNegatives + falseNegatives }

    /// The share of equal verdicts; `nil` for an empty set.
    public var agreement: Double? {
        count == 0 ? nil : Double(truePositives + trueNegatives) / Double(count)
    }

    /// Cohen's κ: agreement beyond chance, 1 at best and 0 at chance. `nil` where chance alone agrees always, because
    /// all verdicts of both are the same.
    public var kappa: Double? {
        guard let agreement else { return nil }
        let total = Double(count)
        let correct = Double(truePositives + falseNegatives) / total
        let judged = Double(truePositives + falsePositives) / total
        let chance = correct * judged + (1 - correct) * (1 - judged)
        return chance == 1 ? nil : (agreement - chance) / (1 - chance)
    }

    /// The share of incorrect answers that were judged correct; `nil` where there are none.
    public var falsePositiveRate: Double? {
        let incorrect = falsePositives + trueNegatives
        return incorrect == 0 ? nil : Double(falsePositives) / Double(incorrect)
    }

    /// The one-sided upper bound of the false-positive rate after Clopper and Pearson: were the rate above it, so few
    /// false positives would have had a probability below 1 − `confidence`. 1 where no incorrect answer was judged.
    public func falsePositiveBound(confidence: Double = 0.95) -> Double {
        let incorrect = falsePositives + trueNegatives
        guard falsePositives < incorrect, confidence > 0, confidence < 1 else { return 1 }
        var (low, high) = (Double(falsePositives) / Double(incorrect), 1.0)
        for _ in 0..<60 {
            let middle = (low + high) / 2
            if Self.probability(ofAtMost: falsePositives, of: incorrect, rate: middle) > 1 - confidence {
                low = middle
            } else {
                high = middle
            }
        }
        return high
    }

    /// The binomial probability of at most `successes`.
    private static func probability(ofAtMost successes: Int, of trials: Int, rate: Double) -> Double {
        guard rate > 0 else { return 1 }
        guard rate < 1 else { return successes >= trials ? 1 : 0 }
        var logarithm = Double(trials) * log1p(-rate)
        let odds = log(rate) - log1p(-rate)
        var sum = exp(logarithm)
        for index in 0..<successes {
            logarithm += log(Double(trials - index)) - log(Double(index + 1)) + odds
            sum += exp(logarithm)
        }
        return min(1, sum)
    }
}
