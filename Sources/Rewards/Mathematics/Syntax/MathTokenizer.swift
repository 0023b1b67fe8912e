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
    var side = Side.none
    var groups = GroupStack()
    var matrixDepth = 0
    /// The text doubles its backslashes, as JSON does.
    var isDoubled = false
    var hasIntegral = false
    /// Whether a single `$` stands in the text, which then is a currency.
    private let dollarIsCurrency: Bool

    enum Side { case none, left, right }

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

    mutating func openBracket(_ kind: MathToken.Kind, length: Int = 1) {
        groups.open(listing: kind != .openGroup)
        emit(kind, length)
    }

    mutating func closeBracket(_ kind: MathToken.Kind, length: Int = 1) {
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
}

/// Decides for each comma of the text whether it groups digits.
struct GroupStack {
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
