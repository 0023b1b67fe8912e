/// A strict parser of RFC 8259 over the bytes of one text.
///
/// Refused besides what the grammar refuses: byte-order marks, invalid UTF-8, lone surrogates, duplicate keys, numbers
/// beyond the range of `Double`, and more than ``maximumDepth`` open brackets.
struct JSONParser {
    static let maximumDepth = 512

    private let bytes: UnsafeBufferPointer<UInt8>
    private var index = 0
    private var depth = 0

    private init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    static func parse(_ bytes: UnsafeBufferPointer<UInt8>) throws(JSONError) -> JSONValue {
        var parser = JSONParser(bytes)
        parser.skipSpace()
        let value = try parser.value()
        parser.skipSpace()
        if parser.index < bytes.count { throw parser.failure("expected the end of the text after the value") }
        return value
    }

    // MARK: Values

    private mutating func value() throws(JSONError) -> JSONValue {
        guard index < bytes.count else { throw failure("the text ends where a value should begin") }
        switch bytes[index] {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: throw failure("expected a value, found \(describeCurrent())")
        }
    }

    private mutating func literal(_ word: StaticString, _ value: JSONValue) throws(JSONError) -> JSONValue {
        let length = word.utf8CodeUnitCount
        guard index + length <= bytes.count, (0..<length).allSatisfy({ bytes[index + $0] == word.utf8Start[$0] })
        else { throw failure("expected `\(word)`") }
        index += length
        return value
    }

    private mutating func array() throws(JSONError) -> JSONValue {
        try open()
        var elements: [JSONValue] = []
        if !take(UInt8(ascii: "]")) {
            // Spares the short arrays and objects of which answers are made three allocations out of four.
            elements.reserveCapacity(8)
            repeat {
                skipSpace()
                elements.append(try value())
                skipSpace()
            } while take(UInt8(ascii: ","))
            guard take(UInt8(ascii: "]")) else { throw failure("expected `,` or `]`, found \(describeCurrent())") }
        }
        depth -= 1
        return .array(elements)
    }

    private mutating func object() throws(JSONError) -> JSONValue {
        try open()
        var members: [(key: String, value: JSONValue)] = []
        var keys = JSONObject.UniqueKeys()
        if !take(UInt8(ascii: "}")) {
            members.reserveCapacity(4)
            repeat {
                skipSpace()
                guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else {
                    throw failure("expected a key in double quotes, found \(describeCurrent())")
                }
                let start = index
                let key = try string()
                guard keys.insert(key, into: members) else {
                    throw failure("the key `\(key)` is written twice in one object", at: start)
                }
                skipSpace()
                guard take(UInt8(ascii: ":")) else { throw failure("expected `:`, found \(describeCurrent())") }
                skipSpace()
                members.append((key, try value()))
                skipSpace()
            } while take(UInt8(ascii: ","))
            guard take(UInt8(ascii: "}")) else { throw failure("expected `,` or `}`, found \(describeCurrent())") }
        }
        depth -= 1
        return .object(JSONObject(checkedMembers: members))
    }

    private mutating func open() throws(JSONError) {
        depth += 1
        if depth > Self.maximumDepth { throw failure("more than \(Self.maximumDepth) nested arrays and objects") }
        index += 1
        skipSpace()
    }

    // MARK: Numbers

