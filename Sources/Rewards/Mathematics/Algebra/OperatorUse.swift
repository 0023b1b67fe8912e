/// Which operators that only name a computation occur in an answer.
struct OperatorUse: OptionSet, Sendable, Hashable {
    let rawValue: UInt8

    /// Greatest common divisors, extremes, integer parts, remainders.
    static let arithmetic = OperatorUse(rawValue: 1)
    /// Sums, products, integrals, limits, derivatives, factorials, binomial coefficients, determinants.
    static let evaluation = OperatorUse(rawValue: 2)

    /// The whole answer is a sum or a product of plain numbers: `40+2`.
    static let arithmeticLeftOpen = OperatorUse(rawValue: 4)

    init(rawValue: UInt8) { self.rawValue = rawValue }

    init(_ function: MathFunction) {
        switch function {
        case .gcd, .lcm, .max, .min, .mod, .floor, .ceiling: self = .arithmetic
        case .factorial, .doubleFactorial, .binomial, .permutations, .determinant, .trace: self = .evaluation
        default: self = []
        }
    }
}
