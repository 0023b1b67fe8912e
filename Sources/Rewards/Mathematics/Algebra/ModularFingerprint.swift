import BigInt

/// Values of polynomials modulo three primes of 61 bits at residues that depend on the generators' names.
///
/// By the lemma of Schwartz and Zippel a polynomial of degree d that is not zero has the fingerprint zero with a
/// probability of at most (d/2^60)³.
enum ModularFingerprint {
    static let primes: [UInt64] = [(1 << 61) - 1, (1 << 61) - 31, (1 << 61) - 45]

    /// Whether the polynomial vanishes at every prime's point; `nil` where it has roots, which have no residue here.
    static func vanishes(_ polynomial: Polynomial) -> Bool? {
        for (index, prime) in primes.enumerated() {
            guard let residue = residue(polynomial, prime, salt: UInt64(index) + 101) else { return nil }
            if residue != 0 { return false }
        }
        return true
    }

    private static func residue(_ polynomial: Polynomial, _ prime: UInt64, salt: UInt64) -> UInt64? {
        var sum: UInt64 = 0
        for term in polynomial.terms {
            guard var product = residue(term.coefficient, prime) else { return nil }
            for factor in term.monomial.factors {
                guard let exponent = factor.exponent.machineInteger else { return nil }
                let base: UInt64
                switch factor.generator.kind {
                case .imaginary, .prime, .unity, .power: return nil
                case .largePower(let inner):
                    guard let polynomial = inner.polynomial, let value = residue(polynomial, prime, salt: salt) else {
                        return nil
                    }
                    base = value
                default: base = SamplePoint.hash(factor.generator.key, salt: salt) % prime
                }
                if base == 0, exponent < 0 { return nil }
                let power = exponent >= 0 ? exponent : exponent % Int(prime - 1) + Int(prime - 1)
                product = multiply(product, raise(base, UInt64(power), prime), prime)
            }
            sum = (sum + product) % prime
        }
        return sum
    }

    private static func residue(_ value: Rational, _ prime: UInt64) -> UInt64? {
        let modulus = BigInt(prime)
        guard let top = UInt64(exactly: value.numerator.modulus(modulus)),
            let bottom = UInt64(exactly: value.denominator.modulus(modulus)), bottom != 0
        else { return nil }
        return multiply(top, raise(bottom, prime - 2, prime), prime)
    }

    private static func multiply(_ left: UInt64, _ right: UInt64, _ prime: UInt64) -> UInt64 {
        let (high, low) = left.multipliedFullWidth(by: right)
        return prime.dividingFullWidth((high, low)).remainder
    }

    private static func raise(_ base: UInt64, _ exponent: UInt64, _ prime: UInt64) -> UInt64 {
        var (result, square, left): (UInt64, UInt64, UInt64) = (1, base, exponent)
        while left > 0 {
            if left & 1 == 1 { result = multiply(result, square, prime) }
            square = multiply(square, square, prime)
            left >>= 1
        }
        return result
    }
}
