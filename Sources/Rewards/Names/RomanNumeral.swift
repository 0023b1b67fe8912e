/// Roman numerals up to 39, which classifications count with.
enum RomanNumeral {
    /// The value of a numeral in lower case in its only usual form.
    static func value(_ bytes: some BidirectionalCollection<UInt8>) -> Int? {
        guard (1...7).contains(bytes.count) else { return nil }
        var (total, greatest) = (0, 0)
        for byte in bytes.reversed() {
            let digit: Int
            switch byte {
            case UInt8(ascii: "i"): digit = 1
            case UInt8(ascii: "v"): digit = 5
            case UInt8(ascii: "x"): digit = 10
            default: return nil
            }
            total += digit < greatest ? -digit : digit
            greatest = max(greatest, digit)
        }
        return (1...39).contains(total) && bytes.elementsEqual(numeral(total)) ? total : nil
    }

    private static func numeral(_ value: Int) -> [UInt8] {
        let ones = ["", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix"]
        return Array(repeating: UInt8(ascii: "x"), count: value / 10) + Array(ones[value % 10].utf8)
    }
}
