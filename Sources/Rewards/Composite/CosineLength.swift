import Foundation

/// Length shaping by half a cosine (arXiv 2502.03373, as in Open-R1 and TRL): `low + ½ (high − low) (1 + cos(π · length /
/// maximumLength))`. Shorter is better for a right answer, longer for a wrong one. Lengths beyond the maximum count as
/// the maximum; without that the cosine would rise again.
struct CosineLength: Sendable, Hashable {
    var maximumLength: Int
    var correct = 0.5...1.0
    var wrong = -1.0 ... -0.5

    init(maximumLength: Int, correct: ClosedRange<Double> = 0.5...1, wrong: ClosedRange<Double> = -1 ... -0.5) {
        self.maximumLength = maximumLength
        self.correct = correct
        self.wrong = wrong
    }

    func value(length: Int, isCorrect: Bool) -> Double {
        let progress = maximumLength > 0 ? min(1, max(0, Double(length) / Double(maximumLength))) : 1
        let share = 0.5 * (1 + cos(progress * .pi))
        return isCorrect
            ? correct.lowerBound + (correct.upperBound - correct.lowerBound) * share
            : wrong.upperBound + (wrong.lowerBound - wrong.upperBound) * share
    }
}
