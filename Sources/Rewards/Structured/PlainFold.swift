import Foundation

/// A simple fold for short texts that are compared as a whole: record keys, option texts, yes and no.
///
/// Lower case, one space for any white space, no decoration and no sentence punctuation around the text. Inside nothing
/// is deleted, so `1.5` stays another text than `15`, and a sign in front stays.
enum PlainFold {
    static func fold(_ text: AnswerText) -> [UInt8] { fold(text.isASCII ? text.bytes : compatible(text.bytes)) }

    static func fold(_ bytes: [UInt8]) -> [UInt8] {
        let core = AnswerDecoration.peel(bytes[...], takesBrackets: false)
        var folded: [UInt8] = []
        folded.reserveCapacity(core.count)
        var needsSpace = false
        for byte in core {
            if AnswerText.isSpace(byte) {
                needsSpace = !folded.isEmpty
            } else {
                if needsSpace { folded.append(0x20) }
                needsSpace = false
                folded.append(ASCII.lowercased(byte))
            }
        }
        return folded
    }

    /// NFKC in lower case, without zero-width characters, with one kind of quotes and dashes.
    static func compatible(_ bytes: [UInt8]) -> [UInt8] {
        let text = String(decoding: bytes, as: UTF8.self).precomposedStringWithCompatibilityMapping.lowercased()
        var folded: [UInt8] = []
        folded.reserveCapacity(text.utf8.count)
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x200B...0x200D, 0x2060, 0xFEFF: break
            case 0x2018, 0x2019: folded.append(UInt8(ascii: "'"))
            case 0x201C, 0x201D: folded.append(UInt8(ascii: "\""))
            case 0x2010...0x2015, 0x2212: folded.append(UInt8(ascii: "-"))
            case 0..<0x80: folded.append(UInt8(truncatingIfNeeded: scalar.value))
            default: folded.append(contentsOf: String(scalar).utf8)
            }
        }
        return folded
    }
}
