import Foundation
import Primitives

/// Predicts how often a question is solved, from features that need no model: a logistic regression.
///
/// The default weights are a prior that only orders questions sensibly: each further constraint halves the odds or so, as
/// do four times as many candidates, and an answer that the question's own words find at the top of a search is easy.
/// With pass rates of a real solver, ``fitted(to:penalty:)`` replaces them, and ``CalibrationError`` says how good either is.
public struct DifficultyScore: Sendable, Hashable {
    /// In the order of `DifficultyFeatures.vector`.
    public let weights: [Double]

    public static let prior = DifficultyScore(weights: [2.5, -0.7, -0.35, -0.25, -0.5])

    init(weights: [Double]) { self.weights = weights }

    /// The predicted pass rate, between 0 and 1.
    public func passRate(_ features: DifficultyFeatures) -> Double { Self.rate(weights, features.vector) }

    /// The weights that make the observed outcomes likeliest, by Newton's method on the penalised log-likelihood.
    ///
    /// - Parameter penalty: half of it times the squared distance from the prior's weights is subtracted, so that few
    ///   observations move the score little and separable ones leave it finite.
    public static func fitted(
        to observations: [(features: DifficultyFeatures, observed: Proportion)], penalty: Double = 1
    ) -> DifficultyScore {
        let rows = observations.filter { $0.observed.count > 0 }.map { (x: $0.features.vector, y: $0.observed) }
        let start = prior.weights
        var weights = start
        let ridge = max(penalty, 1e-6)
        for _ in 0..<100 {
            var gradient = zip(weights, start).map { -ridge * ($0 - $1) }
            var hessian = weights.indices.map { row in weights.indices.map { $0 == row ? ridge : 0 } }
            for (x, y) in rows {
                let p = rate(weights, x)
                let (residual, curvature) = (Double(y.successes) - Double(y.count) * p, Double(y.count) * p * (1 - p))
                for row in weights.indices {
                    gradient[row] += residual * x[row]
                    for column in weights.indices { hessian[row][column] += curvature * x[row] * x[column] }
                }
            }
            let step = solve(hessian, gradient)
            // Half steps keep the likelihood from falling, which Newton's full step may do far from the optimum.
            let before = objective(weights, start, rows, ridge)
            var length = 1.0
            var next = weights
            repeat {
                next = zip(weights, step).map { $0 + length * $1 }
                length /= 2
            } while objective(next, start, rows, ridge) < before && length > 1e-9
            weights = next
            if step.allSatisfy({ abs($0) < 1e-10 }) { break }
        }
        return DifficultyScore(weights: weights)
    }

    private static func rate(_ weights: [Double], _ x: [Double]) -> Double {
        1 / (1 + exp(-zip(weights, x).reduce(0) { $0 + $1.0 * $1.1 }))
    }

    private static func objective(
        _ weights: [Double], _ start: [Double], _ rows: [(x: [Double], y: Proportion)], _ ridge: Double
    ) -> Double {
        var value = zip(weights, start).reduce(0) { $0 - ridge / 2 * ($1.0 - $1.1) * ($1.0 - $1.1) }
        for (x, y) in rows {
            let logit = zip(weights, x).reduce(0) { $0 + $1.0 * $1.1 }
            // log σ(t) = −log(1 + e⁻ᵗ), written so that neither side overflows.
            let softplus = max(0, logit) + log1p(exp(-abs(logit)))
            value += Double(y.successes) * (logit - softplus) - Double(y.count - y.successes) * softplus
        }
        return value
    }

    /// Solves a symmetric positive definite system by Cholesky's method.
    private static func solve(_ matrix: [[Double]], _ right: [Double]) -> [Double] {
        let count = right.count
        var lower = matrix
        for row in 0..<count {
            for column in 0...row {
                var sum = matrix[row][column]
                for k in 0..<column { sum -= lower[row][k] * lower[column][k] }
                lower[row][column] = row == column ? max(sum, 1e-12).squareRoot() : sum / lower[column][column]
            }
        }
        var solution = right
        for row in 0..<count {
            for k in 0..<row { solution[row] -= lower[row][k] * solution[k] }
            solution[row] /= lower[row][row]
        }
        for row in (0..<count).reversed() {
            for k in (row + 1)..<max(row + 1, count) { solution[row] -= lower[k][row] * solution[k] }
            solution[row] /= lower[row][row]
        }
        return solution
    }
}
