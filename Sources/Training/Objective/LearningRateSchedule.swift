import Foundation

/// The learning rate of each step as a pure function of the step.
///
/// With peak `η`, `w` warm-up steps, `T` steps in all and final fraction `f`:
/// - warm-up, step `n ≤ w`: `η · n / (w + 1)`, so that no step is wasted on a rate of zero;
/// - after it, with `p = (n − 1 − w) / (T − w)`: `η · (f + (1 − f) · d(p))`, where `d` is 1 (constant), `1 − p` (linear) or
///   `(1 + cos πp) / 2` (cosine). With `f = 0` the linear and cosine forms are those of Hugging Face `transformers` at its
///   scheduler step `n − 1`.
public struct LearningRateSchedule: Sendable, Equatable {
    public enum Shape: String, Sendable, CaseIterable {
        case constant, linear, cosine
    }

    public var shape: Shape
    public var peak: Double
    public var warmupSteps: Int
    public var totalSteps: Int
    /// The fraction of the peak that the decay ends at, in 0…1. A constant schedule does not use it.
    public var finalFraction: Double

    public init(
        shape: Shape = .constant, peak: Double, warmupSteps: Int = 0, totalSteps: Int, finalFraction: Double = 0
    ) {
        precondition(warmupSteps >= 0 && totalSteps >= 0, "a schedule has no negative number of steps")
        self.shape = shape
        self.peak = peak
        self.warmupSteps = warmupSteps
        self.totalSteps = totalSteps
        self.finalFraction = finalFraction
    }

    /// The rate of a step; steps count from 1. Beyond the last step the rate stays at its final value.
    public func rate(step: Int) -> Double {
        precondition(step >= 1, "steps count from 1")
        if step <= warmupSteps { return peak * Double(step) / Double(warmupSteps + 1) }
        let progress = min(1, Double(step - 1 - warmupSteps) / Double(max(1, totalSteps - warmupSteps)))
        let decay: Double
        switch shape {
        case .constant: return peak
        case .linear: decay = 1 - progress
        case .cosine: decay = 0.5 * (1 + cos(Double.pi * progress))
        }
        return peak * (finalFraction + (1 - finalFraction) * decay)
    }
}
