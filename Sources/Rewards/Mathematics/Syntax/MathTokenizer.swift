/// Cuts a mathematical text into tokens, in one pass.
///
/// Wrappers (`$…$`, `\[…\]`), spacing and typefaces disappear here, `\left` and `\right` settle on which side a bar
/// stands, and commas between groups of three digits become ``MathToken/Kind/groupSeparator``:
/// outside round, square and set brackets, where `1,234` is a list, and only where no other comma without a space
/// after it contradicts (`1,2,345` lists three numbers). `{,}` and `,\!` always group digits.
struct MathTokenizer {
    let bytes: [UInt8]
    let syntax: MathSyntax
    var tokens: [MathToken] = []
    var position = 0
    var hasSpace = false
    /// What `\left` or `\right` demands of the next delimiter.
    private var side = Side.none
    private var groups = GroupStack()
    private var matrixDepth = 0
    /// The text doubles its backslashes, as JSON does.
    private var isDoubled = false
    private var hasIntegral = false
    private var isInsideDollar = false
    /// Whether a single `$` stands in the text, which then is a currency.
    private let dollarIsCurrency: Bool

    private enum Side { case none, left, right }

    init(_ bytes: [UInt8], syntax: MathSyntax) {
        self.bytes = bytes
        self.syntax = syntax
        var dollars = 0
        for index in bytes.indices where bytes[index] == UInt8(ascii: "$") {
            if index == 0 || bytes[index - 1] != UInt8(ascii: "\\") { dollars += 1 }
        }
        dollarIsCurrency = dollars == 1
        tokens.reserveCapacity(bytes.count / 2 + 4)
    }

    /// The byte at a distance from the position, or zero beyond the end.
    @inline(__always)
    func peek(_ distance: Int = 0) -> UInt8 {
        let index = position + distance
        return index < bytes.count ? bytes[index] : 0
    }

