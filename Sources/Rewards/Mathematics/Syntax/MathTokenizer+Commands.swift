/// LaTeX commands.
extension MathTokenizer {
    mutating func command() throws(AnswerProblem) {
        let next = peek(1)
        if next == UInt8(ascii: "\\") { return try backslashes() }
        if position + 1 == bytes.count, !tokens.isEmpty {
            // The space of `\ ` at the end was trimmed away.
            position += 1
            return
        }
        guard Self.isLetter(next) else { return try symbolCommand(next) }
        if syntax == .sympy { return identifier() }
        var end = position + 2
        while end < bytes.count, Self.isLetter(bytes[end]) { end += 1 }
        try named(from: position + 1, to: end)
    }

    /// `\\`: the end of a row, a line break, or a backslash that an outer notation doubled.
    private mutating func backslashes() throws(AnswerProblem) {
        let isRow = matrixDepth > 0
        if isRow, isDoubled {
            if peek(2) == UInt8(ascii: "\\"), peek(3) == UInt8(ascii: "\\") { return emit(.rowBreak, 4) }
            position += 1
            return try command()
        }
        if isRow { return emit(.rowBreak, 2) }
        let next = peek(2)
        if Self.isLetter(next) {
            if next == UInt8(ascii: "b"), bytes[(position + 2)...].starts(with: "begin".utf8) { isDoubled = true }
            position += 1
            return try command()
        }
        switch next {
        case UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "%"), UInt8(ascii: "$"), UInt8(ascii: "!"),
            UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "|"):
            position += 1
            try command()
        default:
            // A line break divides formulas, unless nothing stands on one of its sides.
            let start = position
            position += 2
            hasSpace = true
            skipSpaces()
            guard position < bytes.count, let last = tokens.last?.kind, ![.comma, .semicolon].contains(last) else {
                return
            }
            emit(.comma, from: start, to: start + 2)
        }
    }

    private mutating func symbolCommand(_ byte: UInt8) throws(AnswerProblem) {
        let sided = side
        side = .none
        switch byte {
        case UInt8(ascii: "{"): openBracket(.openSet, length: 2)
        case UInt8(ascii: "}"): closeBracket(.closeSet, length: 2)
        case UInt8(ascii: "|"): emit(.doubleBar, 2)
        case UInt8(ascii: "%"): emit(.percent, 2)
        case UInt8(ascii: "$"): emit(.currency, 2)
        case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "["), UInt8(ascii: "]"):
            if sided != .none { throw malformed("a bracket after \\left or \\right expected") }
            hasSpace = true
            position += 2
        case UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: ":"), UInt8(ascii: "!"), UInt8(ascii: ">"),
            UInt8(ascii: "/"), UInt8(ascii: "-"), 0x20, 0x09...0x0D:
            hasSpace = true
            position += 2
        case UInt8(ascii: "_"), UInt8(ascii: "&"), UInt8(ascii: "#"):
            throw malformed("an escaped character has no mathematical meaning: \\\(Character(Unicode.Scalar(byte)))")
        default: throw malformed("a command expected after the backslash")
        }
    }

    /// A command of letters; `start` is its first letter.
    mutating func named(from start: Int, to end: Int) throws(AnswerProblem) {
        if let entry = MathLexicon.commands.find(bytes, start, end) {
            position = end
            return emitCommand(entry, from: start, to: end)
        }
        if let handled = try special(from: start, to: end), handled { return }
        // `\lgroupx`, `\quadx`: a command runs into the letter after it.
        var prefix = min(end - 1, start + NameTable.longestName)
        while prefix > start + 1 {
            if let entry = MathLexicon.commands.find(bytes, start, prefix) {
                position = prefix
                return emitCommand(entry, from: start, to: prefix)
            }
            if MathLexicon.ignored.find(bytes, start, prefix)?.detail == 0 {
                position = prefix
                hasSpace = true
                return
            }
            prefix -= 1
        }
        throw .malformed(
            "a known command expected, found \\\(String(decoding: bytes[start..<min(end, start + 24)], as: UTF8.self))",
            offset: position)
    }

    private mutating func emitCommand(_ entry: NameTable.Entry, from start: Int, to end: Int) {
        var kind = entry.kind
        if kind == .bar, side != .none { kind = side == .left ? .openBar : .closeBar }
        if kind == .bigOperator, entry.detail == 2 { hasIntegral = true }
        side = .none
        switch kind {
        case .openRound, .openSquare, .openSet, .openBar, .openFloor, .openCeiling, .openAngle:
            groups.open(listing: true)
        case .closeRound, .closeSquare, .closeSet, .closeBar, .closeFloor, .closeCeiling, .closeAngle:
            groups.closeOne(&tokens)
        default: break
        }
        emit(kind, from: start, to: end, detail: entry.detail)
    }

    /// Commands that act on the tokenizer or take their argument raw; `nil` for an unknown one.
    private mutating func special(from start: Int, to end: Int) throws(AnswerProblem) -> Bool? {
        if let name = NameTable.sides.find(bytes, start, end) {
            position = end
            side = name.detail == 0 ? .left : .right
            return true
        }
        if let name = MathLexicon.ignored.find(bytes, start, end) {
            position = end
            hasSpace = true
            if name.detail == 1 { skipArgument() }
            return true
        }
        if MathLexicon.textCommands.find(bytes, start, end) != nil {
            position = end
            try textArgument()
            return true
        }
        if let typeface = MathLexicon.typefaces.find(bytes, start, end) {
            position = end
            if peek() == UInt8(ascii: "*") { position += 1 }
            typefaceArgument(isUpright: typeface.detail == 1)
            return true
        }
        switch bytes[start..<end] {
        case let name where name.elementsEqual("begin".utf8): try environment(.beginEnvironment, end)
        case let name where name.elementsEqual("end".utf8): try environment(.endEnvironment, end)
        case let name where name.elementsEqual("variable".utf8): try variable(end)
        case let name where name.elementsEqual("mathbb".utf8) || name.elementsEqual("Bbb".utf8): blackboard(end)
        default: return nil
        }
        return true
    }

    private mutating func skipSpaces() {
        while position < bytes.count, AnswerText.isSpace(bytes[position]) { position += 1 }
    }

    private mutating func skipArgument() {
        skipSpaces()
        if peek() == UInt8(ascii: "{") { position = afterBraces(position) }
    }

    /// The range between braces at the position, which then stands after them.
    private mutating func argument() -> (Int, Int)? {
        skipSpaces()
        guard peek() == UInt8(ascii: "{") else { return nil }
        let start = position + 1
        let end = afterBraces(position)
        guard end > start, bytes[end - 1] == UInt8(ascii: "}") else { return nil }
        position = end
        return (start, end - 1)
    }

    private mutating func environment(_ kind: MathToken.Kind, _ end: Int) throws(AnswerProblem) {
        let start = position
        position = end
        guard let (from, to) = argument(), let entry = MathLexicon.environments.find(bytes, from, to) else {
            throw .malformed("a known environment expected", offset: start)
        }
        if kind == .beginEnvironment {
            matrixDepth += 1
            groups.open(listing: false)
            emit(kind, from: from, to: to, detail: entry.detail)
            if bytes[from..<to].elementsEqual("array".utf8) || bytes[from..<to].starts(with: "alignat".utf8) {
                skipArgument()
            }
        } else {
            // An end alone is what an extracted answer may drag behind it.
            guard matrixDepth > 0 else { return }
            matrixDepth -= 1
            groups.closeOne(&tokens)
            emit(kind, from: from, to: to, detail: entry.detail)
        }
    }

    private mutating func variable(_ end: Int) throws(AnswerProblem) {
        let start = position
        position = end
        guard let (from, to) = argument(), from < to else {
            throw .malformed("a name in braces expected after \\variable", offset: start)
        }
        let isNumber = bytes[from..<to].allSatisfy(Self.isDigit)
        emit(isNumber ? .digits : .rawName, from: from, to: to)
    }

    private mutating func blackboard(_ end: Int) {
        position = end
        skipSpaces()
        let range = argument() ?? (position, position + 1)
        if range.1 - range.0 == 1, position == range.0 { position += 1 }
        guard range.1 - range.0 == 1, range.1 <= bytes.count else { return }
        let sets: [UInt8] = Array("NZQRCP".utf8)
        if let index = sets.firstIndex(of: bytes[range.0]) {
            emit(.namedSet, from: range.0, to: range.1, detail: UInt8(index + 1))
        } else {
            emit(.word, from: range.0, to: range.1, detail: WordReading.letters.rawValue)
        }
    }

    /// `\mathrm{e}`, `\operatorname{lcm}`, `\mathrm{~cm}`. Looks no farther than the letters go.
    private mutating func typefaceArgument(isUpright: Bool) {
        var start = position
        while start < bytes.count, AnswerText.isSpace(bytes[start]) { start += 1 }
        guard start < bytes.count, bytes[start] == UInt8(ascii: "{") else { return }
        start += 1
        var isTied = false
        while start < bytes.count, bytes[start] == 0x20 || bytes[start] == UInt8(ascii: "~") {
            if bytes[start] == UInt8(ascii: "~") { isTied = true }
            start += 1
        }
        if isUpright, let last = tokens.last?.kind, [.digits, .closeGroup, .closeRound].contains(last),
            let stop = unitEnd(start)
        {
            emit(.text, from: start, to: stop)
            position = stop + 1
            return
        }
        var end = start
        while end < bytes.count, Self.isLetter(bytes[end]) { end += 1 }
        var close = end
        while close < bytes.count, bytes[close] == 0x20 { close += 1 }
        guard start < end, close < bytes.count, bytes[close] == UInt8(ascii: "}") else { return }
        let after = close + 1
        if end - start == 1 {
            // `5 \mathrm{~m}`: what a tie binds to a number is a unit.
            if isTied, isUpright, !tokens.isEmpty {
                emit(.text, from: start, to: end)
                position = after
                return
            }
            emit(.word, from: start, to: end, detail: WordReading.letters.rawValue)
        } else if let entry = MathLexicon.words.find(bytes, start, end)
            ?? MathLexicon.operators.find(bytes, start, end)
        {
            emit(entry.kind, from: start, to: end, detail: entry.detail)
        } else if isUpright {
            emit(.text, from: start, to: end)
        } else {
            return
        }
        position = after
    }

    /// The end of a composed unit such as `km/h` or `kg\cdot m/s^2` before a closing brace: letters with a solidus, a
    /// dot or an exponent between them.
    private func unitEnd(_ start: Int) -> Int? {
        var (position, isComposed, depth) = (start, false, 0)
        guard position < bytes.count, Self.isLetter(bytes[position]) else { return nil }
        while position < bytes.count, position - start < 40 {
            switch bytes[position] {
            case UInt8(ascii: "}"):
                if depth == 0 { return isComposed ? position : nil }
                depth -= 1
            case UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "/"): isComposed = true
            case UInt8(ascii: "\\"):
                guard bytes[position...].starts(with: "\\cdot".utf8) else { return nil }
                isComposed = true
                position += 4
            case UInt8(ascii: "^"), UInt8(ascii: "-"), UInt8(ascii: " "), UInt8(ascii: "("), UInt8(ascii: ")"),
                UInt8(ascii: "~"), UInt8(ascii: "0")...UInt8(ascii: "9"):
                break
            default: guard Self.isLetter(bytes[position]) else { return nil }
            }
            position += 1
        }
        return nil
    }

    private mutating func textArgument() throws(AnswerProblem) {
        let before = position
        guard let (from, to) = argument() else { throw malformed("braces expected after \\text") }
        let (start, end) = trimmed(from, to)
        guard start < end else {
            hasSpace = true
            return
        }
        let content = bytes[start..<end]
        if content.elementsEqual("\\$".utf8) || content.elementsEqual("$".utf8) {
            return emit(.currency, from: start, to: end)
        }
        if content.allSatisfy({ Self.isDigit($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") }) {
            position = before
            return
        }
        var (from2, to2) = (start, end)
        while from2 < to2, bytes[from2] == UInt8(ascii: ",") || bytes[from2] == 0x20 { from2 += 1 }
        while to2 > from2, bytes[to2 - 1] == UInt8(ascii: ",") || bytes[to2 - 1] == 0x20 { to2 -= 1 }
        if from2 == to2 { return emit(.comma, from: start, to: end) }
        if let entry = MathLexicon.words.find(bytes, from2, to2) {
            switch entry.kind {
            case .conjunction, .percent, .degree, .constant:
                return emit(entry.kind, from: start, to: end, detail: entry.detail)
            case .function where peek() == UInt8(ascii: "("):
                return emit(entry.kind, from: start, to: end, detail: entry.detail)
            default: break
            }
        }
        emit(.text, from: start, to: end)
    }

    /// Without the spaces, ties and thin spaces at both ends.
    private func trimmed(_ from: Int, _ to: Int) -> (Int, Int) {
        var (start, end) = (from, to)
        while start < end {
            if bytes[start] == 0x20 || bytes[start] == UInt8(ascii: "~") {
                start += 1
            } else if bytes[start] == UInt8(ascii: "\\"), start + 1 < end, isThin(bytes[start + 1]) {
                start += 2
            } else {
                break
            }
        }
        while end > start {
            if bytes[end - 1] == UInt8(ascii: "~") || bytes[end - 1] == 0x20 {
                end -= 1
                if end > start, bytes[end - 1] == UInt8(ascii: "\\") { end -= 1 }
            } else {
                break
            }
        }
        return (start, end)
    }

    private func isThin(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == UInt8(ascii: ",") || byte == UInt8(ascii: ";") || byte == UInt8(ascii: "!")
            || byte == UInt8(ascii: ":")
    }
}

extension NameTable {
    /// What makes the next delimiter a left or a right one.
    static let sides = NameTable([("left", .end, 0), ("mleft", .end, 0), ("right", .end, 1), ("mright", .end, 1)])
}
