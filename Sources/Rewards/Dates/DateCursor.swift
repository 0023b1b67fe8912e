/// A place in the bytes of a date, time or duration.
struct DateCursor {
    let bytes: [UInt8]
    var position: Int

    init(_ bytes: [UInt8], at position: Int = 0) {
        self.bytes = bytes
        self.position = position
    }

    var isAtEnd: Bool { position >= bytes.count }

    @inline(__always)
    func peek(_ distance: Int = 0) -> UInt8 {
        let index = position + distance
        return index >= 0 && index < bytes.count ? bytes[index] : 0
    }

    @inline(__always)
    mutating func skip(_ byte: Unicode.Scalar) -> Bool {
        guard UInt32(peek()) == byte.value, !isAtEnd else { return false }
        position += 1
        return true
    }

    static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
    static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

    /// The length of the run of digits here.
    var digitRun: Int {
        var end = position
        while end < bytes.count, Self.isDigit(bytes[end]) { end += 1 }
        return end - position
    }

    /// Exactly `count` digits, at most 18.
    mutating func digits(_ count: Int) -> Int? {
        guard count > 0, count <= 18, position + count <= bytes.count else { return nil }
        var value = 0
        for index in position..<position + count {
            guard Self.isDigit(bytes[index]) else { return nil }
            value = value * 10 + Int(bytes[index] - 0x30)
        }
        position += count
        return value
    }

    /// The digits after a decimal sign, as a number and its digits; zeros at the end do not count. `nil` for none and
    /// for more than 18.
    mutating func fraction() -> (value: Int, digits: Int)? {
        let run = digitRun
        guard run > 0 else { return nil }
        var end = position + run
        while end > position, bytes[end - 1] == 0x30 { end -= 1 }
        let significant = end - position
        guard significant <= 18 else { return nil }
        var value = 0
        for index in position..<end { value = value * 10 + Int(bytes[index] - 0x30) }
        position += run
        return (value, significant)
    }

    /// `¼`, `½` or `¾`.
    mutating func vulgarFraction() -> Rational? {
        guard peek() == 0xC2, (0xBC...0xBE).contains(peek(1)) else { return nil }
        let quarters = Int(peek(1) - 0xBB)
        position += 2
        return Rational(quarters, 4)
    }

    mutating func skipDecimalSign() -> Bool { skip(".") || skip(",") }
}
