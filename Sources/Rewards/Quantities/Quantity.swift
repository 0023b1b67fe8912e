/// A magnitude in base units: `magnitude · π^piPower` of a dimension.
struct Quantity: Sendable, Hashable {
    var magnitude: Rational
    var piPower: Int
    var dimension: Dimension

    /// `value` in a unit, with what the policy says of moles and percentages.
    init(_ value: Rational, in unit: UnitMeaning, policy: QuantityPolicy) throws(AnswerProblem) {
        guard value.bitWidth + unit.scale.bitWidth < 32768 else {
            throw .overBudget("the number is too long for a conversion of units")
        }
        var magnitude = unit.scale == .one ? value : value * unit.scale
        if unit.zeroPoint != .none { magnitude = magnitude + unit.offset }
        var dimension = unit.dimension
        if let molarMass = policy.molarMass {
            let moles = dimension.exponent(at: Dimension.molePlace)
            if moles != 0, let factor = molarMass.power(moles),
                let grams = dimension.without(Dimension.molePlace).times(Dimension(base: 2), power: moles)
            {
                magnitude = magnitude * factor
                dimension = grams
            }
        }
        if policy.joinsPercent {
            let proportions = dimension.exponent(at: Dimension.proportionPlace)
            if proportions != 0, let factor = Rational(1, 100)?.power(proportions) {
                magnitude = magnitude * factor
                dimension = dimension.without(Dimension.proportionPlace)
            }
        }
        self.magnitude = magnitude
        self.dimension = dimension
        piPower = magnitude.isZero ? 0 : unit.piPower
    }

    /// The magnitude as a rational number; with a power of π to 80 digits only.
    var approximation: Rational { piPower == 0 ? magnitude : magnitude * PiApproximation.power(piPower) }

    /// `5/2 m-3.g`, `1/180·π rad`.
    var text: String { magnitudeText + " " + dimension.description }

    var magnitudeText: String {
        switch piPower {
        case 0: magnitude.description
        case 1: magnitude.description + "·π"
        default: magnitude.description + "·π^\(piPower)"
        }
    }

    /// Compares magnitudes of one dimension; exactly where the powers of π agree.
    static func isLess(_ left: Quantity, _ right: Quantity) -> Bool {
        left.piPower == right.piPower && left.piPower == 0
            ? left.magnitude < right.magnitude : left.approximation < right.approximation
    }
}

/// A number with the unit it is written in.
struct Measurement: Sendable, Hashable {
    var value: Rational
    var unit: UnitMeaning

    func quantity(_ policy: QuantityPolicy) throws(AnswerProblem) -> Quantity {
        try Quantity(value, in: unit, policy: policy)
    }
}
