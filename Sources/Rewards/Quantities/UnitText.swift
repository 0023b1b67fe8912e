/// The text of a unit in one notation: ASCII where there is an ASCII spelling, single spaces, exponents with `^`.
///
/// Superscripts, the micro and degree signs, dots of multiplication, typographic dashes and quotes, and the spacing and
/// font commands of LaTeX all have one meaning in units. What has none is copied, and then no unit has that name.
struct UnitText: Sendable {
    /// With the case as written.
    private(set) var symbols: [UInt8] = []
    /// In lower case, with a space for a hyphen between letters; of the same length as ``symbols``.
    private(set) var words: [UInt8] = []

    private let bytes: [UInt8]
    private var position: Int
    private let end: Int
    private var isInSuperscript = false
    /// Whether braces group, as in LaTeX, instead of holding an annotation of UCUM.
    private var isLaTeX = false

    init(_ bytes: [UInt8], _ range: Range<Int>) {
        self.bytes = bytes
        position = range.lowerBound
        end = range.upperBound
        symbols.reserveCapacity(range.count + 8)
        while position < end {
            let byte = bytes[position]
            if byte < 0x80 {
                isInSuperscript = false
                ascii(byte)
            } else {
                unicode()
            }
        }
        trim()
        words.reserveCapacity(symbols.count)
        for index in symbols.indices { words.append(word(at: index)) }
    }

    private mutating func emit(_ byte: UInt8) {
        if byte == 0x20, symbols.isEmpty || symbols.last == 0x20 { return }
        symbols.append(byte)
    }

    private mutating func emit(_ text: StaticString) {
        text.withUTF8Buffer { symbols.append(contentsOf: $0) }
    }

    private mutating func ascii(_ byte: UInt8) {
        position += 1
        switch byte {
        case 0x09...0x0D, 0x20, UInt8(ascii: "~"): emit(0x20)
        case UInt8(ascii: "\\"):
            isLaTeX = true
            command()
        case UInt8(ascii: "{"), UInt8(ascii: "}"):
            if byte == UInt8(ascii: "{"), symbols.last == UInt8(ascii: "^") { isLaTeX = true }
            if !isLaTeX { emit(byte) }
        default: emit(byte)
        }
    }

