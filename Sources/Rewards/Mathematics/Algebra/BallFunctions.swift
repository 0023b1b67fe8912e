import BigInt

/// Elementary functions of real balls.
///
/// Each is computed at the middle with 40 spare bits, so that the error of the series stays below one unit, and the
/// radius is widened by the function's slope over the ball.
extension BallArithmetic {
    private static let spare = 40
    /// The precision up to which π and ln 2 are kept; nothing asks for more.
    static let greatestBits = 4096
    private static let constantBits = greatestBits + 256

    /// Machin's formula.
    private static let piDigits: BigInt = {
        func inverseTangent(_ n: BigInt) -> BigInt {
            var term = (BigInt(1) << (constantBits + 32)) / n
            var sum = term
            var k = 1
            while term != 0 {
                term /= n * n
                k += 2
                sum += k % 4 == 3 ? -(term / BigInt(k)) : term / BigInt(k)
            }
            return sum
        }
        return (16 * inverseTangent(5) - 4 * inverseTangent(239)) >> 32
    }()

    private static let logarithmOfTwo: BigInt = {
        var term = (BigInt(1) << (constantBits + 32)) / 3
        var sum = term
        var k = 1
        while term != 0 {
            term /= 9
            k += 2
            sum += term / BigInt(k)
        }
        return sum >> 31
    }()

    private static func pi(_ bits: Int) -> BigInt { piDigits >> (constantBits - bits) }
    private static func ln2(_ bits: Int) -> BigInt { logarithmOfTwo >> (constantBits - bits) }

    var pi: Ball { Ball(mid: Self.pi(bits), rad: 2) }

    /// `nil` where the result is too great to be written down.
    func exponential(_ value: Ball) -> Ball? {
        if value.isExactZero { return one }
        guard value.rad < unit, value.upperMagnitude < unit << 13 else { return nil }
        let wanted = Self.spare + 8
        let estimate = Int(clamping: Self.shift(value.mid * 3, bits + 1))
        let working = bits + wanted + max(0, estimate) + 4
        guard working <= Self.constantBits - 64 else { return nil }
        let x = value.mid << (working - bits)
        let two = Self.ln2(working)
        let count = Int(clamping: (x >= 0 ? x / two : x / two - 1))
        var r = x - BigInt(count) * two
        let halvings = 8
        r >>= halvings
        var sum = BigInt(1) << working
        var term = sum
        var k = 1
        while term != 0 {
            term = (term * r) >> working
            term /= BigInt(k)
            sum += term
            k += 1
        }
        for _ in 0..<halvings { sum = (sum * sum) >> working }
        let down = working - bits - count
        let mid = down >= 0 ? sum >> down : sum << -down
        var radius = BigInt(2)
        if value.rad != 0 { radius += ((mid + 2) * value.rad * 2 >> bits) + 1 }
        return Ball(mid: mid, rad: radius)
    }

    func sineAndCosine(_ value: Ball) -> (sine: Ball, cosine: Ball)? {
        if value.isExactZero { return (.zero, one) }
        guard value.rad < unit, value.upperMagnitude < unit << 256 else { return nil }
        let size = max(0, value.mid.bitWidth - bits)
        let working = bits + Self.spare + size + 8
        guard working <= Self.constantBits - 64 else { return nil }
        let x = value.mid << (working - bits)
        let quarter = Self.pi(working) >> 1
        let shifted = x + (quarter >> 1)
        var (turns, rest) = shifted.quotientAndRemainder(dividingBy: quarter)
        if rest < 0 { turns -= 1 }
        rest = x - turns * quarter
        let halvings = 4
        let r = Self.shift(rest, halvings)
        let square = (r * r) >> working
        var (sine, cosine) = (r, BigInt(1) << working)
        var (s, c) = (r, cosine)
        var k = 1
        while s != 0 || c != 0 {
            c = -Self.shift(c * square, working) / BigInt(k * (k + 1))
            s = -Self.shift(s * square, working) / BigInt((k + 1) * (k + 2))
            cosine += c
            sine += s
            k += 2
        }
        for _ in 0..<halvings {
            let doubled = Self.shift(sine * cosine, working - 1)
            cosine = Self.shift(cosine * cosine, working - 1) - (BigInt(1) << working)
            sine = doubled
        }
        let down = working - bits
        let radius = value.rad + 2
        let first = Ball(mid: Self.shift(sine, down), rad: radius)
        let second = Ball(mid: Self.shift(cosine, down), rad: radius)
        switch Int(turns.modulus(4)) {
        case 0: return (first, second)
        case 1: return (second, -first)
        case 2: return (-first, -second)
        default: return (-second, first)
        }
    }

    /// Of a positive ball.
    func logarithm(_ value: Ball) -> Ball? {
        guard value.sign == 1 else { return nil }
        let working = bits + Self.spare
        let size = value.mid.magnitude.bitWidth - bits
        guard abs(size) < 16384 else { return nil }
        let scaled = value.mid << Self.spare
        var m = size >= 0 ? scaled >> size : scaled << -size
        let roots = 6
        let full = BigInt(1) << working
        for _ in 0..<roots { m = Self.root(m << working) }
        let z = ((m - full) << working) / (m + full)
        let square = (z * z) >> working
        var (term, sum) = (z, z)
        var k = 1
        while term != 0 {
            term = Self.shift(term * square, working)
            k += 2
            sum += term / BigInt(k)
        }
        let result = (sum << (roots + 1)) + BigInt(size) * Self.ln2(working)
        let least = value.mid - value.rad
        return Ball(
            mid: Self.shift(result, Self.spare), rad: (value.rad == 0 ? 0 : (value.rad << bits) / least + 1) + 2)
    }

    func arctangent(_ value: Ball) -> Ball? {
        if value.isExactZero { return .zero }
        guard value.upperMagnitude < unit << 512 else { return nil }
        let working = bits + Self.spare
        let full = BigInt(1) << working
        var x = value.mid << Self.spare
        let isNegative = x < 0
        x = abs(x)
        let isInverted = x > full
        if isInverted { x = (full << working) / x }
        let halvings = 5
        for _ in 0..<halvings {
            let root = Self.root((full << working) + x * x)
            x = (x << working) / (full + root)
        }
        let square = (x * x) >> working
        var (term, sum) = (x, x)
        var k = 1
        while term != 0 {
            term = -Self.shift(term * square, working)
            k += 2
            sum += term / BigInt(k)
        }
        sum <<= halvings
        if isInverted { sum = (Self.pi(working) >> 1) - sum }
        let mid = Self.shift(sum, Self.spare)
        return Ball(mid: isNegative ? -mid : mid, rad: value.rad + 2)
    }
}
