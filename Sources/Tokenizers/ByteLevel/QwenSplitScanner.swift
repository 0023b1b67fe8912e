/// Cuts text into the pieces within which bytes may be merged, by the split pattern of Qwen2, Qwen2.5 and Qwen3.
///
/// A hand-written equivalent of ``pattern``: leftmost, with the alternatives tried in their order. Works on UTF-8 that
/// is known to be valid. Every byte belongs to exactly one piece.
struct QwenSplitScanner {
    static let pattern =
        #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#

    private let text: UnsafeBufferPointer<UInt8>
    private let classes: [CharacterClass]

    init(_ text: UnsafeBufferPointer<UInt8>) {
        self.text = text
        classes = CharacterClass.table
    }

    /// The end of the piece that begins at byte `start`, which must be below the text's count.
    func pieceEnd(from start: Int) -> Int {
        let (firstClass, firstWidth) = scalar(at: start)
        if text[start] == UInt8(ascii: "'"), let end = contractionEnd(from: start) { return end }
        let second = start + firstWidth
        switch firstClass {
        case .letter:
            return endOfRun(of: .letter, from: second)
        case .number:
            return second
        case .other:
            if second < text.count, scalar(at: second).class == .letter { return endOfRun(of: .letter, from: second) }
            return endOfNewlines(from: endOfRun(of: .other, from: second))
        case .space:
            if second < text.count {
                let next = scalar(at: second).class
                if next == .letter { return endOfRun(of: .letter, from: second) }
                if next == .other, text[start] == UInt8(ascii: " ") {
                    return endOfNewlines(from: endOfRun(of: .other, from: second))
                }
            }
            return endOfWhiteSpace(from: start)
        case .newline:
            return endOfWhiteSpace(from: start)
        }
    }

    /// `(?i:'s|'t|'re|'ve|'m|'ll|'d)`; case folding adds U+017F, the long s, to the ASCII letters.
    private func contractionEnd(from start: Int) -> Int? {
        guard start + 1 < text.count else { return nil }
        let lowercase: UInt8 = 0x20
        switch text[start + 1] | lowercase {
        case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"):
            // Setting the bit turns controls 0x13, 0x14, 0x0D and 0x04 into other values, so only letters come here.
            return start + 2
        case UInt8(ascii: "r"), UInt8(ascii: "v"):
            guard start + 2 < text.count, text[start + 2] | lowercase == UInt8(ascii: "e") else { return nil }
            return start + 3
        case UInt8(ascii: "l"):
            guard start + 2 < text.count, text[start + 2] | lowercase == UInt8(ascii: "l") else { return nil }
            return start + 3
        default:
            let isLongS = text[start + 1] == 0xC5 && start + 2 < text.count && text[start + 2] == 0xBF
            return isLongS ? start + 3 : nil
        }
    }

    /// `\s*[\r\n]+`, then `\s+(?!\S)`, then `\s+`: up to the last line end of the run of white space; without one, all
    /// of the run but the scalar before the next word; or all of it at the end of the text.
    private func endOfWhiteSpace(from start: Int) -> Int {
        var position = start
        var afterNewline = start
        var lastStart = start
        while position < text.count {
            let (characterClass, width) = scalar(at: position)
            guard characterClass == .space || characterClass == .newline else { break }
            lastStart = position
            position += width
            if characterClass == .newline { afterNewline = position }
        }
        if afterNewline > start { return afterNewline }
        return position == text.count || lastStart == start ? position : lastStart
    }

    private func endOfNewlines(from start: Int) -> Int {
        var position = start
        while position < text.count, text[position] == 0x0A || text[position] == 0x0D { position += 1 }
        return position
    }

    @inline(__always)
    private func endOfRun(of wanted: CharacterClass, from start: Int) -> Int {
        var position = start
        while position < text.count {
            let (characterClass, width) = scalar(at: position)
            guard characterClass == wanted else { break }
            position += width
        }
        return position
    }

    /// The class and the UTF-8 width of the scalar at byte `position`.
    @inline(__always)
    private func scalar(at position: Int) -> (class: CharacterClass, width: Int) {
        let first = Int(text[position])
        if first < 0x80 { return (classes[first], 1) }
        let second = Int(text[position + 1] & 0x3F)
        if first < 0xE0 { return (classes[(first & 0x1F) << 6 | second], 2) }
        let third = Int(text[position + 2] & 0x3F)
        if first < 0xF0 { return (classes[(first & 0x0F) << 12 | second << 6 | third], 3) }
        let value = (first & 0x07) << 18 | second << 12 | third << 6 | Int(text[position + 3] & 0x3F)
        return (value < classes.count ? classes[value] : .other, 4)
    }
}
