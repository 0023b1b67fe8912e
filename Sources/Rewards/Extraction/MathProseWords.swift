/// Tells prose from formulas by the plain words between spaces.
extension MathProse {
    private static let connectives = ["and", "or", "mod", "percent", "percentage", "pct"].map { Array($0.utf8) }
    private static let wordCommands = ["text", "mathrm", "mbox", "operatorname", "begin", "end", "mathbf", "hbox"]
        .map { Array($0.utf8) }

    /// Whether the text is one expression: no word of prose but one alone, or up to two behind a number (its unit).
    static func isExpression(_ bytes: [UInt8], _ text: Range<Int>) -> Bool {
        var position = text.lowerBound
        while position < text.upperBound {
            let byte = bytes[position]
            // Latin-1 signs, Greek and the mathematical and punctuation blocks; other scripts are prose.
            if byte >= 0x80, byte >= 0xC3 {
                let next = position + 1 < text.upperBound ? bytes[position + 1] : 0
                guard byte == 0xE2 || byte == 0xCE || byte == 0xCF || (byte == 0xC3 && (next == 0x97 || next == 0xB7))
                else { return false }
            }
            position += 1
        }
        let words = proseWords(bytes, text, atMost: 3)
        if words.isEmpty { return true }
        if words.count == 1, words[0].lowerBound == text.lowerBound {
            return ByteScan.skipSpaces(bytes, from: words[0].upperBound, end: text.upperBound) >= text.upperBound - 1
        }
        guard words.count <= 2, let first = words.first, let last = words.last else { return false }
        // `12 cm`, `5 square feet`
        let before = ByteScan.trimmed(text.lowerBound..<first.lowerBound, of: bytes)
        guard let end = before.last, ByteScan.isDigit(bytes[end]) || bytes[end] == 0x7D || bytes[end] == 0x29 else {
            return false
        }
        return !bytes[before].contains(0x20) && last.upperBound >= text.upperBound - 1
            && ByteScan.trimmed(first.upperBound..<max(first.upperBound, last.lowerBound), of: bytes).isEmpty
    }

    /// Whether the inside of two dollar signs is a sentence: then they are signs of money.
    static func isProse(_ bytes: [UInt8], _ range: Range<Int>) -> Bool {
        proseWords(bytes, range, atMost: 2).count >= 2
    }

    /// The first plain words: two letters or more between spaces or punctuation, not in the braces of a command.
    private static func proseWords(_ bytes: [UInt8], _ range: Range<Int>, atMost limit: Int) -> [Range<Int>] {
        var words: [Range<Int>] = []
        var position = range.lowerBound
        let end = range.upperBound
        while position < end, words.count < limit {
            let byte = bytes[position]
            if byte == 0x5C {
                position += 1
                let start = position
                while position < end, ByteScan.isLetter(bytes[position]) { position += 1 }
                if wordCommands.contains(where: { ByteScan.matches($0, in: bytes, at: start, end: position) }) {
                    let brace = ByteScan.skipSpaces(bytes, from: position, end: end)
                    if brace < end, bytes[brace] == 0x7B { position = groupEnd(bytes, from: brace, end: end) }
                }
            } else if ByteScan.isLetter(byte) {
                let start = position
                while position < end, ByteScan.isLetter(bytes[position]) { position += 1 }
                let isOpen = start == range.lowerBound || AnswerText.isSpace(bytes[start - 1])
                let isClosed =
                    position == end || AnswerText.isSpace(bytes[position]) || isPunctuation(bytes, position, end)
                let isConnective = connectives.contains { word in
                    word.count == position - start
                        && ByteScan.matchesIgnoringCase(word, in: bytes, at: start, end: position)
                }
                if isOpen, isClosed, position - start > 1, !isConnective { words.append(start..<position) }
            } else {
                position += 1
            }
        }
        return words
    }

    private static func isPunctuation(_ bytes: [UInt8], _ position: Int, _ end: Int) -> Bool {
        [0x2C, 0x2E, 0x3A, 0x3B, 0x21, 0x3F].contains(bytes[position])
            && (position + 1 == end || AnswerText.isSpace(bytes[position + 1]))
    }

    private static func groupEnd(_ bytes: [UInt8], from brace: Int, end: Int) -> Int {
        var depth = 0
        var position = brace
        while position < end {
            if bytes[position] == 0x7B { depth += 1 }
            if bytes[position] == 0x7D {
                depth -= 1
                if depth == 0 { return position + 1 }
            }
            position += 1
        }
        return end
    }
}
