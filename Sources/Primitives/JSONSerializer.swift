/// Writes JSON as bytes, in one of two spellings.
struct JSONSerializer {
    enum Style {
        /// `{"a":1,"b":[1.0,null]}`; a number that is not finite, which JSON cannot say, becomes `null`.
        case compact
        /// What Python's `json.dumps(value, ensure_ascii=False)` writes, including `NaN` and `Infinity`.
        case python
    }

    let style: Style
    private(set) var output: [UInt8] = []

    init(_ style: Style) { self.style = style }

    mutating func write(_ value: JSONValue) {
        switch value {
        case .null: write("null")
        case .bool(let bool): write(bool ? "true" : "false")
        case .integer(let integer): write(integer)
        case .bigInteger(let digits): write(digits)
        case .number(let number): write(number)
        case .string(let string): write(quoted: string)
        case .array(let elements):
            output.append(UInt8(ascii: "["))
            var isFirst = true
            for element in elements {
                if !isFirst { separate() }
                isFirst = false
                write(element)
            }
            output.append(UInt8(ascii: "]"))
        case .object(let object):
            output.append(UInt8(ascii: "{"))
            var isFirst = true
            for member in object.members {
                if !isFirst { separate() }
                isFirst = false
                write(quoted: member.key)
                output.append(UInt8(ascii: ":"))
                if style == .python { output.append(UInt8(ascii: " ")) }
                write(member.value)
            }
            output.append(UInt8(ascii: "}"))
        }
    }

    private mutating func separate() {
        output.append(UInt8(ascii: ","))
        if style == .python { output.append(UInt8(ascii: " ")) }
    }

    private mutating func write(_ text: String) { output.append(contentsOf: text.utf8) }

    private mutating func write(_ integer: Int64) {
        var magnitude = integer.magnitude
        if magnitude < 10 {
            if integer < 0 { output.append(UInt8(ascii: "-")) }
            output.append(UInt8(ascii: "0") + UInt8(magnitude))
            return
        }
        // The sign and at most 19 digits, from the last to the first.
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { buffer in
            var start = 20
            while magnitude > 0 {
                let (quotient, digit) = magnitude.quotientAndRemainder(dividingBy: 10)
                start -= 1
                buffer[start] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit)
                magnitude = quotient
            }
            if integer < 0 {
                start -= 1
                buffer[start] = UInt8(ascii: "-")
            }
            output.append(contentsOf: UnsafeBufferPointer(rebasing: buffer[start...]))
        }
    }

    private mutating func write(_ number: Double) {
        switch style {
        case .compact: write(number.isFinite ? number.description : "null")
        case .python: write(Self.pythonRepresentation(number))
        }
    }

    /// `repr(float)` of Python: shortest round-trip digits, in exponent form below 1e-4 and from 1e16 on.
    private static func pythonRepresentation(_ number: Double) -> String {
        guard number.isFinite else { return number.isNaN ? "NaN" : number < 0 ? "-Infinity" : "Infinity" }
        // The standard library writes the same text, except that it turns to the exponent form at 2^53, above which
        // every double is an integer.
        guard number.magnitude >= 0x1p53, number.magnitude < 1e16 else { return number.description }
        return "\(Int64(number)).0"
    }

    private mutating func write(quoted string: String) {
        output.append(UInt8(ascii: "\""))
        let isContiguous: Void? = string.utf8.withContiguousStorageIfAvailable { write(escaped: $0) }
        if isContiguous == nil { Array(string.utf8).withUnsafeBufferPointer { write(escaped: $0) } }
        output.append(UInt8(ascii: "\""))
    }

    private mutating func write(escaped bytes: UnsafeBufferPointer<UInt8>) {
        var runStart = 0
        for index in 0..<bytes.count {
            let byte = bytes[index]
            if byte >= 0x20, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "\\") { continue }
            output.append(contentsOf: bytes[runStart..<index])
            runStart = index + 1
            output.append(UInt8(ascii: "\\"))
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): output.append(byte)
            case 0x08: output.append(UInt8(ascii: "b"))
            case 0x09: output.append(UInt8(ascii: "t"))
            case 0x0A: output.append(UInt8(ascii: "n"))
            case 0x0C: output.append(UInt8(ascii: "f"))
            case 0x0D: output.append(UInt8(ascii: "r"))
            default:
                write("u00")
                for digit in [byte >> 4, byte & 15] {
                    output.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
                }
            }
        }
        output.append(contentsOf: bytes[runStart...])
    }
}
