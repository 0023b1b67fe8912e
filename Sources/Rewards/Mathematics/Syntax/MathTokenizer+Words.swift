/// Runs of letters: names, words, factors.
extension MathTokenizer {
    mutating func letters() {
        let start = position
        var end = position + 1
        if syntax != .latex { return identifier() }
        while end < bytes.count, Self.isLetter(bytes[end]) || bytes[end] >= 0x80 { end += 1 }
        position = end
        if end - start == 1, bytes[start] < 0x80 {
            // `(-∞, 3) U (5, ∞)`
            let isUnion = bytes[start] == UInt8(ascii: "U") && isBetweenBrackets(start, end)
            return emit(isUnion ? .union : .word, from: start, to: end, detail: WordReading.letters.rawValue)
        }
        if end - start == 2, bytes[start] == UInt8(ascii: "i"), bytes[start + 1] == UInt8(ascii: "n"), hasSpace,
            opensBracket(end)
        {
            return emit(.element, from: start, to: end)
        }
        word(start, end)
    }

    private static func endsValue(_ kind: MathToken.Kind) -> Bool {
        switch kind {
        case .digits, .closeRound, .closeSquare, .closeGroup, .closeSet: true
        default: false
        }
    }

    private func isBetweenBrackets(_ start: Int, _ end: Int) -> Bool {
        guard let last = tokens.last?.kind, [.closeRound, .closeSquare, .closeSet].contains(last) else { return false }
        return opensBracket(end)
    }

    /// Whether the next thing after an index is an opening bracket.
    private func opensBracket(_ index: Int) -> Bool {
        var next = index
        while next < bytes.count, bytes[next] == 0x20 { next += 1 }
        guard next < bytes.count else { return false }
        if bytes[next...].starts(with: "\\left".utf8) || bytes[next...].starts(with: "\\{".utf8) { return true }
        return [UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{")].contains(bytes[next])
    }

    private mutating func word(_ start: Int, _ end: Int) {
        if let entry = MathLexicon.words.find(bytes, start, end) {
            return emit(entry.kind, from: start, to: end, detail: entry.detail)
        }
        // `1orW(x)`: a conjunction without spaces around it.
        let isGlued = !hasSpace && tokens.last.map { Self.endsValue($0.kind) } == true
        for length in 2...3
        where end - start > length
            && ((0x41...0x5A).contains(bytes[start + length]) || (isGlued && end - start == length + 1))
        {
            if let entry = MathLexicon.words.find(bytes, start, start + length), entry.kind == .conjunction {
                emit(.conjunction, from: start, to: start + length, detail: entry.detail)
                if end - start - length > 1 { return word(start + length, end) }
                return emit(.word, from: start + length, to: end, detail: WordReading.letters.rawValue)
            }
        }
        // `xsin(`: a function after one or two factors.
        if end < bytes.count, bytes[end] == UInt8(ascii: "(") {
            for length in 1...2 where end - start - length >= 2 {
                if let entry = MathLexicon.words.find(bytes, start + length, end), entry.kind == .function {
                    emit(.word, from: start, to: start + length, detail: WordReading.letters.rawValue)
                    return emit(entry.kind, from: start + length, to: end, detail: entry.detail)
                }
            }
        }
        // `xydx` under an integral: the differential ends it.
        if hasIntegral, end - start > 3, end - start < 7, bytes[end - 2] == UInt8(ascii: "d") {
            emit(.word, from: start, to: end - 2, detail: WordReading.letters.rawValue)
            return emit(.word, from: end - 2, to: end, detail: WordReading.letters.rawValue)
        }
        emit(.word, from: start, to: end, detail: reading(start, end).rawValue)
    }

    /// Two or three letters, or capitals only, are factors; longer runs are words.
    private func reading(_ start: Int, _ end: Int) -> WordReading {
        if end - start <= 3 {
            for index in start..<end where bytes[index] >= 0x80 { return .text }
            return MathLexicon.shortWords.find(bytes, start, end) == nil ? .letters : .text
        }
        for index in start..<end where !(0x41...0x5A).contains(bytes[index]) { return .text }
        return end - start <= 6 ? .letters : .text
    }

    /// A name of plain notation or of SymPy, with digits, indices and LaTeX commands inside.
    mutating func identifier() {
        let start = position
        var end = scanIdentifier(start)
        let table = syntax == .sympy ? MathLexicon.sympyNames : MathLexicon.words
        if syntax == .sympy, end < bytes.count, bytes[end] == UInt8(ascii: "."), end + 1 < bytes.count,
            Self.isLetter(bytes[end + 1])
        {
            let wide = scanIdentifier(end + 1)
            if table.find(bytes, start, wide) != nil { end = wide }
        }
        position = end
        if let entry = table.find(bytes, start, end) {
            return emit(entry.kind, from: start, to: end, detail: entry.detail)
        }
        let isName = syntax == .sympy || end - start == 1 || !bytes[start..<end].allSatisfy(Self.isLetter)
        let reading: WordReading = isName && bytes[start] < 0x80 ? .name : .text
        emit(.word, from: start, to: end, detail: reading.rawValue)
    }

    private func scanIdentifier(_ start: Int) -> Int {
        var end = start
        var hasCommand = false
        while end < bytes.count {
            let byte = bytes[end]
            if Self.isLetter(byte) || byte >= 0x80 || (Self.isDigit(byte) && end > start) {
                end += 1
            } else if byte == UInt8(ascii: "_"), end > start, end + 1 < bytes.count {
                end += 1
                if bytes[end] == UInt8(ascii: "{") { end = afterBraces(end) }
            } else if byte == UInt8(ascii: "{"), syntax == .sympy {
                end = afterBraces(end)
            } else if byte == UInt8(ascii: "\\"), syntax == .sympy {
                hasCommand = true
                end += 1
            } else if byte == 0x20, hasCommand, end + 1 < bytes.count,
                Self.isDigit(bytes[end + 1]) || bytes[end + 1] == UInt8(ascii: "_")
            {
                end += 1
            } else {
                break
            }
        }
        return max(end, start + 1)
    }

    /// The index after the brace that closes the one at an index, or the end.
    func afterBraces(_ open: Int) -> Int {
        var depth = 0
        var index = open
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\\"): index += 1
            case UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "}"):
                depth -= 1
                if depth == 0 { return index + 1 }
            default: break
            }
            index += 1
        }
        return bytes.count
    }
}
