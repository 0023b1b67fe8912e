/// One number as it stands in a text.
struct ScannedNumber: Sendable, Hashable {
    /// How the number is written.
    enum Form: Sendable, Hashable {
        case integer, decimal, scientific, fraction, literal, words
    }

    var value: Rational
    /// The offset after the number's last byte.
    var end: Int
    /// Digits of the significand from the first that is not zero; trailing zeros count. Zero for fractions and words.
    var significantFigures = 0
    /// Digits after the point once the exponent is applied: 1 in `2.5` and `2.5e0`, 3 in `2.5e-2`.
    var decimals = 0
    var form = Form.integer
    /// A plus or minus sign stands before it.
    var isSigned = false
    /// Its digits stand in groups.
    var isGrouped = false

    var isWrittenInWords: Bool { form == .words }
}
