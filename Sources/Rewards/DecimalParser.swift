/// Reads a text that is one decimal number and nothing else, without rounding.
///
/// Accepted: a sign, digits, thousands groups of three (all with `,`, or all with an apostrophe, a no-break space or a
/// thin space), a fraction after a point, an exponent after `e`, full-width forms, one full stop at the end. Refused are
/// units, percent signs, currencies, words, decimal commas, several numbers, and ordinary spaces inside the number,
/// which cannot be told from a list.
struct DecimalParser {
    private(set) var rules: [String] = []
    private(set) var operations = 0

    private let bytes: [UInt8]
    private var position = 0

    private static let separators: Set<UInt8> = [
        UInt8(ascii: ","), UInt8(ascii: "'"), noBreakSpace, thinSpace,
    ]
    // Stand-ins, in the unused upper half of a byte, for the two kinds of space that group digits.
    private static let noBreakSpace: UInt8 = 0x80
    private static let thinSpace: UInt8 = 0x81
    private static let unknown: UInt8 = 0xFF

    init(_ text: String) {
        var bytes: [UInt8] = []
        for scalar in text.unicodeScalars where !scalar.properties.isDefaultIgnorableCodePoint {
            bytes.append(Self.plain(scalar))
        }
        operations = text.unicodeScalars.count
        let isBlank = { (byte: UInt8) in byte <= 0x20 || byte == Self.noBreakSpace || byte == Self.thinSpace }
        bytes = Array(bytes.drop(while: isBlank))
        while let last = bytes.last, isBlank(last) { bytes.removeLast() }
        if bytes.last == UInt8(ascii: ".") { bytes.removeLast() }
        self.bytes = bytes
    }

    /// One byte per character: ASCII itself, typographic variants of what a number may hold, or `unknown`.
    private static func plain(_ scalar: Unicode.Scalar) -> UInt8 {
        switch scalar.value {
        case 0x20...0x7E, 0x09, 0x0A, 0x0D: UInt8(scalar.value)
        case 0xFF01...0xFF5E: UInt8(scalar.value - 0xFEE0)
        case 0x2010...0x2013, 0x2212, 0xFE63: UInt8(ascii: "-")
        case 0x2019: UInt8(ascii: "'")
        case 0xA0, 0x202F: noBreakSpace
        case 0x2009, 0x2007: thinSpace
        default: unknown
        }
    }

    mutating func parse() -> ExactDecimal? {
        let isNegative = take("-")
        if isNegative || take("+") { rules.append("sign") }
        let integer = integerPart()
        guard var digits = integer else { return nil }
        var exponent = 0
        if take(".") {
            let fraction = takeDigits()
            guard !fraction.isEmpty else { return nil }
            digits += fraction
            exponent = -fraction.count
        }
        guard !digits.isEmpty else { return nil }
        if take("e") || take("E") {
            guard let power = exponentPart() else { return nil }
            exponent += power
            rules.append("exponent")
        }
        guard position == bytes.count else { return nil }
        return ExactDecimal(isNegative: isNegative, digits: digits, exponent: exponent)
    }

    /// The digits before the point, which may be none (`.5`); `nil` if they are grouped wrongly.
    private mutating func integerPart() -> [UInt8]? {
        var digits = takeDigits()
        guard position < bytes.count, Self.separators.contains(bytes[position]) else { return digits }
        let separator = bytes[position]
        guard (1...3).contains(digits.count), digits[0] != UInt8(ascii: "0") else { return nil }
        while position < bytes.count, bytes[position] == separator {
            position += 1
            let group = takeDigits()
            guard group.count == 3 else { return nil }
            digits += group
        }
        rules.append("thousands separators")
        return digits
    }

    /// At most six digits, so that arithmetic on exponents cannot overflow.
    private mutating func exponentPart() -> Int? {
        let isNegative = take("-")
        if !isNegative { _ = take("+") }
        let digits = takeDigits()
        guard (1...6).contains(digits.count) else { return nil }
        let magnitude = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
        return isNegative ? -magnitude : magnitude
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        operations += 1
        guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func takeDigits() -> [UInt8] {
        let start = position
        while position < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[position]) {
            position += 1
        }
        operations += position - start + 1
        return Array(bytes[start..<position])
    }
}
