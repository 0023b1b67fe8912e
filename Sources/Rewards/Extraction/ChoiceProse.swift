/// Finds the option that a prose text chooses, in the order that lighteval and Math-Verify made customary:
/// `final answer is X`, `answer: X`, `answer … X`, an option at the very start, the last option anywhere.
///
/// An option counts where it stands alone: between spaces, brackets, emphasis or punctuation. Two options joined by
/// `or`, `and` or a slash are several candidates and refused.
struct ChoiceProse {
    static let letters = ["A", "B", "C", "D"]

    let bytes: [UInt8]
    let range: Range<Int>
    /// The spellings of the options, longest first so that none hides another.
    let options: [[UInt8]]

    init(_ bytes: [UInt8], range: Range<Int>, options: [String] = ChoiceProse.letters) {
        self.bytes = bytes
        self.range = range
        self.options = options.map { Array($0.utf8) }.filter { !$0.isEmpty }.sorted { $0.count > $1.count }
    }

    func answer(work: inout Work) throws(AnswerProblem) -> ExtractedAnswer {
        let text = ByteScan.trimmed(range, of: bytes)
        try work.spend((text.count / 8 + 1) * max(1, options.count))
        let anchors = try AnswerAnchor.anchors(in: bytes, text, work: &work)
        let found = occurrences(text)
        guard !found.isEmpty else {
            throw .malformed("the text names none of the options", offset: text.lowerBound)
        }
        if let chosen = final(anchors, found) { return try answer(chosen, of: found, rule: "the final answer") }
        for mustHaveColon in [true, false] {
            for anchor in anchors.reversed() where anchor.hasColon || !mustHaveColon {
                let next = ByteScan.lowerBound(found, anchor.end) { $0.lowerBound }
                if next < found.count, found[next].lowerBound <= anchor.end + 52 {
                    return try answer(next, of: found, rule: "the announced answer")
                }
            }
        }
        if bytes[text.lowerBound..<found[0].lowerBound].allSatisfy({ !ByteScan.isLetter($0) && $0 < 0x80 }) {
            return try answer(0, of: found, rule: "the option at the start")
        }
        return try answer(found.count - 1, of: found, rule: "the last option named")
    }

    private func final(_ anchors: [AnswerAnchor], _ found: [Range<Int>]) -> Int? {
        for anchor in anchors.suffix(AnswerAnchor.searched).reversed() where anchor.isFinal {
            for position in anchor.positionsBehindIs(in: bytes, end: range.upperBound) {
                let next = ByteScan.lowerBound(found, position) { $0.lowerBound }
                guard next < found.count, found[next].lowerBound - position <= 4,
                    bytes[position..<found[next].lowerBound].allSatisfy({ !ByteScan.isLetter($0) && $0 < 0x80 })
                else { continue }
                return next
            }
        }
        return nil
    }

    /// The options that stand alone, in order.
    private func occurrences(_ text: Range<Int>) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var isFirst = [Bool](repeating: false, count: 256)
        for option in options { isFirst[Int(option[0])] = true }
        var position = text.lowerBound
        while position < text.upperBound {
            guard isFirst[Int(bytes[position])], isOpen(position, text),
                let option = options.first(where: {
                    ByteScan.matches($0, in: bytes, at: position, end: text.upperBound)
                        && isClosed(position + $0.count, text)
                })
            else {
                position += 1
                continue
            }
            found.append(position..<position + option.count)
            position += option.count
        }
        return found
    }

    private func isOpen(_ position: Int, _ text: Range<Int>) -> Bool {
        guard position > text.lowerBound else { return true }
        switch bytes[position - 1] {
        case 0x20, 0x09...0x0D, 0x2A, 0x28, 0x5B, 0x7B, 0x22, 0x27, 0x24, 0x3A, 0x5F, 0x3E, 0x2F, 0x80...: return true
        default: return false
        }
    }

    private func isClosed(_ position: Int, _ text: Range<Int>) -> Bool {
        guard position < text.upperBound else { return true }
        switch bytes[position] {
        case 0x20, 0x09...0x0D, 0x2A, 0x29, 0x5D, 0x7D, 0x22, 0x24, 0x3A, 0x3B, 0x2C, 0x2E, 0x21, 0x3F, 0x5F, 0x3C,
            0x2F,
            0x5C, 0xE3...0xEF:
            return true
        default: return false
        }
    }

    private func answer(
        _ index: Int, of found: [Range<Int>], rule: String
    ) throws(AnswerProblem) -> ExtractedAnswer {
        for neighbour in [index - 1, index + 1] where found.indices.contains(neighbour) {
            let (first, second) = (found[min(index, neighbour)], found[max(index, neighbour)])
            if isAlternative(first.upperBound..<second.lowerBound) {
                throw .malformed("the text names several options", offset: first.lowerBound)
            }
        }
        return ExtractedAnswer(found[index], of: bytes, rules: [rule])
    }

    /// Whether between two options there is only `or`, `and` or a slash.
    private func isAlternative(_ gap: Range<Int>) -> Bool {
        guard gap.count <= 16 else { return false }
        var word: [UInt8] = []
        for position in gap {
            let byte = bytes[position]
            if ByteScan.isLetter(byte) || byte == 0x2F || byte == 0x26 {
                word.append(byte == 0x2F || byte == 0x26 ? byte : byte | 0x20)
            } else if byte >= 0x80 {
                return false
            }
        }
        return [Array("or".utf8), Array("and".utf8), [0x2F], [0x26]].contains(word)
    }
}
