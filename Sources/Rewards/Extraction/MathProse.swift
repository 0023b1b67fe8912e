/// Finds the mathematical answer of a text in the order that Math-Verify 0.9 made customary, in linear time.
///
/// 1. `final answer is X. I hope it is correct`
/// 2. the last box, joined with its neighbours; or a later `final answer … is X`
/// 3. a text that is one expression and nothing else
/// 4. `answer: X`, then `answer … X`
/// 5. the last formula or number
///
/// An expression alone is taken as it is, so that golds go through the same reading.
struct MathProse {
    let bytes: [UInt8]
    let range: Range<Int>
    var hasDecimalCommas = false

    /// A stretch of the text that can be the answer.
    private struct Candidate {
        /// Formulas or boxes, each of which is one element; empty for a number.
        var pieces: [Range<Int>] = []
        var number: ProseNumber?
        /// Numbers that `or` or `and` joins to the number.
        var alternatives: [ProseNumber] = []
        var range: Range<Int>
        var isPercent = false
        var rule: String
    }

    func answer(work: inout Work) throws(AnswerProblem) -> ExtractedAnswer {
        let text = ByteScan.trimmed(range, of: bytes)
        guard !text.isEmpty else { throw .malformed("the text is empty", offset: range.lowerBound) }
        let boxes = try BoxScanner.boxes(in: bytes, text, work: &work)
        let anchors = try AnswerAnchor.anchors(in: bytes, text, work: &work)
        let box = boxed(boxes)
        if !anchors.contains(where: \.isFinal), let box { return try finished(box) }
        let environments = try MathDelimiters.environments(in: bytes, text, work: &work)
        let numbers = try ProseNumberScanner(bytes: bytes, range: text, hasDecimalCommas: hasDecimalCommas)
            .numbers(work: &work)
        let search = Search(
            prose: self, text: text, environments: environments, numbers: Self.outside(environments, numbers))
        let final = search.finalAnswer(anchors)
        if let final, final.isHoped { return try finished(final.candidate) }
        if let box, box.range.upperBound >= final?.candidate.range.upperBound ?? 0 { return try finished(box) }
        if let final { return try finished(final.candidate) }
        if anchors.isEmpty, !environments.contains(where: \.isDelimited), Self.isExpression(bytes, text) {
            return try whole(text, numbers)
        }
        if let announced = search.announced(anchors) { return try finished(announced) }
        if let last = search.last() { return try finished(last) }
        throw .malformed("the text holds no formula and no number", offset: text.lowerBound)
    }

    /// The numbers that are no part of a formula.
    private static func outside(_ environments: [MathDelimiters], _ numbers: [ProseNumber]) -> [ProseNumber] {
        var next = 0
        return numbers.filter { number in
            while next < environments.count, environments[next].range.upperBound <= number.range.lowerBound {
                next += 1
            }
            return next == environments.count || number.range.upperBound <= environments[next].range.lowerBound
        }
    }

    private func whole(_ text: Range<Int>, _ numbers: [ProseNumber]) throws(AnswerProblem) -> ExtractedAnswer {
        // `1 000` is one number; with commas the meaning is the reader's to find.
        if let number = numbers.first, numbers.count == 1, number.range == text, number.isGrouped,
            bytes[text].contains(0x20)
        {
            return ExtractedAnswer(span: text, bytes: number.bytes(in: bytes), rules: ["thousands separators"])
        }
        return try finished(Candidate(pieces: [text], range: text, rule: "the whole text as an expression"))
    }

    /// The last box, with those before it that belong to the same list.
    private func boxed(_ boxes: [BoxScanner.Box]) -> Candidate? {
        guard let last = boxes.last else { return nil }
        var pieces = [last.content]
        var first = last
        for box in boxes.dropLast().reversed() {
            let gap = box.range.upperBound..<first.range.lowerBound
            let isSame = hasSameContent(box.content, first.content)
            guard gap.count < 10 || (!isSame && gap.count < 70 && joins(gap)) else { break }
            if !isSame { pieces.append(box.content) }
            first = box
        }
        var end = last.range.upperBound
        // The closing delimiter of the formula may stand between a box and its percent sign.
        var behind = end
        if behind < range.upperBound, bytes[behind] == 0x24 { behind += 1 }
        if behind + 1 < range.upperBound, bytes[behind] == 0x5C, bytes[behind + 1] == 0x29 { behind += 2 }
        let percentEnd = pieces.count == 1 ? PercentSign.end(after: behind, in: bytes, end: range.upperBound) : nil
        end = percentEnd ?? end
        return Candidate(
            pieces: pieces.reversed(), range: first.range.lowerBound..<end, isPercent: percentEnd != nil,
            rule: pieces.count == 1 ? "the last box" : "neighbouring boxes as a list")
    }

