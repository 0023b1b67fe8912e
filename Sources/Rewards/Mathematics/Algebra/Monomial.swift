import BigInt

/// A product of generators with rational exponents, in the order of the generators.
struct Monomial: Sendable, Hashable {
    struct Factor: Sendable, Hashable {
        var generator: Generator
        var exponent: Rational
    }

    var factors: [Factor]

    static let one = Monomial(factors: [])

    init(factors: [Factor]) { self.factors = factors }

    init(_ generator: Generator, _ exponent: Rational = 1) {
        factors = [Factor(generator: generator, exponent: exponent)]
    }

    var isOne: Bool { factors.isEmpty }

    func exponent(of generator: Generator) -> Rational {
        factors.first { $0.generator == generator }?.exponent ?? .zero
    }

    func without(_ generator: Generator) -> Monomial {
        Monomial(factors: factors.filter { $0.generator != generator })
    }

    /// The product, with powers of i and of primes reduced into the coefficient that is returned.
    func multiplied(by other: Monomial) -> (monomial: Monomial, coefficient: Rational) {
        if factors.isEmpty { return (other, .one) }
        if other.factors.isEmpty { return (self, .one) }
        var product: [Factor] = []
        product.reserveCapacity(factors.count + other.factors.count)
        var coefficient = Rational.one
        var (a, b) = (0, 0)
        while a < factors.count, b < other.factors.count {
            let (left, right) = (factors[a], other.factors[b])
            if left.generator == right.generator {
                Self.append(
                    left.generator, left.exponent + right.exponent, to: &product, coefficient: &coefficient)
                a += 1
                b += 1
            } else if left.generator < right.generator {
                product.append(left)
                a += 1
            } else {
                product.append(right)
                b += 1
            }
        }
        product.append(contentsOf: factors[a...])
        product.append(contentsOf: other.factors[b...])
        return (Monomial(factors: product), coefficient)
    }

    private static func append(
        _ generator: Generator, _ exponent: Rational, to product: inout [Factor], coefficient: inout Rational
    ) {
        var exponent = exponent
        switch generator.kind {
        case .imaginary:
            guard let power = exponent.machineInteger else { break }
            let turn = ((power % 4) + 4) % 4
            if turn >= 2 { coefficient = -coefficient }
            exponent = Rational(turn % 2)
        case .prime(let prime):
            let whole = exponent.floor
            guard whole != 0, let power = Int(exactly: whole) else { break }
            coefficient = coefficient * (Rational(prime).power(power) ?? .one)
            exponent = exponent - Rational(whole)
        default: break
        }
        if !exponent.isZero { product.append(Factor(generator: generator, exponent: exponent)) }
    }

    /// One over it, reduced like a product.
    var inverse: (monomial: Monomial, coefficient: Rational) {
        var product: [Factor] = []
        var coefficient = Rational.one
        for factor in factors {
            Self.append(factor.generator, -factor.exponent, to: &product, coefficient: &coefficient)
        }
        return (Monomial(factors: product), coefficient)
    }

    var text: String {
        factors.map { factor in
            guard factor.exponent != .one else { return factor.generator.key }
            let exponent = factor.exponent.description
            return factor.generator.key + "^"
                + (factor.exponent.isInteger && factor.exponent.signum > 0 ? exponent : "(\(exponent))")
        }.joined(separator: "*")
    }
}

extension Monomial: Comparable {
    /// The lexicographic order; it is kept by multiplication.
    static func < (left: Monomial, right: Monomial) -> Bool {
        var index = 0
        while index < left.factors.count, index < right.factors.count {
            let (a, b) = (left.factors[index], right.factors[index])
            if a.generator == b.generator {
                if a.exponent != b.exponent { return a.exponent < b.exponent }
            } else if a.generator < b.generator {
                return a.exponent.signum < 0
            } else {
                return b.exponent.signum > 0
            }
            index += 1
        }
        if index < left.factors.count { return left.factors[index].exponent.signum < 0 }
        if index < right.factors.count { return right.factors[index].exponent.signum > 0 }
        return false
    }
}
