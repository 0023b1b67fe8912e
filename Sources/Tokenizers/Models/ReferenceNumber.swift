/// Decimal fractions as Hugging Face reads them: its JSON parser (Rust's `serde_json` without `float_roundtrip`) divides
/// the digits by a power of ten, which misses the nearest double by a unit in the last place now and then.
///
/// Sums of scores that are equal but for rounding decide between cuts of a text, so the same doubles are needed.
enum ReferenceNumber {
    /// - Parameter number: what the shortest decimal fraction, which files are written with, means.
    static func asRead(_ number: Double) -> Double {
        guard number.isFinite else { return number }
        var digits: UInt64 = 0
        var exponent = 0
        var isFraction = false
        let parts = number.magnitude.description.split(separator: "e")
        for character in parts[0].utf8 {
            if character == UInt8(ascii: ".") {
                isFraction = true
            } else {
                digits = digits &* 10 &+ UInt64(character &- UInt8(ascii: "0"))
                if isFraction { exponent -= 1 }
            }
        }
        if parts.count > 1 { exponent += Int(parts[1]) ?? 0 }
        var value = Double(digits)
        while exponent < -308, value != 0 {
            value /= 1e308
            exponent += 308
        }
        let power = exponent.magnitude <= 308 ? Double("1e\(exponent.magnitude)") ?? 1 : 1
        value = exponent < 0 ? value / power : value * power
        return number.sign == .minus ? -value : value
    }
}
