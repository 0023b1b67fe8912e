/// Texts of sources in the form that a graph's files can hold.
enum TidyText {
    /// Without control characters, spaces at the ends, or two spaces in a row.
    static func tidy(_ text: String) -> String {
        if isTidy(text) { return text }
        var result = String.UnicodeScalarView()
        var isAfterSpace = true
        for scalar in text.unicodeScalars {
            let isSpace = scalar.value <= 0x20 || scalar.value == 0x7F || scalar.value == 0xA0 || scalar.value == 0xFEFF
            if !isSpace {
                result.append(scalar)
            } else if !isAfterSpace {
                result.append(" ")
            }
            isAfterSpace = isSpace
        }
        if result.last == " " { result.removeLast() }
        return String(result)
    }

    /// As ``tidy(_:)``, and without the sign that separates the items of a list in a file.
    static func tidyListItem(_ text: String) -> String {
        let text = tidy(text)
        return text.utf8.contains(UInt8(ascii: "|")) ? text.split(separator: "|").joined(separator: "/") : text
    }

    private static func isTidy(_ text: String) -> Bool {
        var last: UInt8 = 0x20
        for byte in text.utf8 {
            // Non-breaking space and byte-order mark begin with C2 and EF.
            if byte < 0x20 || byte == 0x7F || byte == 0xC2 || byte == 0xEF || (byte == 0x20 && last == 0x20) {
                return false
            }
            last = byte
        }
        return last != 0x20 || text.isEmpty
    }
}
