import Foundation

/// Estimates of KL(policy ‖ reference) from one token that the policy drew, with `d` the policy's logprob minus the
/// reference's (Schulman, "Approximating KL Divergence", 2020; the names are verl's).
public enum DivergenceEstimator: String, Sendable, CaseIterable {
    /// `d`: unbiased, may be negative.
    case k1
    /// `|d|`
    case absolute = "abs"
    /// `d² / 2`: biased, of low variance.
    case k2
    /// `exp(−d) + d − 1`: unbiased and never negative (TRL, slime `k3`).
    case k3
    /// k3 with `d` held in ±20 and the result in ±10 (verl `k3` and `low_var_kl`), so that one token that the reference
    /// almost excludes does not outweigh all others.
    case clampedK3 = "k3_clamped"

    public func callAsFunction(policy: Double, reference: Double) -> Double {
        let difference = policy - reference
        switch self {
        case .k1: return difference
        case .absolute: return abs(difference)
        case .k2: return 0.5 * difference * difference
        case .k3: return exp(-difference) + difference - 1
        case .clampedK3:
            let held = min(max(difference, -20), 20)
            return min(exp(-held) + held - 1, 10)
        }
    }
}