    private func hasSameContent(_ left: Range<Int>, _ right: Range<Int>) -> Bool {
        bytes[ByteScan.trimmed(left, of: bytes)].elementsEqual(bytes[ByteScan.trimmed(right, of: bytes)])
    }

    private static let joining = ["and", "or"].map { Array($0.utf8) }
    private static let parting = [
        "but", "so", "thus", "hence", "then", "therefore", "not", "wait", "instead", "correct", "actually", "gives",
    ].map { Array($0.utf8) }

    /// Whether the words between two boxes make them one list. A word of conclusion or correction makes the second box
    /// a new answer.
    private func joins(_ gap: Range<Int>) -> Bool {
        var isJoined = false
        var position = gap.lowerBound
        while position < gap.upperBound {
            let byte = bytes[position]
            if byte == 0x2C || byte == 0x3B { isJoined = true }
            guard ByteScan.isLetter(byte) else {
                position += 1
                continue
            }
            let start = position
            while position < gap.upperBound, ByteScan.isLetter(bytes[position]) { position += 1 }
            let isWord = { (word: [UInt8]) in
                word.count == position - start
                    && ByteScan.matchesIgnoringCase(word, in: bytes, at: start, end: position)
            }
            if Self.parting.contains(where: isWord) { return false }
            if Self.joining.contains(where: isWord) { isJoined = true }
        }
        return isJoined
    }

    private func finished(_ candidate: Candidate) throws(AnswerProblem) -> ExtractedAnswer {
        if isDenied(candidate.range) {
            throw .refused("a text that denies its answer", offset: candidate.range.lowerBound)
        }
        var answer: [UInt8] = []
        var isPercent = candidate.isPercent
        if let number = candidate.number {
            answer = number.bytes(in: bytes)
            isPercent = number.percentEnd != nil
        }
        for number in candidate.alternatives {
            answer.append(0x2C)
            answer.append(contentsOf: number.bytes(in: bytes))
        }
        for piece in candidate.pieces {
            if !answer.isEmpty { answer.append(0x2C) }
            var content = cleaned(piece)
            if candidate.pieces.count == 1, let stop = PercentSign.start(atEndOf: 0..<content.count, in: content) {
                content.removeSubrange(stop...)
                isPercent = true
            }
            answer.append(contentsOf: content)
        }
        guard !answer.isEmpty else {
            throw .malformed("the answer is empty", offset: candidate.range.lowerBound)
        }
        if isPercent { answer.append(contentsOf: [0x20, 0x5C, 0x25]) }
        return ExtractedAnswer(span: candidate.range, bytes: answer, rules: [candidate.rule])
    }

    /// A piece without dollar signs, white space and punctuation at its end, and with single backslashes.
    private func cleaned(_ piece: Range<Int>) -> [UInt8] {
        var piece = ByteScan.trimmed(piece, of: bytes)
        while let last = piece.last, [0x2E, 0x2C, 0x3B, 0x3A].contains(bytes[last]) {
            let isSpacing = last > piece.lowerBound && bytes[last - 1] == 0x5C
            piece = ByteScan.trimmed(piece.lowerBound..<(isSpacing ? last - 1 : last), of: bytes)
        }
        // Emphasis, and the sign that links the answer to what came before.
        if piece.count > 4, bytes[piece].starts(with: [0x2A, 0x2A]), bytes[piece].suffix(2) == [0x2A, 0x2A] {
            piece = ByteScan.trimmed(piece.lowerBound + 2..<piece.upperBound - 2, of: bytes)
        }
        if piece.count > 1, bytes[piece.lowerBound] == 0x3D {
            piece = ByteScan.trimmed(piece.lowerBound + 1..<piece.upperBound, of: bytes)
        }
        var hasEnvironment = false
        var isPlain = true
        for position in piece where bytes[position] == 0x5C || bytes[position] == 0x24 {
            if bytes[position] == 0x24 || (position + 1 < piece.upperBound && bytes[position + 1] == 0x5C) {
                isPlain = false
            }
            if ByteScan.matches(Self.begin, in: bytes, at: position, end: piece.upperBound) { hasEnvironment = true }
        }
        if isPlain { return Array(bytes[piece]) }
        var content: [UInt8] = []
        content.reserveCapacity(piece.count)
        for position in piece {
            let byte = bytes[position]
            if byte == 0x24, position == piece.lowerBound || bytes[position - 1] != 0x5C { continue }
            if byte == 0x5C, !hasEnvironment, position > piece.lowerBound, bytes[position - 1] == 0x5C,
                content.last == 0x5C, position + 1 < piece.upperBound, !AnswerText.isSpace(bytes[position + 1])
            {
                continue
            }
            content.append(byte)
        }
        let range = ByteScan.trimmed(0..<content.count, of: content)
        return Array(content[range])
    }

