/// One character of a number, reduced to a byte: ASCII characters stand for themselves and for their typographic
/// variants, everything else a number may hold has a code from 0x80.
struct NumberSymbol {
    let code: UInt8
    /// Bytes of UTF-8; zero at the end of the text.
    let length: Int
    /// The code point of the digit zero of the digit's script; two scripts in one number are not read as one.
    let zero: UInt32

    static let end: UInt8 = 0x80
    static let unknown: UInt8 = 0xFF
    static let noBreakSpace: UInt8 = 0x81
    static let thinSpace: UInt8 = 0x82
    static let times: UInt8 = 0x83
    static let superscriptMinus: UInt8 = 0x84
    static let superscriptPlus: UInt8 = 0x85
    static let arabicDecimal: UInt8 = 0x86
    static let arabicThousands: UInt8 = 0x87
    static let infinity: UInt8 = 0x88
    /// Superscript digits are 0x90 to 0x99.
    static let superscriptZero: UInt8 = 0x90
    /// Vulgar fractions; ``NumberSymbol/vulgarFraction(of:)`` gives their value.
    static let vulgar: UInt8 = 0xA0

    @inline(__always)
    init(_ bytes: [UInt8], at position: Int) {
        guard position < bytes.count else {
            self.init(code: Self.end, length: 0)
            return
        }
        let first = bytes[position]
        if first < 0x80 {
            self.init(code: first, length: 1)
        } else {
            self.init(decoding: bytes, at: position)
        }
    }

    @inline(__always)
    private init(code: UInt8, length: Int, zero: UInt32 = 0x30) {
        self.code = code
        self.length = length
        self.zero = zero
    }

    @inline(never)
    private init(decoding bytes: [UInt8], at position: Int) {
        let (scalar, length) = Self.scalar(bytes, at: position)
        guard let scalar else {
            self.init(code: Self.unknown, length: length)
            return
        }
        switch scalar.value {
        case 0xFF01...0xFF5E: self.init(code: UInt8(scalar.value - 0xFEE0), length: length)
        case 0x2010...0x2013, 0x2212, 0xFE63: self.init(code: UInt8(ascii: "-"), length: length)
        case 0x2018, 0x2019, 0x02BC: self.init(code: UInt8(ascii: "'"), length: length)
        case 0x2044, 0x2215: self.init(code: UInt8(ascii: "/"), length: length)
        case 0xA0, 0x202F: self.init(code: Self.noBreakSpace, length: length)
        case 0x2007, 0x2009: self.init(code: Self.thinSpace, length: length)
        case 0xD7, 0x22C5, 0xB7, 0x2217, 0x2715, 0x2716: self.init(code: Self.times, length: length)
        case 0x207B: self.init(code: Self.superscriptMinus, length: length)
        case 0x207A: self.init(code: Self.superscriptPlus, length: length)
        case 0x66B: self.init(code: Self.arabicDecimal, length: length)
        case 0x66C: self.init(code: Self.arabicThousands, length: length)
        case 0xB2, 0xB3: self.init(code: Self.superscriptZero + UInt8(scalar.value - 0xB0), length: length)
        case 0xB9: self.init(code: Self.superscriptZero + 1, length: length)
        case 0x2070, 0x2074...0x2079:
            self.init(code: Self.superscriptZero + UInt8(scalar.value - 0x2070), length: length)
        case 0xBC...0xBE, 0x2150...0x215E, 0x2189: self.init(code: Self.vulgar, length: length)
        default:
            if scalar.properties.numericType == .decimal, let value = scalar.properties.numericValue {
                let digit = UInt8(value)
                self.init(code: 0x30 + digit, length: length, zero: scalar.value - UInt32(digit))
            } else {
                self.init(code: Self.unknown, length: length)
            }
        }
    }

    @inline(__always) var isDigit: Bool { code &- 0x30 < 10 }
    @inline(__always) var digit: Int { Int(code &- 0x30) }
    var superscriptDigit: Int? { code &- Self.superscriptZero < 10 ? Int(code &- Self.superscriptZero) : nil }
    var isSpace: Bool { code == 0x20 || code == Self.noBreakSpace || code == Self.thinSpace }

    /// The value of a vulgar fraction as a pair; Unicode Standard, blocks Latin-1 and Number Forms.
    static func vulgarFraction(of scalar: Unicode.Scalar) -> (numerator: Int, denominator: Int)? {
        switch scalar.value {
        case 0xBC: (1, 4)
        case 0xBD: (1, 2)
        case 0xBE: (3, 4)
        case 0x2150: (1, 7)
        case 0x2151: (1, 9)
        case 0x2152: (1, 10)
        case 0x2153, 0x2154: (Int(scalar.value) - 0x2152, 3)
        case 0x2155...0x2158: (Int(scalar.value) - 0x2154, 5)
        case 0x2159: (1, 6)
        case 0x215A: (5, 6)
        case 0x215B...0x215E: ((Int(scalar.value) - 0x215B) * 2 + 1, 8)
        case 0x2189: (0, 3)
        default: nil
        }
    }

    /// The code point at a position and its length; `nil` for bytes that are not UTF-8, which count one by one.
    static func scalar(_ bytes: [UInt8], at position: Int) -> (scalar: Unicode.Scalar?, length: Int) {
        let first = bytes[position]
        let length: Int
        var value: UInt32
        switch first {
        case 0x00..<0x80: return (Unicode.Scalar(first), 1)
        case 0xC2..<0xE0: (length, value) = (2, UInt32(first & 0x1F))
        case 0xE0..<0xF0: (length, value) = (3, UInt32(first & 0x0F))
        case 0xF0..<0xF5: (length, value) = (4, UInt32(first & 0x07))
        default: return (nil, 1)
        }
        guard position + length <= bytes.count else { return (nil, 1) }
        for offset in 1..<length {
            let byte = bytes[position + offset]
            guard byte & 0xC0 == 0x80 else { return (nil, 1) }
            value = value << 6 | UInt32(byte & 0x3F)
        }
        return Unicode.Scalar(value).map { ($0, length) } ?? (nil, 1)
    }
}