    private static let exactPowersOfTen: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22,
    ]

    /// A number in its only legal form. A mantissa of up to 53 bits and a power of ten up to 22 are both exact doubles,
    /// so one multiplication or division rounds correctly (Clinger 1990); all others go through the standard library.
    private mutating func number() throws(JSONError) -> JSONValue {
        let start = index
        let isNegative = take(UInt8(ascii: "-"))
        var mantissa: UInt64 = 0
        var isMantissaExact = true
        var decimalExponent = 0

        let integerStart = index
        try digits(&mantissa, &isMantissaExact)
        if index - integerStart > 1, bytes[integerStart] == UInt8(ascii: "0") {
            throw failure("a number may not begin with a zero that is followed by digits", at: integerStart)
        }
        var isInteger = true
        if take(UInt8(ascii: ".")) {
            isInteger = false
            let fractionStart = index
            try digits(&mantissa, &isMantissaExact)
            decimalExponent = fractionStart - index
        }
        if index < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e") {
            isInteger = false
            index += 1
            let isExponentNegative = take(UInt8(ascii: "-"))
            if !isExponentNegative { _ = take(UInt8(ascii: "+")) }
            var exponent: UInt64 = 0
            var isExponentExact = true
            try digits(&exponent, &isExponentExact)
            let magnitude = isExponentExact ? Int(min(exponent, 1 << 32)) : 1 << 32
            decimalExponent += isExponentNegative ? -magnitude : magnitude
        }

        if isInteger, isMantissaExact, !(isNegative && mantissa == 0) {
            if isNegative, mantissa <= UInt64(Int64.max) + 1 {
                return .integer(Int64(truncatingIfNeeded: 0 &- mantissa))
            }
            if !isNegative, let integer = Int64(exactly: mantissa) { return .integer(integer) }
        }
        if isMantissaExact, mantissa <= 1 << 53, abs(decimalExponent) <= 22 {
            let power = Self.exactPowersOfTen[abs(decimalExponent)]
            let magnitude = decimalExponent < 0 ? Double(mantissa) / power : Double(mantissa) * power
            return .number(isNegative ? -magnitude : magnitude)
        }
        let text = String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<index]), as: UTF8.self)
        guard let number = Double(text), number.isFinite else {
            throw failure("the number \(text) is outside the range of a double", at: start)
        }
        return isInteger ? .bigInteger(text) : .number(number)
    }

    /// Appends one or more decimal digits to `accumulator`; `isExact` turns false when they no longer fit.
    private mutating func digits(_ accumulator: inout UInt64, _ isExact: inout Bool) throws(JSONError) {
        let start = index
        while index < bytes.count {
            let digit = bytes[index] &- UInt8(ascii: "0")
            if digit > 9 { break }
            if accumulator > (UInt64.max - 9) / 10 {
                isExact = false
            } else {
                accumulator = accumulator * 10 + UInt64(digit)
            }
            index += 1
        }
        if index == start { throw failure("expected a digit, found \(describeCurrent())") }
    }

    // MARK: Strings

    private mutating func string() throws(JSONError) -> String {
        index += 1
        let start = index
        var highBits: UInt8 = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") {
                let text = try text(start..<index, isASCII: highBits < 0x80)
                index += 1
                return text
            }
            if byte == UInt8(ascii: "\\") { return try stringWithEscapes(from: start) }
            if byte < 0x20 { throw unescapedControlCharacter() }
            highBits |= byte
            index += 1
        }
        throw failure("the string that begins here is never closed", at: start - 1)
    }

    private mutating func stringWithEscapes(from start: Int) throws(JSONError) -> String {
        var content: [UInt8] = []
        var runStart = start
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") {
                try checkUTF8(start..<index)
                content.append(contentsOf: bytes[runStart..<index])
                index += 1
                return String(decoding: content, as: UTF8.self)
            }
            if byte == UInt8(ascii: "\\") {
                content.append(contentsOf: bytes[runStart..<index])
                try escape(into: &content)
                runStart = index
            } else if byte < 0x20 {
                throw unescapedControlCharacter()
            } else {
                index += 1
            }
        }
        throw failure("the string that begins here is never closed", at: start - 1)
    }

    private mutating func escape(into content: inout [UInt8]) throws(JSONError) {
        let start = index
        index += 1
        guard index < bytes.count else { throw failure("the text ends inside an escape") }
        let byte = bytes[index]
        index += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(byte)
        case UInt8(ascii: "b"): content.append(0x08)
        case UInt8(ascii: "f"): content.append(0x0C)
        case UInt8(ascii: "n"): content.append(0x0A)
        case UInt8(ascii: "r"): content.append(0x0D)
        case UInt8(ascii: "t"): content.append(0x09)
        case UInt8(ascii: "u"):
            var code = try hexadecimal()
            if 0xD800..<0xDC00 ~= code, take(UInt8(ascii: "\\")) {
                guard take(UInt8(ascii: "u")) else { throw failure("a surrogate without its pair", at: start) }
                let low = try hexadecimal()
                guard 0xDC00..<0xE000 ~= low else { throw failure("a surrogate without its pair", at: start) }
                code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(code) else { throw failure("a surrogate without its pair", at: start) }
            content.append(contentsOf: UTF8.encode(scalar)!)
        default: throw failure("unknown escape; RFC 8259 has \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX", at: start)
        }
    }

    private mutating func hexadecimal() throws(JSONError) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard index < bytes.count, let digit = Character(Unicode.Scalar(bytes[index])).hexDigitValue,
                bytes[index] < 0x80
            else { throw failure("expected four hexadecimal digits after \\u") }
            code = code << 4 | UInt32(digit)
            index += 1
        }
        return code
    }

    private func text(_ range: Range<Int>, isASCII: Bool) throws(JSONError) -> String {
        let slice = UnsafeBufferPointer(rebasing: bytes[range])
        if isASCII { return String(decoding: slice, as: UTF8.self) }
        guard let text = String(validating: slice, as: UTF8.self) else {
            try checkUTF8(range)
            throw failure("invalid UTF-8 in a string", at: range.lowerBound)
        }
        return text
    }

    /// Well-formed byte sequences of Table 3-7 of the Unicode Standard.
    private func checkUTF8(_ range: Range<Int>) throws(JSONError) {
        var position = range.lowerBound
        while position < range.upperBound {
            let lead = bytes[position]
            if lead < 0x80 {
                position += 1
                continue
            }
            let (length, second): (Int, ClosedRange<UInt8>) =
                switch lead {
                case 0xC2...0xDF: (2, 0x80...0xBF)
                case 0xE0: (3, 0xA0...0xBF)
                case 0xE1...0xEC, 0xEE, 0xEF: (3, 0x80...0xBF)
                case 0xED: (3, 0x80...0x9F)
                case 0xF0: (4, 0x90...0xBF)
                case 0xF1...0xF3: (4, 0x80...0xBF)
                case 0xF4: (4, 0x80...0x8F)
                default: (0, 0x80...0xBF)
                }
            guard length > 0, position + length <= range.upperBound, second ~= bytes[position + 1],
                (2..<length).allSatisfy({ bytes[position + $0] & 0xC0 == 0x80 })
            else { throw failure("invalid UTF-8 in a string", at: position) }
            position += length
        }
    }

    // MARK: Bytes

    private mutating func skipSpace() {
        while index < bytes.count {
            switch bytes[index] {
            case 0x20, 0x0A, 0x0D, 0x09: index += 1
            default: return
            }
        }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard index < bytes.count, bytes[index] == byte else { return false }
        index += 1
        return true
    }

    private func describeCurrent() -> String {
        guard index < bytes.count else { return "the end of the text" }
        let byte = bytes[index]
        return 0x20..<0x7F ~= byte
            ? "`\(Character(Unicode.Scalar(byte)))`" : "byte 0x" + String(byte, radix: 16, uppercase: true)
    }

    private func unescapedControlCharacter() -> JSONError {
        failure("a control character inside a string must be written as an escape, found \(describeCurrent())")
    }

    private func failure(_ problem: String, at position: Int? = nil) -> JSONError {
        let offset = position ?? index
        var line = 1
        var lineStart = 0
        for other in 0..<min(offset, bytes.count) where bytes[other] == 0x0A {
            line += 1
            lineStart = other + 1
        }
        return .syntax(problem: problem, offset: offset, line: line, column: offset - lineStart + 1)
    }
}
