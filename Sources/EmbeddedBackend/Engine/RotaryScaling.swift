#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// How the frequencies of the rotary position embedding are stretched for longer contexts (`rope_type`).
public enum RotaryScaling: Sendable, Equatable {
    case none
    /// All frequencies divided by `factor`.
    case linear(factor: Double)
    /// Llama 3: low frequencies divided by `factor`, high ones kept, those between interpolated. Which is which follows
    /// from the number of turns within the original context.
    case llama3(factor: Double, lowFrequencyFactor: Double, highFrequencyFactor: Double, originalPositions: Int)

    /// The angle per position of each rotary pair, `headSize / 2` of them.
    func frequencies(headSize: Int, theta: Double) -> [Float] {
        (0..<headSize / 2).map { pair in
            let plain = pow(theta, -Double(2 * pair) / Double(headSize))
            return Float(scaled(plain))
        }
    }

    private func scaled(_ frequency: Double) -> Double {
        switch self {
        case .none: return frequency
        case .linear(let factor): return frequency / factor
        case .llama3(let factor, let low, let high, let originalPositions):
            let turns = Double(originalPositions) * frequency / (2 * Double.pi)
            if turns < low { return frequency / factor }
            if turns > high { return frequency }
            let share = (turns - low) / (high - low)
            return (1 - share) * frequency / factor + share * frequency
        }
    }
}
