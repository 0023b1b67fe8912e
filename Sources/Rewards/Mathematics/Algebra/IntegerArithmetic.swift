import BigInt

/// Number theory on integers, with the size of every result known before it is computed.
enum IntegerArithmetic {
    private static let trialLimit = 4096

    /// The factors of a positive integer in ascending order; what trial division leaves counts as one factor, unless it
    /// is a square.
    static func factors(_ value: BigInt, work: inout Work) throws(AnswerProblem) -> [(BigInt, Int)] {
        var factors: [(BigInt, Int)] = []
        var rest = value
        let width = value.bitWidth / 64 + 1
        if rest <= 1 { return [] }
        if var small = UInt64(exactly: rest) {
            var divisor: UInt64 = 2
            while divisor <= trialLimit, divisor * divisor <= small {
                var count = 0
                while small % divisor == 0 {
                    small /= divisor
                    count += 1
                }
                if count > 0 { factors.append((BigInt(divisor), count)) }
                divisor += divisor == 2 ? 1 : 2
            }
            try work.spend(Int(min(divisor, UInt64(trialLimit))) / 8)
            rest = BigInt(small)
        } else {
            try work.spend(trialLimit * width / 2)
            var divisor = 2
            while divisor <= trialLimit, rest > 1 {
                var count = 0
                while true {
                    let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: BigInt(divisor))
                    guard remainder == 0 else { break }
                    rest = quotient
                    count += 1
                }
                if count > 0 { factors.append((BigInt(divisor), count)) }
                divisor += divisor == 2 ? 1 : 2
            }
        }
        guard rest > 1 else { return factors }
        let root = BigInt(rest.magnitude.squareRoot())
        factors.append(root * root == rest ? (root, 2) : (rest, 1))
        return factors
    }

    /// The rational square root of a rational square.
    static func exactRoot(_ value: Rational) -> Rational? {
        guard value.signum >= 0 else { return nil }
        let top = BigInt(value.numerator.magnitude.squareRoot())
        let bottom = BigInt(value.denominator.magnitude.squareRoot())
        guard top * top == value.numerator, bottom * bottom == value.denominator else { return nil }
        return Rational(top, bottom)
    }

    /// The greatest rational of which both are integer multiples.
    static func greatestCommonDivisor(_ left: Rational, _ right: Rational) -> Rational {
        let bottom = left.denominator * right.denominator
        let top = (left.numerator * right.denominator).greatestCommonDivisor(with: right.numerator * left.denominator)
        return Rational(abs(top), bottom) ?? .zero
    }

    static func leastCommonMultiple(_ left: Rational, _ right: Rational) -> Rational {
        let divisor = greatestCommonDivisor(left, right)
        return (left * right).magnitude / divisor ?? .zero
    }

    /// `n·(n−step)·(n−2·step)…`
    static func factorial(_ n: Int, step: Int = 1, work: inout Work) throws(AnswerProblem) -> BigInt {
        guard n < 2000 else { throw .overBudget("a factorial has more than \(work.limits.digits) digits") }
        try work.spend(n * n / 32 + 1)
        var product = BigInt(1)
        var factor = n
        while factor > 1 {
            product *= BigInt(factor)
            factor -= step
        }
        return product
    }

    /// `n·(n−1)·…·(n−count+1)`
    static func fallingFactorial(_ n: BigInt, _ count: Int, work: inout Work) throws(AnswerProblem) -> BigInt {
        let bits = n.bitWidth.multipliedReportingOverflow(by: count)
        if bits.overflow || bits.partialValue > work.limits.digits * 4 {
            throw .overBudget("a product has more than \(work.limits.digits) digits")
        }
        try work.spend(bits.partialValue * count / 64 + 1)
        var product = BigInt(1)
        for k in 0..<count { product *= n - BigInt(k) }
        return product
    }

    static func binomial(_ n: BigInt, _ k: BigInt, work: inout Work) throws(AnswerProblem) -> BigInt {
        if k < 0 || (n >= 0 && k > n) { return 0 }
        let least = n >= 0 && n - k < k ? n - k : k
        guard least <= 4096 else { throw .overBudget("a binomial coefficient has too many digits") }
        let count = Int(least)
        let top = try fallingFactorial(n, count, work: &work)
        return top / (try fallingFactorial(BigInt(count), count, work: &work))
    }
}
