/// A formula in a prose text: `$…$`, `$$…$$`, `\(…\)`, `\[…\]`, or a bare fraction of two numbers.
struct MathDelimiters: Sendable, Hashable {
    /// With the delimiters.
    var range: Range<Int>
    var content: Range<Int>
    /// Whether it has delimiters, which a bare fraction has not.
    var isDelimited = true

    private static let fraction = Array("frac{".utf8)
    static let and = Array("and".utf8)
    static let or = Array("or".utf8)

    /// The formulas in order, in one pass. Inline ones end on their line; a dollar sign behind a digit or before a
    /// sentence of prose opens none, because it is money.
    static func environments(
        in bytes: [UInt8], _ range: Range<Int>, work: inout Work
    ) throws(AnswerProblem) -> [MathDelimiters] {
        try work.spend(range.count / 4 + 1)
        var found: [MathDelimiters] = []
        var (display, inline, parenthesis, bracket, square) = (-1, -1, -1, -1, -1)
        var lastBackslash = -1
        let end = range.upperBound
        func close(_ opening: Int, _ width: Int, _ position: Int) {
            while let last = found.last, last.range.lowerBound > opening { found.removeLast() }
            let content = opening + width..<position
            if !ByteScan.trimmed(content, of: bytes).isEmpty {
                found.append(MathDelimiters(range: opening..<position + width, content: content))
            }
        }
        var position = range.lowerBound
        while position < end {
            let next: UInt8 = position + 1 < end ? bytes[position + 1] : 0
            switch bytes[position] {
            case 0x5C:
                lastBackslash = position
                switch next {
                case 0x28: if parenthesis < 0 { parenthesis = position }
                case 0x29:
                    if parenthesis >= 0 { close(parenthesis, 2, position) }
                    parenthesis = -1
                case 0x5B: if bracket < 0 { bracket = position }
                case 0x5D:
                    if bracket >= 0 { close(bracket, 2, position) }
                    bracket = -1
                case 0x66:
                    if inline < 0, display < 0, parenthesis < 0, bracket < 0,
                        let stop = fractionEnd(in: bytes, at: position + 1, end: end)
                    {
                        let start = position > range.lowerBound && bytes[position - 1] == 0x2D ? position - 1 : position
                        found.append(MathDelimiters(range: start..<stop, content: start..<stop, isDelimited: false))
                        position = stop
                        continue
                    }
                default: break
                }
                let isPair =
                    next == 0x5C || next == 0x24 || (0x28...0x29).contains(next) || next == 0x5B || next == 0x5D
                position += isPair ? 2 : 1
            case 0x24:
                if next == 0x24, inline < 0 || display >= 0 {
                    if display >= 0 {
                        close(display, 2, position)
                        display = -1
                    } else {
                        display = position
                    }
                    position += 2
                } else if display >= 0 {
                    position += 1
                } else {
                    let isMoneySign = position > range.lowerBound && ByteScan.isDigit(bytes[position - 1])
                    if inline >= 0, !MathProse.isProse(bytes, inline + 1..<position) {
                        close(inline, 1, position)
                        inline = -1
                    } else {
                        inline = isMoneySign ? -1 : position
                    }
                    position += 1
                }
            case 0x0A:
                (inline, parenthesis, square) = (-1, -1, -1)
                position += 1
            case 0x5B:
                if position == range.lowerBound || AnswerText.isSpace(bytes[position - 1]) { square = position }
                position += 1
            case 0x5D:
                if square >= 0, lastBackslash > square, inline < 0, display < 0, bracket < 0, parenthesis < 0,
                    position + 1 == end || AnswerText.isSpace(next)
                {
                    close(square, 1, position)
                }
                square = -1
                position += 1
            default: position += 1
            }
        }
        return found
    }

    /// The end of `frac{1}{2}` with plain numbers.
    private static func fractionEnd(in bytes: [UInt8], at position: Int, end: Int) -> Int? {
        guard ByteScan.matches(fraction, in: bytes, at: position, end: end),
            let first = numberEnd(in: bytes, at: position + fraction.count, end: end),
            first + 1 < end, bytes[first] == 0x7D, bytes[first + 1] == 0x7B,
            let second = numberEnd(in: bytes, at: first + 2, end: end), second < end, bytes[second] == 0x7D
        else { return nil }
        return second + 1
    }

    private static func numberEnd(in bytes: [UInt8], at position: Int, end: Int) -> Int? {
        var stop = position
        if stop < end, bytes[stop] == 0x2D { stop += 1 }
        let start = stop
        while stop < end, ByteScan.isDigit(bytes[stop]) || bytes[stop] == 0x2E || bytes[stop] == 0x2C { stop += 1 }
        return stop > start && stop - position <= 64 ? stop : nil
    }

    /// Whether between two formulas or boxes there is only `and`, `or` or a comma.
    static func isJoin(_ bytes: [UInt8], _ gap: Range<Int>) -> Bool {
        guard gap.count <= 32 else { return false }
        var words = 0
        var position = gap.lowerBound
        while position < gap.upperBound {
            if AnswerText.isSpace(bytes[position]) {
                position += 1
            } else if bytes[position] == 0x2C, words == 0 {
                words = 1
                position += 1
            } else if words < 2, ByteScan.matches(and, in: bytes, at: position, end: gap.upperBound) {
                words = 2
                position += 3
            } else if words < 2, ByteScan.matches(or, in: bytes, at: position, end: gap.upperBound) {
                words = 2
                position += 2
            } else {
                return false
            }
        }
        return words > 0
    }
}
