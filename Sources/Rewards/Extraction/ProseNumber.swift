/// A number, or an arithmetic expression of numbers, in a prose text.
struct ProseNumber: Sendable, Hashable {
    /// With the sign, without a percent sign or a currency sign.
    var range: Range<Int>
    /// Where a percent sign or word behind it ends.
    var percentEnd: Int?
    var isExpression = false
    /// Separators of thousands to leave out.
    var isGrouped = false
    /// Position of a comma that is a decimal point.
    var decimalComma: Int?

    var end: Int { percentEnd ?? range.upperBound }

    /// The number with a decimal point and without separators.
    func bytes(in text: [UInt8]) -> [UInt8] {
        var bytes: [UInt8] = []
        for position in range {
            if position == decimalComma {
                bytes.append(0x2E)
            } else if !(isGrouped && (text[position] == 0x2C || text[position] == 0x20)) {
                bytes.append(text[position])
            }
        }
        return bytes
    }
}

/// Finds the numbers of a prose text in one pass: `1,234.5`, `-3`, `.5`, `0,30`, `2/3`, `100 - 30`, `25%`, `$7.78`.
///
/// A digit within a word (`H2O`, `x2`) is no number. A comma before exactly three digits separates thousands, unless
/// the policy says that commas are decimal.
struct ProseNumberScanner {
    let bytes: [UInt8]
    let range: Range<Int>
    var hasDecimalCommas = false

    func numbers(work: inout Work) throws(AnswerProblem) -> [ProseNumber] {
        try work.spend(range.count / 4 + 1)
        var numbers: [ProseNumber] = []
        // The expression that may go on.
        var chain: Chain?
        var position = range.lowerBound
        while position < range.upperBound {
            let byte = bytes[position]
            guard ByteScan.isDigit(byte) || (byte == 0x2E && startsFraction(position)) else {
                position += 1
                continue
            }
            let (number, isFree) = number(at: position)
            position = number.range.upperBound
            if let open = chain, goesOn(open.last, number) {
                chain?.last = number
                chain?.count += 1
            } else {
                if let chain { finish(chain, into: &numbers) }
                chain = isFree ? Chain(first: number, last: number) : nil
            }
            try work.spend(4)
        }
        if let chain { finish(chain, into: &numbers) }
        return numbers
    }

    /// Numbers with operators between them; the first stands alone.
    private struct Chain {
        var first: ProseNumber
        var last: ProseNumber
        var count = 1
    }

    /// Whether `number` continues the expression that `last` ends; a minus sign before it may be the operator.
    private func goesOn(_ last: ProseNumber, _ number: ProseNumber) -> Bool {
        guard last.percentEnd == nil else { return false }
        let (start, end) = (last.range.upperBound, number.range.lowerBound)
        return isJoin(start, end) || (bytes[end] == 0x2D && isJoin(start, end + 1))
    }

    private func startsFraction(_ position: Int) -> Bool {
        position + 1 < range.upperBound && ByteScan.isDigit(bytes[position + 1])
            && (position == range.lowerBound || !ByteScan.isDigit(bytes[position - 1]))
    }

    /// Reads the number whose first digit or point stands at `start`, and tells whether it stands free of a word.
    private func number(at start: Int) -> (ProseNumber, isFree: Bool) {
        let end = range.upperBound
        var number = ProseNumber(range: start..<start)
        var position = start
        while position < end, ByteScan.isDigit(bytes[position]) { position += 1 }
        if !hasDecimalCommas, (1...3).contains(position - start), bytes[start] != 0x30 {
            while position < end, bytes[position] == 0x2C || bytes[position] == 0x20, hasThreeDigits(position + 1) {
                number.isGrouped = true
                position += 4
            }
        }
        if position + 1 < end, ByteScan.isDigit(bytes[position + 1]) {
            if bytes[position] == 0x2E {
                position = digitsEnd(position + 1)
            } else if bytes[position] == 0x2C, !number.isGrouped, position > start {
                number.decimalComma = position
                position = digitsEnd(position + 1)
            }
        }
        let hasSign = start > range.lowerBound && bytes[start - 1] == 0x2D && isFree(before: start - 1)
        number.range = (hasSign ? start - 1 : start)..<position
        number.percentEnd = PercentSign.end(after: position, in: bytes, end: end)
        return (number, hasSign || isFree(before: start))
    }

    private func hasThreeDigits(_ position: Int) -> Bool {
        guard position + 3 <= range.upperBound else { return false }
        for index in position..<position + 3 where !ByteScan.isDigit(bytes[index]) { return false }
        return position + 3 == range.upperBound || !ByteScan.isDigit(bytes[position + 3])
    }

    private func digitsEnd(_ position: Int) -> Int {
        var position = position
        while position < range.upperBound, ByteScan.isDigit(bytes[position]) { position += 1 }
        return position
    }

