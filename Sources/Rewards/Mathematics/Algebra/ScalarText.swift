import BigInt

extension Algebra {
    /// A text that is equal for equal scalars wherever the form is canonical; digests of values begin with `~`.
    mutating func canonicalText(_ scalar: Scalar) throws(AnswerProblem) -> String {
        if case .rational(let value) = scalar { return value.description }
        let isIndependent = scalar.isIndependent
        if isIndependent, !isKnownByValue(scalar) { return scalar.text }
        try work.spend(scalar.isConstant && !isIndependent ? 40_000 : 4096)
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
        try work.spend(4096)
        guard let relation = QuadraticRelation.find(value.re, bits: 256) else { return nil }
        let (square, linear, constant) = (relation.square, relation.linear, relation.constant)
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

    /// The fraction with small terms that lies within the ball, by its continued fraction.
    private static func simplest(_ ball: Ball, bits: Int) -> Rational? {
        var (above, below) = (ball.mid, BigInt(1) << bits)
        var (p0, q0, p1, q1) = (BigInt(0), BigInt(1), BigInt(1), BigInt(0))
        for _ in 0..<24 {
            var (whole, rest) = above.quotientAndRemainder(dividingBy: below)
            if rest < 0 {
                whole -= 1
                rest += below
            }
            (p0, q0, p1, q1) = (p1, q1, whole * p1 + p0, whole * q1 + q0)
            guard q1.bitWidth < 48 else { return nil }
            let error = abs(p1 << bits - ball.mid * q1)
            if error < (q1 * (ball.rad + 1)) << 32 { return Rational(p1, q1) }
            guard rest != 0 else { return nil }
            (above, below) = (below, rest)
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
