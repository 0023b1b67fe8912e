/// An exact decimal number, normalised: value = ±`digits` · 10^`exponent`.
///
/// Invariant: `digits` has no leading and no trailing zero; zero has no digits, exponent 0 and no sign.
struct ExactDecimal: Hashable {
    private(set) var isNegative: Bool
    private(set) var digits: [UInt8]
    private(set) var exponent: Int

    /// - Parameter digits: ASCII digits, most significant first.
    init(isNegative: Bool, digits: [UInt8], exponent: Int) {
        let zero = UInt8(ascii: "0")
        let significant = digits.drop { $0 == zero }
        guard let last = significant.lastIndex(where: { $0 != zero }) else {
            (self.isNegative, self.digits, self.exponent) = (false, [], 0)
            return
        }
        self.isNegative = isNegative
        self.digits = Array(significant[...last])
        self.exponent = exponent + (significant.endIndex - 1 - last)
    }

    var isInteger: Bool { exponent >= 0 }

    /// The only text of this value: plain notation, or `123e45` where that would need many zeros.
    var text: String {
        let sign = isNegative ? "-" : ""
        let plain = String(decoding: digits, as: UTF8.self)
        let limit = 40
        if digits.isEmpty { return "0" }
        if exponent >= 0 {
            return exponent <= limit
                ? sign + plain + String(repeating: "0", count: exponent) : "\(sign)\(plain)e\(exponent)"
        }
        let integerDigits = digits.count + exponent
        if integerDigits > 0 {
            let integer = String(decoding: digits[..<integerDigits], as: UTF8.self)
            return sign + integer + "." + String(decoding: digits[integerDigits...], as: UTF8.self)
        }
        return -integerDigits <= limit
            ? sign + "0." + String(repeating: "0", count: -integerDigits) + plain : "\(sign)\(plain)e\(exponent)"
    }
}
