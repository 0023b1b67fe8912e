import BigInt

extension Algebra {
    /// A text that is equal for equal scalars wherever the form is canonical; digests of values begin with `~`.
    mutating func canonicalText(_ scalar: Scalar) throws(AnswerProblem) -> String {
        if case .rational(let value) = scalar { return value.description }
        if scalar.isIndependent { return scalar.text }
        try work.spend(4096)
        if scalar.isConstant {
            guard let value = Evaluator(bits: 256).value(of: scalar) else { return scalar.text }
            if let exact = try recognised(scalar, value) { return exact }
            return "~" + Self.digits(value, bits: 256)
        }
        var text = "~"
        for point in SamplePoint.all.prefix(2) {
            let value = Evaluator(bits: 256, point: point).value(of: scalar)
            text += "[" + (value.map { Self.digits($0, bits: 256) } ?? "?") + "]"
        }
        return text
    }

    /// A rational number or the square root of one, found by size and then proved.
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
        return nil
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

    private static func digits(_ value: ComplexBall, bits: Int) -> String {
        let re = digits(value.re, bits: bits)
        let im = digits(value.im, bits: bits)
        return im == "0" ? re : "\(re)+\(im)i"
    }

    /// 40 digits, or fewer decimals where the number is great.
    private static func digits(_ ball: Ball, bits: Int) -> String {
        let whole = String(abs(ball.mid) >> bits).utf8.count
        let places = Swift.max(0, 40 - whole)
        let scale = BigInt(10).power(places)
        let rounded = (abs(ball.mid) * scale + (BigInt(1) << (bits - 1))) >> bits
        if rounded == 0 { return "0" }
        return (ball.mid < 0 ? "-" : "") + "\(rounded)e-\(places)"
    }
}
