/// The part of a plain text that is the name: without punctuation, quotation marks and brackets around everything and
/// without leading articles.
struct NameOutline {
    let bytes: [UInt8]
    private(set) var start = 0
    private(set) var end: Int
    /// The position of each bracket's partner, −1 elsewhere; made on the first need.
    private var partners: [Int32]?

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        end = bytes.count
    }

    var range: Range<Int> { start..<end }

    /// Narrows to the name. The article `a` is dropped only in lower case, so that `A antigen` stays itself, and no
    /// article is dropped where nothing would be left. `dropsCapitalA` is for names that never begin with the letter.
    mutating func narrow(
        dropsPunctuation: Bool = true, dropsArticles: Bool = true, dropsCapitalA: Bool = false, work: inout Work
    ) {
        if dropsPunctuation { stripPunctuation(&work) } else { trimSpace() }
        while dropsArticles, dropArticle(dropsCapitalA) {
            work.apply("leading article")
            if dropsPunctuation { stripPunctuation(&work) } else { trimSpace() }
        }
    }

    private mutating func trimSpace() {
        while start < end, AnswerText.isSpace(bytes[start]) { start += 1 }
        while start < end, AnswerText.isSpace(bytes[end - 1]) { end -= 1 }
    }

    private mutating func stripPunctuation(_ work: inout Work) {
        let before = range
        var dropped = false
        while start < end {
            let (first, last) = (bytes[start], bytes[end - 1])
            if AnswerText.isSpace(first) {
                start += 1
            } else if AnswerText.isSpace(last) {
                end -= 1
            } else if NameByte.isWord(first), NameByte.isWord(last) {
                break
            } else if Self.isSentencePunctuation(first), !beginsDecimal {
                start += 1
                dropped = true
            } else if Self.isSentencePunctuation(last), !endsFactorial {
                end -= 1
                dropped = true
            } else if end - start > 1, isEnclosed(by: first, last) {
                start += 1
                end -= 1
                dropped = true
            } else {
                break
            }
        }
        if dropped, before != range { work.apply("surrounding punctuation") }
    }

    /// `.5` begins with a decimal point.
    private var beginsDecimal: Bool {
        bytes[start] == NameByte.stop && start + 1 < end && NameByte.isDigit(bytes[start + 1])
    }

    /// `5!` is a number of its own.
    private var endsFactorial: Bool {
        bytes[end - 1] == UInt8(ascii: "!") && end - start > 1 && NameByte.isDigit(bytes[end - 2])
    }

    private static func isSentencePunctuation(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: ":"), UInt8(ascii: "!"),
            UInt8(ascii: "?"):
            true
        default: false
        }
    }

    private mutating func isEnclosed(by first: UInt8, _ last: UInt8) -> Bool {
        switch first {
        case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"): return last == first
        case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"):
            return partner(of: start) == end - 1 && !isNumericTuple
        default: return false
        }
    }

    /// `(1, 2)` is a pair or an interval, whose brackets mean something.
    private var isNumericTuple: Bool {
        var inside = start + 1
        while inside < end, AnswerText.isSpace(bytes[inside]) { inside += 1 }
        guard inside < end else { return false }
        let first = bytes[inside]
        guard
            NameByte.isDigit(first) || first == NameByte.hyphen || first == UInt8(ascii: "+") || first == NameByte.stop
        else { return false }
        return bytes[start..<end].contains { $0 == NameByte.comma || $0 == UInt8(ascii: ";") }
    }

    /// The position of the bracket that closes or opens the one at `position`, where the brackets match.
    mutating func partner(of position: Int) -> Int? {
        let partners = self.partners ?? Self.partners(in: bytes)
        self.partners = partners
        return partners[position] < 0 ? nil : Int(partners[position])
    }

    private static func partners(in bytes: [UInt8]) -> [Int32] {
        var partners = [Int32](repeating: -1, count: bytes.count)
        var open: [(closing: UInt8, position: Int)] = []
        for (position, byte) in bytes.enumerated() {
            switch byte {
            case UInt8(ascii: "("): open.append((UInt8(ascii: ")"), position))
            case UInt8(ascii: "["): open.append((UInt8(ascii: "]"), position))
            case UInt8(ascii: "{"): open.append((UInt8(ascii: "}"), position))
            default:
                if let last = open.last, last.closing == byte {
                    open.removeLast()
                    partners[last.position] = Int32(position)
                    partners[position] = Int32(last.position)
                }
            }
        }
        return partners
    }

    private mutating func dropArticle(_ dropsCapitalA: Bool) -> Bool {
        var space = start
        while space < end, space - start < 4, !AnswerText.isSpace(bytes[space]) { space += 1 }
        guard space < end, AnswerText.isSpace(bytes[space]) else { return false }
        let isCapitalA = space - start == 1 && bytes[start] == UInt8(ascii: "A")
        guard Self.isArticle(bytes[start..<space]) || dropsCapitalA && isCapitalA else { return false }
        let rest = bytes[space..<end]
        guard rest.contains(where: NameByte.isWord) else { return false }
        start = space
        return true
    }

    /// `a` in lower case, `an` and `the` in any.
    static func isArticle(_ word: ArraySlice<UInt8>) -> Bool {
        let first = word.startIndex
        switch word.count {
        case 1: return word[first] == UInt8(ascii: "a")
        case 2: return word[first] | 0x20 == UInt8(ascii: "a") && word[first + 1] | 0x20 == UInt8(ascii: "n")
        case 3:
            return word[first] | 0x20 == UInt8(ascii: "t") && word[first + 1] | 0x20 == UInt8(ascii: "h")
                && word[first + 2] | 0x20 == UInt8(ascii: "e")
        default: return false
        }
    }
}
