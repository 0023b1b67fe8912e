import Primitives

/// Writes JSON text straight into bytes, for arrays that would be slow as trees of ``JSONValue``.
struct JSONByteWriter {
    private(set) var bytes: [UInt8] = []

    /// Text that is JSON already.
    mutating func append(raw text: StaticString) {
        text.withUTF8Buffer { bytes.append(contentsOf: $0) }
    }

    mutating func append(raw text: [UInt8]) { bytes.append(contentsOf: text) }

    mutating func append(_ string: String) { bytes.append(contentsOf: JSONValue.string(string).serialized()) }

    mutating func append(_ integer: Int) {
        var magnitude = integer.magnitude
        let start = bytes.count
        repeat {
            let (quotient, digit) = magnitude.quotientAndRemainder(dividingBy: 10)
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: digit))
            magnitude = quotient
        } while magnitude > 0
        if integer < 0 { bytes.append(UInt8(ascii: "-")) }
        bytes[start...].reverse()
    }

    mutating func append(_ tokens: [TokenID]) {
        bytes.append(UInt8(ascii: "["))
        for (index, token) in tokens.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            append(Int(token))
        }
        bytes.append(UInt8(ascii: "]"))
    }

    /// Each number with the digits of the `Double` of the same value, so that a reader which goes through `Double` gets the
    /// same `Float` back.
    ///
    /// Precondition: all are finite.
    mutating func append(_ numbers: [Float]) {
        bytes.append(UInt8(ascii: "["))
        var previous: (bits: UInt32, text: Range<Int>)?
        for (index, number) in numbers.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            // Masks and advantages are runs of one value: its text is written once and copied.
            if let previous, previous.bits == number.bitPattern {
                bytes.append(contentsOf: bytes[previous.text])
                continue
            }
            let start = bytes.count
            bytes.append(contentsOf: Double(number).description.utf8)
            previous = (number.bitPattern, start..<bytes.count)
        }
        bytes.append(UInt8(ascii: "]"))
    }
}