    /// Whether a number that begins at `start` belongs to no word, name or broken formula.
    private func isFree(before start: Int) -> Bool {
        var position = start
        // Emphasis, an opening bracket and a currency sign may stand before it.
        while position > range.lowerBound, start - position < 4, isOpener(bytes[position - 1]) { position -= 1 }
        if position > range.lowerBound, bytes[position - 1] == 0x5C { position -= 1 }
        guard position > range.lowerBound else { return true }
        let before = bytes[position - 1]
        switch before {
        case 0x3D, 0x2C, 0x3B, 0x7C, 0x3E, 0x3C, 0x26: return true
        // `12:30` is a time.
        case 0x3A: return position - 1 == range.lowerBound || !ByteScan.isDigit(bytes[position - 2])
        case 0x80...: return true
        default: break
        }
        guard AnswerText.isSpace(before) else { return false }
        // `$` and `\(` at the end of a line open no formula, and what follows is a torn one.
        var hasLineFeed = false
        while position > range.lowerBound, AnswerText.isSpace(bytes[position - 1]) {
            position -= 1
            if bytes[position] == 0x0A { hasLineFeed = true }
        }
        guard hasLineFeed, position > range.lowerBound else { return true }
        if bytes[position - 1] == 0x24 { return false }
        return !(bytes[position - 1] == 0x28 && position - 1 > range.lowerBound && bytes[position - 2] == 0x5C)
    }

    private func isOpener(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x2A, 0x24, 0x28, 0x5B, 0x22, 0x27, 0x7E: true
        default: false
        }
    }

    /// Whether between two numbers there is one operator with brackets and spaces around it.
    private func isJoin(_ start: Int, _ end: Int) -> Bool {
        guard start < end, end - start <= 16 else { return false }
        var operators = 0
        var position = start
        while position < end {
            switch bytes[position] {
            case 0x2B, 0x2D, 0x2F, 0x5E, 0x2A: operators += 1
            case 0xC3 where position + 1 < end && (bytes[position + 1] == 0x97 || bytes[position + 1] == 0xB7):
                operators += 1
                position += 1
            case 0x20, 0x28, 0x29: break
            default: return false
            }
            position += 1
        }
        return operators == 1
    }

    /// Makes one expression of a chain whose brackets can be balanced, else keeps the first and the last number.
    private func finish(_ chain: Chain, into numbers: inout [ProseNumber]) {
        let (first, last) = (chain.first, chain.last)
        guard chain.count > 1 else {
            numbers.append(first)
            return
        }
        var (depth, least) = (0, 0)
        for position in first.range.lowerBound..<last.range.upperBound {
            if bytes[position] == 0x28 { depth += 1 }
            if bytes[position] == 0x29 {
                depth -= 1
                least = min(least, depth)
            }
        }
        var (start, end) = (first.range.lowerBound, last.range.upperBound)
        for _ in 0..<(-least) where start > range.lowerBound && bytes[start - 1] == 0x28 {
            start -= 1
            depth += 1
        }
        for _ in 0..<max(0, depth) where end < range.upperBound && bytes[end] == 0x29 {
            end += 1
            depth -= 1
        }
        guard depth == 0, start <= first.range.lowerBound + least else {
            numbers.append(first)
            numbers.append(last)
            return
        }
        let percentEnd = end == last.range.upperBound ? last.percentEnd : nil
        numbers.append(ProseNumber(range: start..<end, percentEnd: percentEnd, isExpression: true))
    }
}

/// A percent sign or word behind a number or a formula.
enum PercentSign {
    private static let words = ["percentage", "percent", "pct"].map { Array($0.utf8) }

    /// Where the sign ends that follows `position`, spaces aside.
    static func end(after position: Int, in bytes: [UInt8], end: Int) -> Int? {
        var position = position
        while position < end, bytes[position] == 0x20 || bytes[position] == 0x09 { position += 1 }
        guard position < end else { return nil }
        switch bytes[position] {
        case 0x25: return position + 1
        case 0x5C: return position + 1 < end && bytes[position + 1] == 0x25 ? position + 2 : nil
        case 0x50, 0x70:
            for word in words where ByteScan.matchesIgnoringCase(word, in: bytes, at: position, end: end) {
                let stop = position + word.count
                return stop < end && ByteScan.isLetter(bytes[stop]) ? nil : stop
            }
            return nil
        default: return nil
        }
    }

    /// Where the answer before a sign that ends it stops, if one ends it.
    static func start(atEndOf range: Range<Int>, in bytes: [UInt8]) -> Int? {
        let range = ByteScan.trimmed(range, of: bytes)
        guard let last = range.last else { return nil }
        var start = last
        if bytes[last] != 0x25 {
            guard
                let word = words.first(where: {
                    ByteScan.matchesIgnoringCase(
                        $0, in: bytes, at: max(range.lowerBound, range.upperBound - $0.count), end: range.upperBound)
                })
            else { return nil }
            start = range.upperBound - word.count
            guard start > range.lowerBound, !ByteScan.isLetter(bytes[start - 1]), bytes[start - 1] != 0x5C else {
                return nil
            }
        } else if start > range.lowerBound, bytes[start - 1] == 0x5C {
            start -= 1
        }
        return ByteScan.trimmed(range.lowerBound..<start, of: bytes).upperBound
    }
}