    /// Whether `not`, or a verb with its short form, stands right before the answer.
    private func isDenied(_ range: Range<Int>) -> Bool {
        var end = range.lowerBound
        while end > self.range.lowerBound, [0x20, 0x24, 0x2A, 0x28, 0x5C].contains(bytes[end - 1]) { end -= 1 }
        let start = max(self.range.lowerBound, end - 3)
        guard end - start == 3 else { return false }
        if ByteScan.matchesIgnoringCase(Self.not, in: bytes, at: start, end: end) {
            return start == self.range.lowerBound || !ByteScan.isLetter(bytes[start - 1])
        }
        return ByteScan.matchesIgnoringCase(Self.shortNot, in: bytes, at: start, end: end)
    }

    private static let not = Array("not".utf8)
    private static let shortNot = Array("n't".utf8)

    private static let begin = Array("\\begin".utf8)
}

extension MathProse {
    /// The formulas and numbers of a text, and the choice among them.
    private struct Search {
        let prose: MathProse
        let text: Range<Int>
        let environments: [MathDelimiters]
        let numbers: [ProseNumber]

        private static let hope = Array("i hope".utf8)

        /// The last `final answer … is X`, and whether `I hope` follows.
        func finalAnswer(_ anchors: [AnswerAnchor]) -> (candidate: Candidate, isHoped: Bool)? {
            var best: (candidate: Candidate, isHoped: Bool)?
            for anchor in anchors.suffix(AnswerAnchor.searched).reversed() where anchor.isFinal {
                for position in anchor.positionsBehindIs(in: prose.bytes, end: text.upperBound) {
                    guard let candidate = candidate(at: position) else { continue }
                    var behind = candidate.range.upperBound
                    if behind < text.upperBound, prose.bytes[behind] == 0x2E { behind += 1 }
                    behind = ByteScan.skipSpaces(prose.bytes, from: behind, end: min(text.upperBound, behind + 4))
                    let isHoped = ByteScan.matchesIgnoringCase(
                        Self.hope, in: prose.bytes, at: behind, end: text.upperBound)
                    if isHoped { return (candidate, true) }
                    if best == nil { best = (candidate, false) }
                    break
                }
            }
            return best
        }

        /// The last `answer: X`, else the last `answer … X`.
        func announced(_ anchors: [AnswerAnchor]) -> Candidate? {
            for anchor in anchors.reversed() where anchor.hasColon {
                if let candidate = candidate(behind: anchor) { return candidate }
            }
            for anchor in anchors.reversed() {
                if let candidate = candidate(behind: anchor) { return candidate }
            }
            return nil
        }

        /// The formula or number that ends last.
        func last() -> Candidate? {
            let number = numbers.last
            guard let environment = environments.last else {
                return number.map { candidate($0, rule: "the last number") }
            }
            if let number, number.end > environment.range.upperBound {
                return candidate(number, rule: "the last number")
            }
            var first = environments.count - 1
            while first > 0, environments.count - first < 6,
                MathDelimiters.isJoin(
                    prose.bytes, environments[first - 1].range.upperBound..<environments[first].range.lowerBound)
            { first -= 1 }
            return candidate(environmentsFrom: first, rule: "the last formula")
        }

        /// The number with those that `or` or `and` joins to it on either side: several candidates are a list.
        private func candidate(_ number: ProseNumber, rule: String) -> Candidate {
            let index = ByteScan.lowerBound(numbers, number.range.lowerBound) { $0.range.lowerBound }
            var (first, last) = (index, index)
            while first > 0, index - first < 6, isJoined(numbers[first - 1], numbers[first]) { first -= 1 }
            while last + 1 < numbers.count, last - index < 6, isJoined(numbers[last], numbers[last + 1]) { last += 1 }
            guard first < last else {
                return Candidate(number: number, range: number.range.lowerBound..<number.end, rule: rule)
            }
            return Candidate(
                number: numbers[first], alternatives: Array(numbers[(first + 1)...last]),
                range: numbers[first].range.lowerBound..<numbers[last].end, rule: "numbers joined to a list")
        }

