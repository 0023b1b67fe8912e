/// ``PlainText`` in one pass for texts whose characters beyond ASCII are typographic punctuation, precomposed letters of
/// Latin-1 or Greek letters without accents, none of which interacts with its neighbours.
enum SimplePlainText {
    /// What was found of each rule's kind.
    private struct Changes {
        var apostrophes = false
        var dashes = false
        var quotes = false
        var space = false
        var compatibility = false
        var accents = false
        var letters = false
    }

    /// The base letters of U+00E0 to U+00FF; a point where accents do not matter or a letter is two.
    private static let bases = Array("aaaaaa.ceeeeiiii.nooooo.ouuuuy.y".utf8)

    /// `nil` where a character needs the full treatment.
    static func bytes(of text: [UInt8], _ options: PlainText.Options, work: inout Work) -> [UInt8]? {
        guard !options.keepsCase else { return nil }
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var changes = Changes()
        var index = 0
        while index < text.count {
            let first = text[index]
            if first < 0x80 {
                result.append(first)
                index += 1
            } else if first < 0xE0, index + 1 < text.count {
                let value = UInt32(first & 0x1F) << 6 | UInt32(text[index + 1] & 0x3F)
                guard appendShort(value, options, to: &result, &changes) else { return nil }
                index += 2
            } else if first == 0xE2, index + 2 < text.count {
                let value = 0x2000 | UInt32(text[index + 1] & 0x3F) << 6 | UInt32(text[index + 2] & 0x3F)
                guard appendPunctuation(value, to: &result, &changes) else { return nil }
                index += 3
            } else {
                return nil
            }
        }
        if changes.compatibility { work.apply("compatibility") }
        if changes.apostrophes { work.apply("apostrophes") }
        if changes.dashes { work.apply("dashes") }
        if changes.quotes { work.apply("quotation marks") }
        if changes.space { work.apply("white space") }
        if changes.accents { work.apply("accents") }
        if changes.letters { work.apply("case") }
        return result
    }

    private static func appendShort(
        _ value: UInt32, _ options: PlainText.Options, to result: inout [UInt8], _ changes: inout Changes
    ) -> Bool {
        switch value {
        case 0xA0:
            result.append(NameByte.space)
            changes.space = true
        case 0xAB, 0xBB:
            result.append(UInt8(ascii: "\""))
            changes.quotes = true
        case 0xB4, 0x2BC:
            result.append(NameByte.apostrophe)
            changes.apostrophes = true
        case 0xB5:
            append(0x3BC, to: &result)
            changes.compatibility = true
        case 0xD7, 0xF7, 0xDF, 0xC6, 0xE6: return false
        case 0xC0...0xFF:
            let lower = value < 0xE0 ? value + 0x20 : value
            changes.letters = changes.letters || lower != value
            let base = bases[Int(lower - 0xE0)]
            if options.keepsAccents || base == NameByte.stop {
                append(lower, to: &result)
            } else {
                result.append(base)
                changes.accents = true
            }
        case 0x391...0x3A1, 0x3A3...0x3A9:
            append(value + 0x20, to: &result)
            changes.letters = true
        case 0x3C2:
            append(0x3C3, to: &result)
            changes.letters = true
        case 0x3B1...0x3C9: append(value, to: &result)
        default: return false
        }
        return true
    }

    private static func appendPunctuation(
        _ value: UInt32, to result: inout [UInt8], _ changes: inout Changes
    ) -> Bool {
        switch value {
        case 0x2018...0x201B, 0x2032:
            result.append(NameByte.apostrophe)
            changes.apostrophes = true
        case 0x201C...0x201F:
            result.append(UInt8(ascii: "\""))
            changes.quotes = true
        case 0x2010...0x2015, 0x2212:
            result.append(NameByte.hyphen)
            changes.dashes = true
        case 0x2002...0x200A, 0x202F:
            result.append(NameByte.space)
            changes.space = true
        default: return false
        }
        return true
    }

    private static func append(_ value: UInt32, to result: inout [UInt8]) {
        result.append(0xC0 | UInt8(value >> 6))
        result.append(0x80 | UInt8(value & 0x3F))
    }
}
