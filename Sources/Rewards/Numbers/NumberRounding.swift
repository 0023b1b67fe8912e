import BigInt

/// Rounding of exact numbers to decimal places and significant figures.
enum NumberRounding {
    /// Whether a prediction is the gold, rounded correctly to the places that the policy asks for or to more.
    ///
    /// Let n be the places asked for, and m the greater of n and the places that the prediction needs to be written.
    /// The prediction is right when it equals the gold rounded to m places, half to even or half up (away from zero).
    /// A prediction with fewer places than n is so only if the missing ones are zeros, and one with more places must
    /// be right in all of them: for the gold 22/7 and two decimals `3.14` and `3.143` are right, `3.1`, `3.1428` and
    /// `3.144` are wrong. For each m at most two numbers are right, so that nothing is gained by writing more.
    static func isRounding(
        _ prediction: Rational, of gold: Rational, to rounding: NumberPolicy.Rounding, work: inout Work
    ) throws(AnswerProblem) -> Bool {
        if prediction == gold { return true }
        try work.spend((prediction.bitWidth + gold.bitWidth) / 64 + 1)
        guard let places = decimals(of: prediction, limit: work.limits.digits) else { return false }
        let unit: Int
        switch rounding {
        case .decimals(let asked): unit = -max(asked, places)
        case .significantFigures(let asked):
            guard let exponent = decimalExponent(of: gold) else { return false }
            unit = min(exponent - asked + 1, lastPlace(of: prediction, decimals: places))
        }
        guard abs(unit) <= work.limits.digits else {
            throw .overBudget("rounding needs more than \(work.limits.digits) digits")
        }
        let scaled = gold.magnitude * .powerOfTen(-unit)
        let below = scaled.floor
        let remainder = scaled - Rational(below)
        guard let half = Rational(1, 2), let target = (prediction * .powerOfTen(-unit)).integerValue else {
            return false
        }
        guard gold.signum == target.signum() || target == 0 else { return false }
        let candidate = target.magnitude
        if remainder < half { return candidate == below.magnitude }
        if remainder > half { return candidate == (below + 1).magnitude }
        let even = below % 2 == 0 ? below : below + 1
        return candidate == (below + 1).magnitude || candidate == even.magnitude
    }

    /// The decimal places that a number needs; `nil` for numbers without a finite decimal, or with too long a one.
    static func decimals(of value: Rational, limit: Int) -> Int? {
        if value.isInteger { return 0 }
        var denominator = value.denominator
        let twos = denominator.trailingZeroBitCount
        denominator >>= twos
        var fives = 0
        while denominator > 1 {
            let (quotient, remainder) = denominator.quotientAndRemainder(dividingBy: 5)
            guard remainder == 0, fives < limit else { return nil }
            denominator = quotient
            fives += 1
        }
        return max(twos, fives)
    }

    /// The power of ten of the last digit that is not zero.
    private static func lastPlace(of value: Rational, decimals: Int) -> Int {
        guard decimals == 0, !value.isZero else { return -decimals }
        var (rest, zeros) = (value.numerator, 0)
        while true {
            let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: 10)
            guard remainder == 0 else { return zeros }
            (rest, zeros) = (quotient, zeros + 1)
        }
    }

    /// The power of ten of the first digit that is not zero; `nil` for zero.
    static func decimalExponent(of value: Rational) -> Int? {
        guard !value.isZero else { return nil }
        let magnitude = value.magnitude
        let bits = magnitude.numerator.bitWidth - magnitude.denominator.bitWidth
        // log10(2) lies between 30102/100000 and 30103/100000; the estimate is at most one or two off.
        var exponent = bits * 30103 / 100_000 - 1
        while .powerOfTen(exponent + 1) <= magnitude { exponent += 1 }
        while magnitude < .powerOfTen(exponent) { exponent -= 1 }
        return exponent
    }
}

extension Rational {
    /// The numerator of an integer; `nil` for other numbers.
    fileprivate var integerValue: BigInt? { isInteger ? numerator : nil }
}