        /// Whether only `or` or `and` stands between two numbers, and no noun that each of them counts.
        private func isJoined(_ left: ProseNumber, _ right: ProseNumber) -> Bool {
            guard left.end < right.range.lowerBound else { return false }
            let gap = left.end..<right.range.lowerBound
            guard gap.count >= 4, gap.count <= 12 else { return false }
            let word = ByteScan.trimmed(gap, of: prose.bytes)
            return [MathDelimiters.or, MathDelimiters.and].contains { joint in
                word.count == joint.count
                    && ByteScan.matchesIgnoringCase(joint, in: prose.bytes, at: word.lowerBound, end: word.upperBound)
            }
        }

        private func candidate(environmentsFrom first: Int, rule: String) -> Candidate {
            var pieces = [environments[first].content]
            var end = environments[first].range.upperBound
            var next = first + 1
            while next < environments.count, pieces.count < 6,
                MathDelimiters.isJoin(prose.bytes, end..<environments[next].range.lowerBound)
            {
                pieces.append(environments[next].content)
                end = environments[next].range.upperBound
                next += 1
            }
            let percentEnd =
                pieces.count == 1 ? PercentSign.end(after: end, in: prose.bytes, end: text.upperBound) : nil
            return Candidate(
                pieces: pieces, range: environments[first].range.lowerBound..<(percentEnd ?? end),
                isPercent: percentEnd != nil, rule: rule)
        }

        /// The formula or number that begins at `position`, emphasis and a currency sign aside.
        private func candidate(at position: Int) -> Candidate? {
            var position = position
            while position < text.upperBound, prose.bytes[position] == 0x2A { position += 1 }
            let index = ByteScan.lowerBound(environments, position) { $0.range.lowerBound }
            if index < environments.count, environments[index].range.lowerBound == position {
                return candidate(environmentsFrom: index, rule: "the final answer")
            }
            if position < text.upperBound, prose.bytes[position] == 0x5C { position += 1 }
            if position < text.upperBound, prose.bytes[position] == 0x24 { position += 1 }
            let next = ByteScan.lowerBound(numbers, position) { $0.range.lowerBound }
            guard next < numbers.count, numbers[next].range.lowerBound == position else { return nil }
            return candidate(numbers[next], rule: "the final answer")
        }

        /// What an anchor announces: of the first formula and the first number within 50 bytes the one that ends later,
        /// unless a clause ends between them; or a number behind an equals sign within 100.
        private func candidate(behind anchor: AnswerAnchor) -> Candidate? {
            let rule = "the announced answer"
            let index = ByteScan.lowerBound(environments, anchor.end) { $0.range.lowerBound }
            var environment: Int?
            if index < environments.count, environments[index].range.lowerBound <= anchor.end + 50 {
                environment = index
            }
            var number: ProseNumber?
            var next = ByteScan.lowerBound(numbers, anchor.end) { $0.range.lowerBound }
            while next < numbers.count, numbers[next].range.lowerBound <= anchor.end + 100 {
                let candidate = numbers[next]
                next += 1
                guard !isFollowedByEquals(candidate) else { continue }
                if isPrecededByEquals(candidate) {
                    number = candidate
                } else if number == nil, candidate.range.lowerBound <= anchor.end + 50 {
                    number = candidate
                }
            }
            switch (environment, number) {
            case (nil, nil): return nil
            case (let environment?, nil): return candidate(environmentsFrom: environment, rule: rule)
            case (nil, let number?): return candidate(number, rule: rule)
            case (let environment?, let number?):
                let formula = environments[environment].range
                let isNumberFirst = number.end <= formula.lowerBound
                let gap = isNumberFirst ? number.end..<formula.lowerBound : formula.upperBound..<number.range.lowerBound
                let isClauseEnd = gap.lowerBound < gap.upperBound && endsClause(gap)
                return isNumberFirst == isClauseEnd
                    ? candidate(number, rule: rule) : candidate(environmentsFrom: environment, rule: rule)
            }
        }

        private func endsClause(_ gap: Range<Int>) -> Bool {
            for position in gap {
                switch prose.bytes[position] {
                case 0x2C, 0x3B, 0x0A, 0x28: return true
                case 0x2E: if position + 1 == gap.upperBound || prose.bytes[position + 1] == 0x20 { return true }
                default: break
                }
            }
            return false
        }

        private func isFollowedByEquals(_ number: ProseNumber) -> Bool {
            let position = ByteScan.skipSpaces(prose.bytes, from: number.end, end: min(text.upperBound, number.end + 8))
            return position < text.upperBound && prose.bytes[position] == 0x3D
        }

        private func isPrecededByEquals(_ number: ProseNumber) -> Bool {
            var position = number.range.lowerBound
            while position > text.lowerBound, number.range.lowerBound - position < 8, prose.bytes[position - 1] == 0x20
            {
                position -= 1
            }
            return position > text.lowerBound && prose.bytes[position - 1] == 0x3D
        }
    }
}
