/// What a unit means: a value `x` in it is `x · scale · π^piPower + offset` in base units.
struct UnitMeaning: Sendable, Hashable {
    /// Where a temperature scale begins.
    enum ZeroPoint: Sendable, Hashable {
        case none
        /// 0 °C and 0 °Ré, 273.15 K.
        case freezing
        /// 0 °F, 459.67 degrees above absolute zero.
        case fahrenheit
    }

    var scale: Rational
    /// The power of π in the scale, kept apart so that degrees convert to radians exactly.
    var piPower: Int
    var zeroPoint: ZeroPoint
    var dimension: Dimension

    /// The kelvins at the zero point of a temperature scale; zero for all other units.
    var offset: Rational {
        switch zeroPoint {
        case .none: .zero
        case .freezing: Self.freezing
        case .fahrenheit: Self.fahrenheit
        }
    }

    private static let freezing = Rational(27315, 100)!
    private static let fahrenheit = Rational(45967 * 5, 900)!

    static let one = UnitMeaning(scale: .one, dimension: .one)
    static let pi = UnitMeaning(scale: .one, piPower: 1, dimension: .one)

    init(scale: Rational, piPower: Int = 0, zeroPoint: ZeroPoint = .none, dimension: Dimension) {
        self.scale = scale
        self.piPower = piPower
        self.zeroPoint = zeroPoint
        self.dimension = dimension
    }

    /// The greatest number of bits of a scale: products of absurd units stop here.
    static let scaleLimit = 8192

    /// The product `self · other^exponent`. A temperature scale in a product means differences, so that its zero point
    /// disappears: `W/(m2.Cel)` is `W/(m2.K)`. `nil` beyond the limits.
    func times(_ other: UnitMeaning, power exponent: Int = 1) -> UnitMeaning? {
        guard let dimension = dimension.times(other.dimension, power: exponent) else { return nil }
        let piPower = piPower + other.piPower * exponent
        guard other.scale.bitWidth * abs(exponent) <= Self.scaleLimit, abs(piPower) <= Dimension.exponentLimit else {
            return nil
        }
        let factor: Rational? =
            switch exponent {
            case 1: other.scale
            case -1: other.scale.reciprocal
            default: other.scale.power(exponent)
            }
        guard let factor, self.scale.bitWidth <= Self.scaleLimit else { return nil }
        let isWhole = self == .one && exponent == 1
        return UnitMeaning(
            scale: factor == .one ? scale : scale * factor, piPower: piPower,
            zeroPoint: isWhole ? other.zeroPoint : .none,
            dimension: dimension)
    }

    /// The unit a rational number of times as great, as by a metric prefix; the zero point stays.
    func scaled(by factor: Rational) -> UnitMeaning {
        var result = self
        result.scale = scale * factor
        return result
    }
}

/// π to 80 decimals, for comparisons within a tolerance only; exact comparisons keep π symbolic.
enum PiApproximation {
    static let value = Rational(
        plainDecimal: "3.14159265358979323846264338327950288419716939937510582097494459230781640628620899")!

    static func power(_ exponent: Int) -> Rational { value.power(exponent)! }
}