    /// A LaTeX command after its backslash.
    private mutating func command() {
        let start = position
        while position < end, Self.isLetter(bytes[position]) { position += 1 }
        guard position > start else {
            guard position < end else { return emit(UInt8(ascii: "\\")) }
            let byte = bytes[position]
            position += 1
            switch byte {
            case UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: ":"), UInt8(ascii: "!"), UInt8(ascii: " "):
                emit(0x20)
            case UInt8(ascii: "%"), UInt8(ascii: "$"): emit(byte)
            default:
                emit(UInt8(ascii: "\\"))
                emit(byte)
            }
            return
        }
        switch Self.commands.find(bytes, start..<position) {
        case .nothing: break
        case .space: emit(0x20)
        case .degree:
            if symbols.last == UInt8(ascii: "^") { symbols.removeLast() }
            if symbols.last == 0x20 { symbols.removeLast() }
            emit("deg")
            while position < end, bytes[position] == UInt8(ascii: "}") { position += 1 }
        case .text(let text): emit(text)
        case nil:
            emit(UInt8(ascii: "\\"))
            symbols += bytes[start..<position]
        }
    }

    private enum Command: Sendable {
        case nothing, space, degree
        case text(StaticString)
    }

    private static let commands = ByteTable<Command>([
        ("text", .nothing), ("mathrm", .nothing), ("textrm", .nothing), ("rm", .nothing), ("mathit", .nothing),
        ("mathbf", .nothing), ("textbf", .nothing), ("mbox", .nothing), ("operatorname", .nothing),
        ("mathsf", .nothing),
        ("unit", .nothing), ("left", .nothing), ("right", .nothing),
        ("quad", .space), ("qquad", .space), ("circ", .degree), ("degree", .degree), ("textdegree", .degree),
        ("cdot", .text("*")), ("times", .text("*")), ("mu", .text("u")), ("micro", .text("u")), ("textmu", .text("u")),
        ("Omega", .text("Ohm")), ("ohm", .text("Ohm")), ("pi", .text("[pi]")), ("AA", .text("Ao")),
        ("angstrom", .text("Ao")), ("percent", .text("%")), ("prime", .text("'")), ("per", .text("/")),
        ("celsius", .text("degC")),
    ])

    private mutating func unicode() {
        let (scalar, length) = NumberSymbol.scalar(bytes, at: position)
        let start = position
        position += length
        guard let value = scalar?.value else { return symbols.append(bytes[start]) }
        if let digit = Self.superscript(value) {
            if !isInSuperscript, symbols.last != UInt8(ascii: "^") { emit(UInt8(ascii: "^")) }
            isInSuperscript = true
            return emit(digit)
        }
        if value == 0x2212 || (0x2010...0x2015).contains(value) {
            isInSuperscript = false
            return emit(UInt8(ascii: "-"))
        }
        isInSuperscript = false
        switch value {
        case 0x2080...0x2089: emit(UInt8(0x30 + value - 0x2080))
        case 0xB5, 0x3BC: emit("u")
        case 0xB0, 0xBA, 0x2DA:
            if symbols.last == UInt8(ascii: "^") { symbols.removeLast() }
            emit("deg")
        case 0x2103: emit("degC")
        case 0x2109: emit("degF")
        case 0x212A: emit("K")
        case 0xC5, 0x212B: emit("Ao")
        case 0x3A9, 0x2126: emit("Ohm")
        case 0xB7, 0x22C5, 0x2219, 0x2022, 0xD7, 0x2217: emit("*")
        case 0xF7, 0x2044, 0x2215, 0xFF0F: emit("/")
        case 0xA0, 0x2000...0x200A, 0x202F, 0x205F, 0x3000: emit(0x20)
        case 0x2018, 0x2019, 0x2032, 0x2B9: emit("'")
        case 0x201C, 0x201D, 0x2033, 0x2BA: emit("\"")
        case 0x2030: emit("[ppth]")
        case 0x3C0: emit("[pi]")
        case 0xFF05: emit("%")
        case 0x3395: emit("ug")
        case 0x338D: emit("uF")
        case 0x338E: emit("mg")
        case 0x338F: emit("kg")
        case 0x339B: emit("um")
        case 0x339C: emit("mm")
        case 0x339D: emit("cm")
        case 0x339E: emit("km")
        case 0x33C4: emit("cc")
        default: symbols += bytes[start..<position]
        }
    }

    private static func superscript(_ value: UInt32) -> UInt8? {
        switch value {
        case 0xB2, 0xB3: UInt8(0x30 + value - 0xB0)
        case 0xB9: 0x31
        case 0x2070, 0x2074...0x2079: UInt8(0x30 + value - 0x2070)
        case 0x207B: UInt8(ascii: "-")
        case 0x207A: UInt8(ascii: "+")
        default: nil
        }
    }

    /// Drops what is around a unit and no part of it: spaces, the hyphen of `8-meter`, a possessive's apostrophe, the
    /// full stop of an abbreviation.
    private mutating func trim() {
        if symbols.last == 0x20 { symbols.removeLast() }
        if symbols.first == UInt8(ascii: "-"), symbols.count > 1, Self.isLetter(symbols[1]) { symbols.removeFirst() }
        guard symbols.count > 3 else {
            if symbols.count > 1, symbols.last == UInt8(ascii: "."), Self.isLetter(symbols[symbols.count - 2]) {
                symbols.removeLast()
            }
            return
        }
        let last = symbols.count - 1
        if symbols[last] == UInt8(ascii: "."), Self.isLetter(symbols[last - 1]) {
            symbols.removeLast()
        } else if symbols[last] == UInt8(ascii: "'"), symbols[last - 1] == UInt8(ascii: "s"),
            Self.isLetter(symbols[last - 2]), Self.isLetter(symbols[last - 3])
        {
            symbols.removeLast()
        } else if symbols[last] == UInt8(ascii: "s"), symbols[last - 1] == UInt8(ascii: "'"),
            Self.isLetter(symbols[last - 2])
        {
            symbols.removeLast(2)
        }
    }

    private func word(at index: Int) -> UInt8 {
        let byte = symbols[index]
        if (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) { return byte | 0x20 }
        if byte == UInt8(ascii: "-"), index > 0, index + 1 < symbols.count, Self.isLetter(symbols[index - 1]),
            Self.isLetter(symbols[index + 1])
        {
            return 0x20
        }
        return byte
    }

    static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte | 0x20) }
}
