import BigInt

/// Reads big integers from ASCII digits.
enum BigIntText {
    /// A sign and digits and nothing else.
    static func integer(_ text: String) -> BigInt? {
        let digits =
            text.utf8.first == UInt8(ascii: "-") || text.utf8.first == UInt8(ascii: "+") ? text.dropFirst() : text[...]
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        guard let magnitude = BigInt(digits, radix: 10) else { return nil }
        return text.utf8.first == UInt8(ascii: "-") ? -magnitude : magnitude
    }
}
