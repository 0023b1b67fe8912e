import BigInt

extension Algebra {
    /// A text that is equal for equal scalars wherever the form is canonical; digests of values begin with `~`.
    mutating func canonicalText(_ scalar: Scalar) throws(AnswerProblem) -> String {
        if case .rational(let value) = scalar { return value.description }
        let isIndependent = scalar.isIndependent
        if isIndependent, !isKnownByValue(scalar) { return scalar.text }
        try work.spend(4096)
        if scalar.isConstant {
            for bits in [256, Self.raisedBits] {
                guard let value = Evaluator(bits: bits).value(of: scalar) else { break }
                if bits == 256, !isIndependent, let exact = try recognised(scalar, value) { return exact }
                if let digits = Self.digits(value, bits: bits) { return "~" + digits }
                try work.spend(bits * 4)
            }
            return isIndependent ? scalar.text : "~" + scalar.text
        }
        var text = "~"
        for point in SamplePoint.all.prefix(2) {
            let value = Evaluator(bits: 256, point: point).value(of: scalar)
            guard let digits = value.flatMap({ Self.digits($0, bits: 256) }) else { return "~" + scalar.text }
            text += "[" + digits + "]"
        }
        return text
    }

    /// Whether an algebraic constant has forms whose exact text is out of reach, so that its value is its text: it has
    /// roots and is not of the form `a + b√c`.
    private func isKnownByValue(_ scalar: Scalar) -> Bool {
        guard let polynomial = scalar.polynomial, scalar.isAlgebraic, scalar.isReal else { return false }
        let roots = polynomial.terms.filter { !$0.monomial.isOne }
        if roots.count > 1 { return true }
        let isSquareRoot = roots.allSatisfy { $0.monomial.factors.allSatisfy { $0.exponent == half } }
        return !isSquareRoot && polynomial.terms.count > 1
    }

    /// A rational number, the square root of one or a sum of both, found by size and then proved.
    private mutating func recognised(_ scalar: Scalar, _ value: ComplexBall) throws(AnswerProblem) -> String? {
        guard scalar.isAlgebraic, value.im.containsZero else { return nil }
        for isSquare in [false, true] {
            let arithmetic = BallArithmetic(bits: 256)
            let ball = isSquare ? arithmetic.multiply(value.re, value.re) : value.re
            guard let candidate = Self.simplest(ball, bits: 256) else { continue }
            do {
                let guess = isSquare ? try rationalPower(.rational(candidate), half) : .rational(candidate)
                let signed = isSquare && value.re.mid < 0 ? guess.negated : guess
                if try isZero(subtract(scalar, signed)) { return signed.text }
            } catch { if case .overBudget = error { throw error } }
        }
        try work.spend(20000)
        guard let (square, linear, constant) = Self.quadratic(value.re) else { return nil }
        do {
            let discriminant = linear * linear - 4 * square * constant
            guard discriminant > 0 else { return nil }
            let root = try rationalPower(.rational(Rational(discriminant)), half)
            for side in [root, root.negated] {
                let sum = try subtract(side, .rational(Rational(linear)))
                let guess = try divide(sum, .rational(Rational(2 * square)))
                if try isZero(subtract(scalar, guess)) { return guess.text }
            }
        } catch { if case .overBudget = error { throw error } }
        return nil
    }