    static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }
    static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

    mutating func tokenize() throws(AnswerProblem) {
        while position < bytes.count { try step() }
        groups.close(&tokens)
        if syntax != .sympy, tokens.last?.kind == .dot { tokens.removeLast() }
        position = bytes.count
        emit(.end, 0)
    }

    mutating func emit(_ kind: MathToken.Kind, _ length: Int, detail: UInt8 = 0) {
        emit(kind, from: position, to: position + length, detail: detail)
        position += length
    }

    mutating func emit(_ kind: MathToken.Kind, from start: Int, to end: Int, detail: UInt8 = 0) {
        tokens.append(
            MathToken(kind: kind, detail: detail, hasSpace: hasSpace, start: Int32(start), end: Int32(end)))
        hasSpace = false
    }

    func malformed(_ message: String) -> AnswerProblem { .malformed(message, offset: position) }

    private mutating func step() throws(AnswerProblem) {
        let byte = bytes[position]
        if side != .none, try sidedDelimiter(byte) { return }
        if Self.isDigit(byte) { return digits() }
        if Self.isLetter(byte) || byte >= 0x80 { return letters() }
        switch byte {
        case UInt8(ascii: " "), 0x09...0x0D, UInt8(ascii: "~"):
            hasSpace = true
            position += 1
        case UInt8(ascii: "\\"): try command()
        case UInt8(ascii: "+"): emit(.plus, 1)
        case UInt8(ascii: "-"): minus()
        case UInt8(ascii: "*"): peek(1) == byte ? emit(.power, 2) : emit(.times, 1)
        case UInt8(ascii: "/"): emit(.divide, 1)
        case UInt8(ascii: "^"): emit(.power, 1)
        case UInt8(ascii: "_"): emit(.subscripted, 1)
        case UInt8(ascii: "'"): quote()
        case UInt8(ascii: "!"):
            peek(1) == UInt8(ascii: "=") && peek(2) != UInt8(ascii: "=")
                ? emit(.relation, 2, detail: MathLexicon.index(.notEqual)) : emit(.factorial, 1)
        case UInt8(ascii: "%"): emit(.percent, 1)
        case UInt8(ascii: "="), UInt8(ascii: "<"), UInt8(ascii: ">"): comparison(byte)
        case UInt8(ascii: ","): comma()
        case UInt8(ascii: ";"): emit(.semicolon, 1)
        case UInt8(ascii: ":"): emit(.colon, 1)
        case UInt8(ascii: "."): period()
        case UInt8(ascii: "("): openBracket(.openRound)
        case UInt8(ascii: ")"): closeBracket(.closeRound)
        case UInt8(ascii: "["): openBracket(.openSquare)
        case UInt8(ascii: "]"): closeBracket(.closeSquare)
        case UInt8(ascii: "{"): openBrace()
        case UInt8(ascii: "}"):
            syntax == .latex ? closeBracket(.closeGroup) : closeBracket(.closeSet)
        case UInt8(ascii: "|"): emit(syntax == .sympy ? .conjunction : .bar, 1)
        case UInt8(ascii: "&"): emit(syntax == .sympy ? .conjunction : .ampersand, 1)
        case UInt8(ascii: "$"): dollarIsCurrency && isAmountNear ? emit(.currency, 1) : dollar()
        default: throw malformed("a character of mathematics expected, found \(describe(byte))")
        }
    }

    private func describe(_ byte: UInt8) -> String {
        (0x21...0x7E).contains(byte) ? "“\(Character(Unicode.Scalar(byte)))”" : "byte \(byte)"
    }

    private mutating func digits() {
        var end = position + 1
        while end < bytes.count, Self.isDigit(bytes[end]) { end += 1 }
        emit(.digits, end - position)
    }

    private mutating func minus() {
        peek(1) == UInt8(ascii: ">")
            ? emit(.relation, 2, detail: MathLexicon.index(.tends)) : emit(.minus, 1)
    }

    private mutating func quote() {
        guard syntax == .sympy else { return emit(.prime, 1) }
        var end = position + 1
        while end < bytes.count, bytes[end] != UInt8(ascii: "'") { end += 1 }
        emit(.text, from: position + 1, to: end)
        position = min(end + 1, bytes.count)
    }

    private mutating func comparison(_ byte: UInt8) {
        let isWide = peek(1) == UInt8(ascii: "=")
        switch byte {
        case UInt8(ascii: "<"):
            if peek(1) == UInt8(ascii: ">") { return emit(.relation, 2, detail: MathLexicon.index(.notEqual)) }
            emit(.relation, isWide ? 2 : 1, detail: MathLexicon.index(isWide ? .lessOrEqual : .less))
        case UInt8(ascii: ">"):
            emit(.relation, isWide ? 2 : 1, detail: MathLexicon.index(isWide ? .greaterOrEqual : .greater))
        default:
            if peek(1) == UInt8(ascii: "<") { return emit(.relation, 2, detail: MathLexicon.index(.lessOrEqual)) }
            if peek(1) == UInt8(ascii: ">") { return emit(.relation, 2, detail: MathLexicon.index(.implies)) }
            emit(.relation, isWide ? 2 : 1, detail: MathLexicon.index(.equal))
        }
    }

    /// Whether a number stands right after the position, or right before it.
    private var isAmountNear: Bool {
        Self.isDigit(peek(1)) || (peek(1) == UInt8(ascii: ".") && Self.isDigit(peek(2)))
            || (tokens.last?.kind == .digits && position + 1 == bytes.count)
    }

    private mutating func dollar() {
        position += peek(1) == UInt8(ascii: "$") ? 2 : 1
        hasSpace = true
    }

    private mutating func period() {
        if peek(1) == UInt8(ascii: "."), peek(2) == UInt8(ascii: ".") { return emit(.dots, 3) }
        emit(.dot, 1)
    }

    // MARK: Commas and brackets

    private mutating func comma() {
        var next = position + 1
        while next < bytes.count, bytes[next] == 0x20 { next += 1 }
        let isAfterDigits = tokens.last?.kind == .digits && !hasSpace
        if isAfterDigits, next + 1 < bytes.count, bytes[next] == UInt8(ascii: "\\"),
            bytes[next + 1] == UInt8(ascii: "!")
        {
            emit(.groupSeparator, from: position, to: position + 1)
            position = next + 2
            return
        }
        if next == position + 1, syntax != .sympy {
            groups.comma(isCandidate: isAfterDigits && isGroupOfThree(next), at: tokens.count)
        }
        emit(.comma, 1)
    }

    /// Exactly three digits stand at an index, and one to three before it.
    private func isGroupOfThree(_ index: Int) -> Bool {
        guard index + 3 <= bytes.count, let last = tokens.last, last.count <= 3 else { return false }
        if bytes[Int(last.start)] == UInt8(ascii: "0"), last.count == 1 { return false }
        for offset in 0..<3 where !Self.isDigit(bytes[index + offset]) { return false }
        return index + 3 == bytes.count || !Self.isDigit(bytes[index + 3])
    }

    private mutating func openBracket(_ kind: MathToken.Kind, length: Int = 1) {
        groups.open(listing: kind != .openGroup)
        emit(kind, length)
    }

    private mutating func closeBracket(_ kind: MathToken.Kind, length: Int = 1) {
        groups.closeOne(&tokens)
        emit(kind, length)
    }

    private mutating func openBrace() {
        guard syntax == .latex else { return openBracket(.openSet) }
        var next = position + 1
        while next < bytes.count, AnswerText.isSpace(bytes[next]) { next += 1 }
        if next < bytes.count, bytes[next] == UInt8(ascii: "}") {
            // An empty group is nothing, and so is an exponent or an index that is empty.
            if let last = tokens.last?.kind, last == .power || last == .subscripted { tokens.removeLast() }
            hasSpace = true
            position = next + 1
            return
        }
        if tokens.last?.kind == .digits, next < bytes.count, bytes[next] == UInt8(ascii: ",") {
            var close = next + 1
            while close < bytes.count, bytes[close] == 0x20 { close += 1 }
            if close < bytes.count, bytes[close] == UInt8(ascii: "}") {
                emit(.groupSeparator, from: position, to: close + 1)
                position = close + 1
                return
            }
        }
        openBracket(.openGroup)
    }

    /// A delimiter right after `\left` or `\right`.
    private mutating func sidedDelimiter(_ byte: UInt8) throws(AnswerProblem) -> Bool {
        let isLeft = side == .left
        switch byte {
        case UInt8(ascii: " "): return false
        case UInt8(ascii: "|"): isLeft ? openBracket(.openBar) : closeBracket(.closeBar)
        case UInt8(ascii: "."): isLeft ? openBracket(.openNothing) : closeBracket(.closeNothing)
        case UInt8(ascii: "<"), UInt8(ascii: ">"): isLeft ? openBracket(.openAngle) : closeBracket(.closeAngle)
        case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "\\"),
            UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "/"):
            if byte != UInt8(ascii: "\\") { side = .none }
            return false
        default: throw malformed("a bracket after \\left or \\right expected, found \(describe(byte))")
        }
        side = .none
        return true
    }

    // MARK: Words

    private mutating func letters() {
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
                emit(.conjunction, from: start, to: start + length)
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
    private mutating func identifier() {
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

    // MARK: Commands

    private mutating func command() throws(AnswerProblem) {
        let next = peek(1)
        if next == UInt8(ascii: "\\") { return try backslashes() }
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
        case let name where name.elementsEqual("mathbb".utf8): blackboard(end)
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
        while start < bytes.count, bytes[start] == 0x20 || bytes[start] == UInt8(ascii: "~") { start += 1 }
        var end = start
        while end < bytes.count, Self.isLetter(bytes[end]) { end += 1 }
        var close = end
        while close < bytes.count, bytes[close] == 0x20 { close += 1 }
        guard start < end, close < bytes.count, bytes[close] == UInt8(ascii: "}") else { return }
        let after = close + 1
        if end - start == 1 {
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

    private mutating func textArgument() throws(AnswerProblem) {
        let before = position
        guard let (from, to) = argument() else { throw malformed("braces expected after \\text") }
        let (start, end) = trimmed(from, to)
        guard start < end else {
            hasSpace = true
            return
        }
        let content = bytes[start..<end]
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

/// Decides for each comma of the text whether it groups digits.
private struct GroupStack {
    private struct Frame {
        var candidates: Int
        var isListing: Bool
        var isContradicted: Bool
    }

    private var frames: [Frame] = []
    private var current = Frame(candidates: 0, isListing: false, isContradicted: false)
    /// Token indices of commas that may group digits, of all open frames.
    private var candidates: [Int] = []

    mutating func comma(isCandidate: Bool, at index: Int) {
        if isCandidate { candidates.append(index) } else { current.isContradicted = true }
    }

    mutating func open(listing: Bool) {
        frames.append(current)
        current = Frame(candidates: candidates.count, isListing: listing, isContradicted: false)
    }

    mutating func closeOne(_ tokens: inout [MathToken]) {
        close(&tokens)
        current = frames.popLast() ?? Frame(candidates: 0, isListing: false, isContradicted: false)
    }

    mutating func close(_ tokens: inout [MathToken]) {
        guard current.candidates < candidates.count else { return }
        if !current.isListing, !current.isContradicted {
            for index in candidates[current.candidates...] { tokens[index].kind = .groupSeparator }
        }
        candidates.removeSubrange(current.candidates...)
    }
}
