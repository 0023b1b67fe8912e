/// A quantity that is said again in parentheses: `350 kg (772 lb)`, `1 g (1000 mg)`.
///
/// The second reading must agree with the first: it is the same quantity, or the same in another unit, rounded to the
/// place to which it is written. The first is then the answer. Two readings that disagree are two answers.
struct RestatedQuantity {
    let first: [UInt8]
    let second: [UInt8]

    /// `nil` where no number in parentheses ends the text.
    init?(_ bytes: [UInt8]) {
        guard bytes.count > 4, bytes[bytes.count - 1] == UInt8(ascii: ")"),
            let open = bytes.lastIndex(of: UInt8(ascii: "(")), open > 1, bytes[open - 1] == 0x20,
            (0x30...0x39).contains(bytes[open + 1])
        else { return nil }
        first = AnswerText(bytes[..<open]).bytes
        second = Array(bytes[(open + 1)..<(bytes.count - 1)])
    }

    /// Whether the two readings are one quantity.
    func agrees(_ outer: Measurement, _ inner: Measurement, _ policy: QuantityPolicy) throws(AnswerProblem) -> Bool {
        let (one, other) = (try outer.quantity(policy), try inner.quantity(policy))
        if one == other { return true }
        guard one.dimension == other.dimension, one.piPower == 0, other.piPower == 0, outer.unit != inner.unit,
            let written = (one.magnitude - inner.unit.offset) / inner.unit.scale
        else { return false }
        let half = Rational.powerOfTen(-decimals) * Self.oneHalf
        return (written - inner.value).magnitude <= half && half * 20 <= inner.value.magnitude
    }

    private static let oneHalf = Rational(1, 2) ?? .zero

    /// Digits after the decimal point of the second number.
    private var decimals: Int {
        guard let point = second.firstIndex(where: { !(0x30...0x39).contains($0) && $0 != UInt8(ascii: ",") }),
            second[point] == UInt8(ascii: ".")
        else { return 0 }
        return second[(point + 1)...].prefix { (0x30...0x39).contains($0) }.count
    }
}
