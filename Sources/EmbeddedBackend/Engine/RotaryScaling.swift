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
    case yarn(Yarn)

    /// YaRN (arXiv:2309.00071): as Llama 3, but interpolated along the pairs' numbers, and with sharper attention.
    public struct Yarn: Sendable, Equatable {
        public var factor: Double
        /// What cosines and sines are multiplied by.
        public var attentionFactor: Double
        /// Turns within the original context from which a frequency is kept.
        public var fastTurns: Double
        /// Turns within the original context up to which a frequency is divided by `factor`.
        public var slowTurns: Double
        public var originalPositions: Int
        /// Whether the ends of the ramp are rounded outwards to whole pairs.
        public var isTruncated: Bool

        /// The attention factor that the paper recommends, `0.1 ln(factor) + 1`.
        public static func attentionFactor(_ factor: Double, scale: Double = 1) -> Double {
            factor <= 1 ? 1 : 0.1 * scale * log(factor) + 1
        }
    }

    /// The angle per position of each rotary pair, `headSize / 2` of them.
    func frequencies(headSize: Int, theta: Double) -> [Float] {
        (0..<headSize / 2).map { pair in
            let plain = pow(theta, -Double(2 * pair) / Double(headSize))
            return Float(scaled(plain, pair: pair, headSize: headSize, theta: theta))
        }
    }

    /// What cosines and sines are multiplied by.
    var amplitude: Float { if case .yarn(let yarn) = self { Float(yarn.attentionFactor) } else { 1 } }

    private func scaled(_ frequency: Double, pair: Int, headSize: Int, theta: Double) -> Double {
        switch self {
        case .none: return frequency
        case .linear(let factor): return frequency / factor
        case .llama3(let factor, let low, let high, let originalPositions):
            let turns = Double(originalPositions) * frequency / (2 * Double.pi)
            if turns < low { return frequency / factor }
            if turns > high { return frequency }
            let share = (turns - low) / (high - low)
            return (1 - share) * frequency / factor + share * frequency
        case .yarn(let yarn):
            let stretched = yarn.ramp(pair, headSize: headSize, theta: theta)
            return stretched * frequency / yarn.factor + (1 - stretched) * frequency
        }
    }
}

extension RotaryScaling.Yarn {
    /// How much of a pair's frequency is divided by the factor: 0 for fast pairs, 1 for slow ones.
    fileprivate func ramp(_ pair: Int, headSize: Int, theta: Double) -> Double {
        /// The (fractional) pair that turns this often within the original context.
        func position(_ turns: Double) -> Double {
            Double(headSize) * log(Double(originalPositions) / (turns * 2 * Double.pi)) / (2 * log(theta))
        }
        var (first, last) = (position(fastTurns), position(slowTurns))
        if isTruncated { (first, last) = (first.rounded(.down), last.rounded(.up)) }
        (first, last) = (max(first, 0), min(last, Double(headSize - 1)))
        if first == last { last += 0.001 }
        return min(max((Double(pair) - first) / (last - first), 0), 1)
    }
}
