import BigInt

/// Small integers `a, b, c` for which `ax² + bx + c` vanishes, as far as the digits of `x` tell.
///
/// The powers of `x` span a lattice whose short vectors are such relations (Lenstra, Lenstra and Lovász, 1982). In three
/// dimensions it is enough to shorten vectors by each other in turn. What is found is a guess that the caller proves.
struct QuadraticRelation {
    var square: BigInt
    var linear: BigInt
    var constant: BigInt

    private static let precision = 72
    /// Random numbers have no relation as short as this.
    private static let greatest = Double(1 << 20)

    static func find(_ ball: Ball, bits: Int) -> QuadraticRelation? {
        let middle = ball.mid >> (bits - precision)
        guard middle.magnitude.bitWidth < precision + 20, let x = Int128(exactly: middle),
            let power = Int128(exactly: (middle * middle) >> precision)
        else { return nil }
        var basis = [
            Vector(1, 0, 0, power), Vector(0, 1, 0, x), Vector(0, 0, 1, Int128(1) << Int128(precision)),
        ]
        for _ in 0..<400 {
            guard let isShorter = shorten(&basis) else { return nil }
            if !isShorter { break }
        }
        guard let best = basis.min(by: { $0.size < $1.size }), best.square != 0, best.size < greatest * greatest
        else { return nil }
        return QuadraticRelation(
            square: BigInt(best.square), linear: BigInt(best.linear), constant: BigInt(best.constant))
    }

    /// One round; `nil` where numbers grow too great.
    private static func shorten(_ basis: inout [Vector]) -> Bool? {
        var isShorter = false
        for i in 0..<3 {
            for j in 0..<3 where i != j {
                let factor = (basis[i].dot(basis[j]) / basis[j].size).rounded()
                guard factor != 0 else { continue }
                guard let count = Int128(exactly: factor), let next = basis[i].adding(-count, basis[j]) else {
                    return nil
                }
                if next.size < basis[i].size * 0.999_999 {
                    basis[i] = next
                    isShorter = true
                }
            }
        }
        if isShorter { return true }
        // Where no pair can be shortened, the longest may still be by both others.
        guard let longest = (0..<3).max(by: { basis[$0].size < basis[$1].size }) else { return nil }
        let others = [0, 1, 2].filter { $0 != longest }
        for (a, b) in [(1, 1), (1, -1), (-1, 1), (-1, -1)] {
            guard let first = basis[longest].adding(Int128(a), basis[others[0]]),
                let next = first.adding(Int128(b), basis[others[1]])
            else { return nil }
            if next.size < basis[longest].size * 0.999_999 {
                basis[longest] = next
                return true
            }
        }
        return false
    }

    /// The coefficients and what the relation leaves, scaled.
    private struct Vector {
        var square: Int128
        var linear: Int128
        var constant: Int128
        var rest: Int128

        init(_ square: Int128, _ linear: Int128, _ constant: Int128, _ rest: Int128) {
            (self.square, self.linear, self.constant, self.rest) = (square, linear, constant, rest)
        }

        var size: Double { dot(self) }

        func dot(_ other: Vector) -> Double {
            Double(square) * Double(other.square) + Double(linear) * Double(other.linear)
                + Double(constant) * Double(other.constant) + Double(rest) * Double(other.rest)
        }

        func adding(_ count: Int128, _ other: Vector) -> Vector? {
            func part(_ left: Int128, _ right: Int128) -> Int128? {
                let (product, isGreat) = right.multipliedReportingOverflow(by: count)
                let (sum, isGreater) = left.addingReportingOverflow(product)
                return isGreat || isGreater ? nil : sum
            }
            guard let square = part(square, other.square), let linear = part(linear, other.linear),
                let constant = part(constant, other.constant), let rest = part(rest, other.rest)
            else { return nil }
            return Vector(square, linear, constant, rest)
        }
    }
}
