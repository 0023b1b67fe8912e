/// Answers that a line announces: `#### 42`, `The final answer is 42`.
enum LineAnswers {
    private static let markers: [[UInt8]] = ["the final answer", "final answer", "the answer", "answer"]
        .map { Array($0.utf8) }

    /// What stands behind `####` to the end of its line, for each of them.
    static func hashes(in bytes: [UInt8], _ range: Range<Int>, work: inout Work) throws(AnswerProblem) -> [Range<Int>] {
        try work.spend(range.count / 8 + 1)
        var answers: [Range<Int>] = []
        var position = range.lowerBound
        while position < range.upperBound {
            guard bytes[position] == 0x23 else {
                position += 1
                continue
            }
            let start = position
            while position < range.upperBound, bytes[position] == 0x23 { position += 1 }
            guard position - start == 4 else { continue }
            let end = ByteScan.lineEnd(bytes, from: position, end: range.upperBound)
            // A second marker on the line begins a second answer.
            var stop = position
            while stop < end,
                !(bytes[stop] == 0x23 && stop + 3 < end && bytes[stop + 1] == 0x23 && bytes[stop + 2] == 0x23)
            { stop += 1 }
            answers.append(ByteScan.trimmed(position..<stop, of: bytes))
            position = stop
        }
        return answers
    }

    /// The announced answers in order, each with the position of its line, and whether the last stands in the last line.
    static func finalAnswers(
        in bytes: [UInt8], _ range: Range<Int>, work: inout Work
    ) throws(AnswerProblem) -> (answers: [Range<Int>], isLastLine: Bool) {
        try work.spend(range.count / 8 + 1)
        var answers: [Range<Int>] = []
        var isLastLine = false
        var position = range.lowerBound
        while position < range.upperBound {
            let end = ByteScan.lineEnd(bytes, from: position, end: range.upperBound)
            let line = ByteScan.trimmed(position..<end, of: bytes)
            if let answer = announced(in: bytes, line) {
                answers.append(answer)
                isLastLine = true
            } else if !line.isEmpty {
                isLastLine = false
            }
            position = end + 1
        }
        return (answers, isLastLine)
    }

    private static func announced(in bytes: [UInt8], _ line: Range<Int>) -> Range<Int>? {
        let end = line.upperBound
        func skip(_ position: Int) -> Int {
            var position = position
            while position < end, [0x20, 0x09, 0x2A, 0x5F, 0x23].contains(bytes[position]) { position += 1 }
            return position
        }
        var position = skip(line.lowerBound)
        guard let marker = markers.first(where: { ByteScan.matchesIgnoringCase($0, in: bytes, at: position, end: end) })
        else { return nil }
        position = skip(position + marker.count)
        var isAnnounced = false
        if ByteScan.matchesIgnoringCase([0x69, 0x73], in: bytes, at: position, end: end),
            position + 2 == end || !ByteScan.isLetter(bytes[position + 2])
        {
            isAnnounced = true
            position = skip(position + 2)
        }
        if position < end, bytes[position] == 0x3A {
            isAnnounced = true
            position += 1
        }
        guard isAnnounced else { return nil }
        position = skip(position)
        var stop = end
        while stop > position, bytes[stop - 1] == 0x2A || bytes[stop - 1] == 0x5F { stop -= 1 }
        if stop > position, bytes[stop - 1] == 0x2E { stop -= 1 }
        return ByteScan.trimmed(min(position, stop)..<stop, of: bytes)
    }
}
