import BigInt

/// A number or a function of variables: a fraction of polynomials in ``Generator``s.
///
/// The denominator has more than one term, or is one: single terms are divided out.
indirect enum Scalar: Sendable, Hashable {
    case rational(Rational)
    case fraction(Polynomial, Polynomial)

    static let zero = Scalar.rational(.zero)
    static let one = Scalar.rational(.one)
    static let i = Scalar(Polynomial(Monomial(.imaginary)))
    static let pi = Scalar(Polynomial(Monomial(.pi)))

    init(_ value: Int) { self = .rational(Rational(value)) }

    init(_ polynomial: Polynomial) {
        if let value = polynomial.rational { self = .rational(value) } else { self = .fraction(polynomial, .one) }
    }

    init(_ generator: Generator, _ exponent: Rational = 1) { self.init(Polynomial(Monomial(generator, exponent))) }

    var rationalValue: Rational? {
        if case .rational(let value) = self { return value }
        return nil
    }

    var isZero: Bool { rationalValue?.isZero ?? false }

    var numerator: Polynomial {
        switch self {
        case .rational(let value): Polynomial(value)
        case .fraction(let numerator, _): numerator
        }
    }

    var denominator: Polynomial {
        switch self {
        case .rational: .one
        case .fraction(_, let denominator): denominator
        }
    }

    /// The polynomial where there is no denominator.
    var polynomial: Polynomial? { denominator.isOne ? numerator : nil }

    var isConstant: Bool { allGenerators(\.isConstant) }
    var isAlgebraic: Bool { allGenerators(\.isAlgebraic) }

    /// The text alone tells such scalars apart.
    var isIndependent: Bool { denominator.isOne && allGenerators(\.isIndependent) }

    func allGenerators(_ condition: (Generator) -> Bool) -> Bool {
        switch self {
        case .rational: true
        case .fraction(let numerator, let denominator):
            numerator.allGenerators(condition) && denominator.allGenerators(condition)
        }
    }

    /// The form, written out: equal texts are equal scalars.
    var text: String {
        switch self {
        case .rational(let value): value.description
        case .fraction(let numerator, let denominator):
            denominator.isOne ? numerator.text : "(\(numerator.text))/(\(denominator.text))"
        }
    }

    /// `-x` for `x`: exact and without work.
    var negated: Scalar {
        switch self {
        case .rational(let value): .rational(-value)
        case .fraction(let numerator, let denominator): .fraction(-numerator, denominator)
        }
    }

    /// Whether the variable occurs anywhere in it, inside functions too.
    func contains(_ name: String) -> Bool {
        !allGenerators { !$0.contains(name) }
    }
}

extension Generator {
    func contains(_ name: String) -> Bool {
        switch kind {
        case .variable: key == name
        case .symbolic: key.contains(name)
        case .imaginary, .prime, .pi, .unity: false
        case .exponential(let inner), .logarithm(let inner), .power(let inner), .largePower(let inner):
            inner.contains(name)
        case .call(_, let arguments): arguments.contains { $0.contains(name) }
        }
    }
}
