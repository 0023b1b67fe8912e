/// A strict parser of RFC 8259 that keeps numbers exact.
///
/// Refused besides what the grammar refuses: byte-order marks, invalid UTF-8, lone surrogates, and, unless the options
/// say otherwise, a key that is written twice in one object. One pass; recursion is bounded by the depth.
struct StrictJSONParser {
    enum DuplicateKeys: String, Sendable, Hashable, CaseIterable {
        case refuse
        /// The last member of a name counts, as most libraries have it.
        case last
    }

    struct Options: Sendable, Hashable {
        var duplicateKeys = DuplicateKeys.refuse
        var depth = 128
        /// The most digits of one number.
        var digits = Int.max
        /// Whether an exponent beyond ``StrictJSONParser/largestExponent`` is refused or taken for that exponent, which
        /// is enough to tell whether a text is JSON.
        var boundsExponents = true
    }

    static let largestExponent = 1_000_000_000_000_000

    private let bytes: [UInt8]
    private let options: Options
    private var index = 0
    private var depth = 0

    private init(_ bytes: [UInt8], _ options: Options) {
        self.bytes = bytes
        self.options = options
    }

    static func parse(_ bytes: [UInt8], options: Options = Options()) throws(AnswerProblem) -> JSONNode {
        guard bytes.allSatisfy({ $0 < 0x80 }) || String(validating: bytes, as: UTF8.self) != nil else {
            throw .malformed("expected JSON in UTF-8, found bytes that are not UTF-8")
        }
        var parser = StrictJSONParser(bytes, options)
        parser.skipSpace()
        let value = try parser.value()
        parser.skipSpace()
        if parser.index < bytes.count { throw parser.expected("the end of the JSON text") }
        return value
    }

    // MARK: Values

    private mutating func value() throws(AnswerProblem) -> JSONNode {
        guard index < bytes.count else { throw expected("a JSON value") }
        switch bytes[index] {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
        default: throw expected("a JSON value")
        }
    }

    private mutating func literal(_ word: String, _ value: JSONNode) throws(AnswerProblem) -> JSONNode {
        guard bytes[index...].starts(with: word.utf8) else { throw expected("`\(word)`") }
        index += word.utf8.count
        return value
    }

    private mutating func array() throws(AnswerProblem) -> JSONNode {
        try open()
        var elements: [JSONNode] = []
        if !take(UInt8(ascii: "]")) {
            repeat {
                skipSpace()
                elements.append(try value())
                skipSpace()
            } while take(UInt8(ascii: ","))
            guard take(UInt8(ascii: "]")) else { throw expected("`,` or `]`") }
        }
        depth -= 1
        return .array(elements)
    }

    private mutating func object() throws(AnswerProblem) -> JSONNode {
        let start = index
        try open()
        var members: [JSONNode.Member] = []
        var isSorted = true
        if !take(UInt8(ascii: "}")) {
            repeat {
                skipSpace()
                guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else {
                    throw expected("a key in double quotes")
                }
                let key = try string()
                skipSpace()
                guard take(UInt8(ascii: ":")) else { throw expected("`:`") }
                skipSpace()
                if let last = members.last, !last.key.lexicographicallyPrecedes(key) { isSorted = false }
                members.append(JSONNode.Member(key: key, value: try value()))
                skipSpace()
            } while take(UInt8(ascii: ","))
            guard take(UInt8(ascii: "}")) else { throw expected("`,` or `}`") }
        }
        depth -= 1
        return .object(isSorted ? members : try sorted(members, at: start))
    }

    /// Sorts by key; of members with one key, which the stable order keeps as they were written, the last counts.
    private func sorted(_ members: [JSONNode.Member], at start: Int) throws(AnswerProblem) -> [JSONNode.Member] {
        let order = members.indices.sorted { left, right in
            let (a, b) = (members[left].key, members[right].key)
            return a == b ? left < right : a.lexicographicallyPrecedes(b)
        }
        var unique: [JSONNode.Member] = []
        unique.reserveCapacity(members.count)
        for position in order {
            if let last = unique.last, last.key == members[position].key {
                guard options.duplicateKeys == .last else {
                    let key = String(decoding: last.key, as: UTF8.self)
                    throw .malformed("expected unique keys, found `\(key)` twice in one object", offset: start)
                }
                unique[unique.count - 1] = members[position]
            } else {
                unique.append(members[position])
            }
        }
        return unique
    }

