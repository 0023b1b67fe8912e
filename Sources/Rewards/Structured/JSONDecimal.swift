/// A JSON number, exactly: `significand · 10^exponent`.
///
/// Invariant: the digits begin and end with another digit than zero, and zero has none. Equal numbers are therefore
/// equal values, and no arithmetic is needed to read or to order them, whatever the size of the exponent.
struct JSONDecimal: Sendable, Hashable {
    let isNegative: Bool
    /// The significand's ASCII digits, most significant first.
    let digits: [UInt8]
    let exponent: Int

    static let zero = JSONDecimal(isNegative: false, digits: [], exponent: 0)

    private init(isNegative: Bool, digits: [UInt8], exponent: Int) {
        self.isNegative = isNegative
        self.digits = digits
        self.exponent = exponent
    }

    /// The digits as they are written, zeros in front and at the end included.
    init(isNegative: Bool, written: [UInt8], exponent: Int) {
        let zero = UInt8(ascii: "0")
        guard let first = written.firstIndex(where: { $0 != zero }),
            let last = written.lastIndex(where: { $0 != zero })
        else {
            self = .zero
            return
        }
        self.init(
            isNegative: isNegative, digits: Array(written[first...last]),
            exponent: exponent + written.count - 1 - last)
    }

    init(_ value: Int) {
        self.init(isNegative: value < 0, written: Array(String(value.magnitude).utf8), exponent: 0)
    }

    /// The shortest decimal that names the double; `nil` for infinities and NaN.
    init?(shortestDecimalOf value: Double) {
        guard value.isFinite else { return nil }
        var digits: [UInt8] = []
        var exponent = 0
        var isFraction = false
        var written = 0
        var sign = 1
        var isExponent = false
        for byte in value.magnitude.description.utf8 {
            switch byte {
            case UInt8(ascii: "."): isFraction = true
            case UInt8(ascii: "e"): isExponent = true
            case UInt8(ascii: "-"): sign = -1
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                if isExponent {
                    written = written * 10 + Int(byte - UInt8(ascii: "0"))
                } else {
                    digits.append(byte)
                    if isFraction { exponent -= 1 }
                }
            default: break
            }
        }
        self.init(isNegative: value < 0, written: digits, exponent: exponent + sign * written)
    }

    var isZero: Bool { digits.isEmpty }
    var isInteger: Bool { exponent >= 0 }

    /// How many digits stand before the decimal point.
    private var magnitude: Int { digits.count + exponent }

    /// Plain notation for numbers of a usual size, else `digits`, `e`, exponent.
    func write(to text: inout [UInt8]) {
        if isZero {
            text.append(UInt8(ascii: "0"))
            return
        }
        if isNegative { text.append(UInt8(ascii: "-")) }
        let zero = UInt8(ascii: "0")
        switch magnitude {
        case 1...21 where exponent >= 0:
            text.append(contentsOf: digits)
            text.append(contentsOf: repeatElement(zero, count: exponent))
        case 1...21:
            text.append(contentsOf: digits.prefix(magnitude))
            text.append(UInt8(ascii: "."))
            text.append(contentsOf: digits.dropFirst(magnitude))
        case -5...0:
            text.append(zero)
            text.append(UInt8(ascii: "."))
            text.append(contentsOf: repeatElement(zero, count: -magnitude))
            text.append(contentsOf: digits)
        default:
            text.append(contentsOf: digits)
            if exponent != 0 {
                text.append(UInt8(ascii: "e"))
                text.append(contentsOf: String(exponent).utf8)
            }
        }
    }
}

extension JSONDecimal: Comparable {
    static func < (left: JSONDecimal, right: JSONDecimal) -> Bool {
        if left.isNegative != right.isNegative { return left.isNegative }
        return left.isNegative ? hasLesserMagnitude(right, left) : hasLesserMagnitude(left, right)
    }

    private static func hasLesserMagnitude(_ left: JSONDecimal, _ right: JSONDecimal) -> Bool {
        if left.isZero || right.isZero { return left.isZero && !right.isZero }
        if left.magnitude != right.magnitude { return left.magnitude < right.magnitude }
        return left.digits.lexicographicallyPrecedes(right.digits)
    }
}

extension JSONDecimal: CustomStringConvertible {
    var description: String {
        var text: [UInt8] = []
        write(to: &text)
        return String(decoding: text, as: UTF8.self)
    }
}