    /// Small integers `a, b, c` with `ax² + bx + c = 0` at the ball's middle, as far as its digits tell: a short vector of
    /// the lattice that the three powers span (Lenstra, Lenstra and Lovász).
    private static func quadratic(_ ball: Ball) -> (BigInt, BigInt, BigInt)? {
        let bits = 96
        let x = ball.mid >> (256 - bits)
        guard abs(x).magnitude.bitWidth < bits + 24 else { return nil }
        var basis: [[BigInt]] = [[1, 0, 0, (x * x) >> bits], [0, 1, 0, x], [0, 0, 1, BigInt(1) << bits]]
        func dot(_ left: [BigInt], _ right: [BigInt]) -> BigInt {
            zip(left, right).reduce(0) { $0 + $1.0 * $1.1 }
        }
        for _ in 0..<300 {
            var hasChanged = false
            func offer(_ next: [BigInt], at i: Int) {
                if dot(next, next) < dot(basis[i], basis[i]) {
                    basis[i] = next
                    hasChanged = true
                }
            }
            for i in 0..<3 {
                for j in 0..<3 where i != j {
                    let size = dot(basis[j], basis[j])
                    guard size > 0 else { return nil }
                    let product = dot(basis[i], basis[j])
                    let factor = (2 * product + (product < 0 ? -size : size)) / (2 * size)
                    if factor != 0 { offer(zip(basis[i], basis[j]).map { $0 - factor * $1 }, at: i) }
                }
            }
            // Where no pair can be shortened, a vector may still be by both others.
            if !hasChanged {
                let (first, second, third) = (basis[0], basis[1], basis[2])
                for (a, b) in [(1, 1), (1, -1), (-1, 1), (-1, -1)] {
                    let sum = (0..<4).map { third[$0] + BigInt(a) * first[$0] + BigInt(b) * second[$0] }
                    if let longest = (0..<3).max(by: { dot(basis[$0], basis[$0]) < dot(basis[$1], basis[$1]) }) {
                        offer(sum, at: longest)
                    }
                    if hasChanged { break }
                }
            }
            if !hasChanged { break }
        }
        guard let best = basis.min(by: { dot($0, $0) < dot($1, $1) }), best[0] != 0,
            best.allSatisfy({ $0.magnitude.bitWidth < 28 })
        else { return nil }
        return (best[0], best[1], best[2])
    }

    /// The fraction with small terms that lies within the ball, by its continued fraction.
    private static func simplest(_ ball: Ball, bits: Int) -> Rational? {
        var rest = Rational(ball.mid, BigInt(1) << bits) ?? .zero
        var (p0, q0, p1, q1) = (BigInt(0), BigInt(1), BigInt(1), BigInt(0))
        for _ in 0..<24 {
            let whole = rest.floor
            (p0, q0, p1, q1) = (p1, q1, whole * p1 + p0, whole * q1 + q0)
            guard q1.bitWidth < 48 else { return nil }
            let error = abs(p1 << bits - ball.mid * q1)
            if error < (q1 * (ball.rad + 1)) << 32 { return Rational(p1, q1) }
            guard let next = (rest - Rational(whole)).reciprocal else { return nil }
            rest = next
        }
        return nil
    }

    private static func digits(_ value: ComplexBall, bits: Int) -> String? {
        guard let re = digits(value.re, bits: bits), let im = digits(value.im, bits: bits) else { return nil }
        if im == "0" { return re == "0" ? nil : re }
        return "\(re)+\(im)i"
    }

    /// 40 significant digits; `nil` where the bounds do not agree on them. What is zero as far as can be seen is zero.
    private static func digits(_ ball: Ball, bits: Int) -> String? {
        if ball.containsZero { return ball.upperMagnitude.magnitude.bitWidth < 64 ? "0" : nil }
        // The place of the leading digit, to within one: 30103/100000 is log₁₀ 2.
        let lead = (abs(ball.mid).magnitude.bitWidth - bits) * 30103 / 100_000
        let places = 40 - lead
        func rounded(_ value: BigInt) -> BigInt {
            if places < 0 {
                let unit = BigInt(10).power(-places) << bits
                return (2 * value + unit) / (2 * unit)
            }
            return (value * BigInt(10).power(places) + (BigInt(1) << (bits - 1))) >> bits
        }
        let size = abs(ball.mid)
        let low = rounded(size - ball.rad)
        guard low == rounded(size + ball.rad) else { return nil }
        return (ball.mid < 0 ? "-" : "") + "\(low)e\(-places)"
    }
}
