/// Reads the scalars of valid UTF-8 and the runs that split patterns are made of.
struct ScalarReader {
    let bytes: UnsafePointer<UInt8>
    /// Where the text ends. What lies beyond is never read.
    let end: Int
    private let sets: UnsafePointer<CharacterClass>

    @inline(__always)
    init(_ text: UnsafeBufferPointer<UInt8>) {
        self.init(text.baseAddress ?? UnsafePointer(bitPattern: 1).unsafelyUnwrapped, end: text.count)
    }

    @inline(__always)
    private init(_ bytes: UnsafePointer<UInt8>, end: Int) {
        self.bytes = bytes
        self.end = end
        sets = ScalarTables.sets
    }

    /// The same text, ending earlier.
    @inline(__always)
    func ending(at end: Int) -> ScalarReader { ScalarReader(bytes, end: end) }

    /// The code point that begins at byte `position`, which must be below ``end``, and the byte after it.
    @inline(__always)
    func scalar(at position: Int) -> (value: Int, next: Int) {
        let first = Int(bytes[position])
        if first < 0x80 { return (first, position + 1) }
        let second = Int(bytes[position + 1] & 0x3F)
        if first < 0xE0 { return ((first & 0x1F) << 6 | second, position + 2) }
        let third = Int(bytes[position + 2] & 0x3F)
        if first < 0xF0 { return ((first & 0x0F) << 12 | second << 6 | third, position + 3) }
        let value = (first & 0x07) << 18 | second << 12 | third << 6 | Int(bytes[position + 3] & 0x3F)
        return (min(value, 0x10FFFF), position + 4)
    }

    /// The class of the scalar that begins at byte `position`, and the byte after it.
    @inline(__always)
    func kind(at position: Int) -> (kind: CharacterClass, next: Int) {
        let (value, next) = scalar(at: position)
        return (sets[value], next)
    }

    /// Whether a scalar of one of the classes begins at `position`.
    @inline(__always)
    func holds(_ classes: CharacterClass, at position: Int) -> Bool {
        position < end && !kind(at: position).kind.isDisjoint(with: classes)
    }

    @inline(__always)
    func holds(_ byte: UInt8, at position: Int) -> Bool { position < end && bytes[position] == byte }

    /// The end of a run of scalars of the classes.
    @inline(__always)
    func endOfRun(of classes: CharacterClass, from start: Int) -> Int {
        var position = start
        while position < end {
            let (kind, next) = kind(at: position)
            if kind.isDisjoint(with: classes) { break }
            position = next
        }
        return position
    }

    /// The end of a run of scalars of none of the classes.
    @inline(__always)
    func endOfRun(outside classes: CharacterClass, from start: Int) -> Int {
        var position = start
        while position < end {
            let (kind, next) = kind(at: position)
            if !kind.isDisjoint(with: classes) { break }
            position = next
        }
        return position
    }

    /// The end of a run of at most `limit` numbers.
    @inline(__always)
    func endOfNumbers(from start: Int, limit: Int) -> Int {
        var position = start
        var count = 0
        while position < end, count < limit {
            let (kind, next) = kind(at: position)
            if !kind.contains(.number) { break }
            position = next
            count += 1
        }
        return position
    }

    /// `[\r\n]*`, and `/` where wanted.
    @inline(__always)
    func endOfLineBreaks(from start: Int, orSlashes: Bool = false) -> Int {
        var position = start
        while position < end {
            let byte = bytes[position]
            guard byte == 0x0A || byte == 0x0D || (orSlashes && byte == UInt8(ascii: "/")) else { break }
            position += 1
        }
        return position
    }

    /// `\s*[\r\n]+|\s+(?!\S)|\s+`, the first only when `stopsAtLineBreaks`: up to the last line break of the run of
    /// white space; without one, all of the run but the scalar before the next word; or all of it at the end of the
    /// text. `start` when no white space begins there.
    func endOfWhiteSpace(from start: Int, stopsAtLineBreaks: Bool = true) -> Int {
        var position = start
        var afterLineBreak = start
        var lastStart = start
        while position < end {
            let byte = bytes[position]
            let (kind, next) = kind(at: position)
            guard kind.contains(.whiteSpace) else { break }
            lastStart = position
            position = next
            if byte == 0x0A || byte == 0x0D { afterLineBreak = position }
        }
        if stopsAtLineBreaks, afterLineBreak > start { return afterLineBreak }
        return position == end || lastStart == start ? position : lastStart
    }

    /// `'s|'t|'re|'ve|'m|'ll|'d` in either case; folding adds U+017F, the long s, to the ASCII letters.
    func endOfContraction(from start: Int) -> Int? {
        guard holds(UInt8(ascii: "'"), at: start), start + 1 < end else { return nil }
        let lowercase: UInt8 = 0x20
        switch bytes[start + 1] | lowercase {
        case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"):
            // The bit turns no control into one of these letters.
            return start + 2
        case UInt8(ascii: "r"), UInt8(ascii: "v"):
            guard start + 2 < end, bytes[start + 2] | lowercase == UInt8(ascii: "e") else { return nil }
            return start + 3
        case UInt8(ascii: "l"):
            guard start + 2 < end, bytes[start + 2] | lowercase == UInt8(ascii: "l") else { return nil }
            return start + 3
        default:
            let isLongS = bytes[start + 1] == 0xC5 && start + 2 < end && bytes[start + 2] == 0xBF
            return isLongS ? start + 3 : nil
        }
    }

    /// `'s|'t|'re|'ve|'m|'ll|'d` in lower case only.
    func endOfLowercaseContraction(from start: Int) -> Int? {
        guard let end = endOfContraction(from: start) else { return nil }
        for position in start + 1..<end where !(UInt8(ascii: "a")...UInt8(ascii: "z")).contains(bytes[position]) {
            return nil
        }
        return end
    }
}