    private mutating func open() throws(AnswerProblem) {
        depth += 1
        if depth > options.depth { throw .overBudget("more than \(options.depth) nested JSON arrays and objects") }
        index += 1
        skipSpace()
    }

    // MARK: Numbers

    private mutating func number() throws(AnswerProblem) -> JSONDecimal {
        let start = index
        let isNegative = take(UInt8(ascii: "-"))
        var written: [UInt8] = []
        let integer = try digits()
        if integer.count > 1, bytes[integer.lowerBound] == UInt8(ascii: "0") {
            throw .malformed("expected a number without a zero in front, found one", offset: integer.lowerBound)
        }
        written.append(contentsOf: bytes[integer])
        var exponent = 0
        if take(UInt8(ascii: ".")) {
            let fraction = try digits()
            written.append(contentsOf: bytes[fraction])
            exponent = -fraction.count
        }
        if index < bytes.count, bytes[index] | 0x20 == UInt8(ascii: "e") {
            index += 1
            let isDown = take(UInt8(ascii: "-"))
            if !isDown { _ = take(UInt8(ascii: "+")) }
            var power = 0
            for digit in bytes[try digits()] {
                power = min(power * 10 + Int(digit - UInt8(ascii: "0")), Self.largestExponent)
            }
            if power == Self.largestExponent, options.boundsExponents {
                throw .overBudget("a number with an exponent of more than \(Self.largestExponent)")
            }
            exponent += isDown ? -power : power
        }
        if written.count > options.digits {
            throw .overBudget("a number of more than \(options.digits) digits at byte \(start)")
        }
        return JSONDecimal(isNegative: isNegative, written: written, exponent: exponent)
    }

    private mutating func digits() throws(AnswerProblem) -> Range<Int> {
        let start = index
        while index < bytes.count, bytes[index] &- UInt8(ascii: "0") <= 9 { index += 1 }
        if index == start { throw expected("a digit") }
        return start..<index
    }

    // MARK: Strings

    private mutating func string() throws(AnswerProblem) -> [UInt8] {
        let opening = index
        index += 1
        var content: [UInt8] = []
        var runStart = index
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") {
                content.append(contentsOf: bytes[runStart..<index])
                index += 1
                return content
            }
            if byte == UInt8(ascii: "\\") {
                content.append(contentsOf: bytes[runStart..<index])
                try escape(into: &content)
                runStart = index
            } else if byte < 0x20 {
                throw expected("an escape for the control character")
            } else {
                index += 1
            }
        }
        throw .malformed("expected a closing quote, found the end of the text", offset: opening)
    }

    private mutating func escape(into content: inout [UInt8]) throws(AnswerProblem) {
        let start = index
        index += 1
        guard index < bytes.count else { throw expected("an escape") }
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
                guard take(UInt8(ascii: "u")) else { throw loneSurrogate(start) }
                let low = try hexadecimal()
                guard 0xDC00..<0xE000 ~= low else { throw loneSurrogate(start) }
                code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
            }
            guard let scalar = Unicode.Scalar(code) else { throw loneSurrogate(start) }
            content.append(contentsOf: String(scalar).utf8)
        default:
            throw .malformed("expected an escape of RFC 8259, found another", offset: start)
        }
    }

    private func loneSurrogate(_ offset: Int) -> AnswerProblem {
        .malformed("expected a character, found half of a surrogate pair", offset: offset)
    }

    private mutating func hexadecimal() throws(AnswerProblem) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard index < bytes.count, let digit = ASCII.hexadecimalValue(bytes[index]) else {
                throw expected("four hexadecimal digits")
            }
            code = code << 4 | UInt32(digit)
            index += 1
        }
        return code
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

    private func expected(_ what: String) -> AnswerProblem {
        guard index < bytes.count else {
            return .malformed("expected \(what), found the end of the text", offset: index)
        }
        let byte = bytes[index]
        let found =
            0x21..<0x7F ~= byte ? "`\(String(Unicode.Scalar(byte)))`" : "the byte 0x\(String(byte, radix: 16))"
        return .malformed("expected \(what), found \(found)", offset: index)
    }
}
