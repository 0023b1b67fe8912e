/// A word that announces the answer in prose: `answer`, `answer:`, `final answer`.
struct AnswerAnchor: Sendable, Hashable {
    /// Where the word ends, and its colon if it has one.
    var end: Int
    var hasColon: Bool
    /// Whether `final` stands before it.
    var isFinal: Bool

    /// How many of the last anchors of a text are looked at for `final answer … is`.
    static let searched = 256

    private static let words = ["answer", "antwort", "réponse", "respuesta", "risposta", "答案"].map { Array($0.utf8) }
    private static let final = Array("final".utf8)

    /// All anchors in order, in one pass.
    static func anchors(
        in bytes: [UInt8], _ range: Range<Int>, work: inout Work
    ) throws(AnswerProblem) -> [AnswerAnchor] {
        try work.spend(range.count / 4 + 1)
        var anchors: [AnswerAnchor] = []
        let end = range.upperBound
        for start in range where canBegin(bytes[start]) && start + 1 < end && canFollow(bytes[start], bytes[start + 1])
        {
            guard let word = words.first(where: { ByteScan.matchesIgnoringCase($0, in: bytes, at: start, end: end) })
            else { continue }
            let isFinal = isFinal(bytes, before: start, from: range.lowerBound)
            let position = start + word.count
            var anchor = AnswerAnchor(end: position, hasColon: false, isFinal: isFinal)
            // `**Answer**:`, `Answer :`
            var colon = position
            while colon < end, colon - position < 4, bytes[colon] == 0x2A || bytes[colon] == 0x20 { colon += 1 }
            if colon < end, bytes[colon] == 0x3A {
                (anchor.end, anchor.hasColon) = (colon + 1, true)
            } else if ByteScan.matches([0xEF, 0xBC, 0x9A], in: bytes, at: colon, end: end) {
                (anchor.end, anchor.hasColon) = (colon + 3, true)
            }
            anchors.append(anchor)
        }
        return anchors
    }

    /// Whether a word of the list begins with this byte; no word holds the beginning of another.
    @inline(__always)
    private static func canBegin(_ byte: UInt8) -> Bool {
        byte | 0x20 == 0x61 || byte | 0x20 == 0x72 || byte == 0xE7
    }

    private static func canFollow(_ first: UInt8, _ second: UInt8) -> Bool {
        switch first {
        case 0x41, 0x61: second | 0x20 == 0x6E
        case 0xE7: second == 0xAD
        default: second == 0xC3 || second | 0x20 == 0x65 || second | 0x20 == 0x69
        }
    }

    private static func isFinal(_ bytes: [UInt8], before position: Int, from start: Int) -> Bool {
        var end = position
        while end > start, position - end < 3, bytes[end - 1] == 0x20 || bytes[end - 1] == 0x2A { end -= 1 }
        return end - final.count >= start
            && ByteScan.matchesIgnoringCase(final, in: bytes, at: end - final.count, end: end)
    }

    /// Where a text that directly follows this `final answer` and its `is` or `is:` may begin: the position behind each
    /// `is` within 100 bytes.
    func positionsBehindIs(in bytes: [UInt8], end: Int) -> [Int] {
        var positions: [Int] = []
        var position = self.end
        let limit = min(end, self.end + 110)
        while position + 2 < limit {
            if AnswerText.isSpace(bytes[position]), bytes[position + 1] | 0x20 == 0x69,
                bytes[position + 2] | 0x20 == 0x73
            {
                var behind = position + 3
                if behind < end, bytes[behind] == 0x3A { behind += 1 }
                if behind == end || AnswerText.isSpace(bytes[behind]) || bytes[behind] == 0x24 || bytes[behind] == 0x5C
                {
                    positions.append(ByteScan.skipSpaces(bytes, from: behind, end: min(end, behind + 16)))
                }
            }
            position += 1
        }
        return positions
    }
}
