/// Cuts a template into tokens as Jinja does with `trim_blocks` and `lstrip_blocks`.
///
/// Source of the rules: the documentation of Jinja 3.1, "Whitespace Control", and the behaviour of its lexer.
struct TemplateLexer {
    let source: [Unicode.Scalar]
    var position = 0
    var line = 1
    private var tokens: [TemplateToken] = []
    /// Whether what was read last ended a line.
    private var isAtLineStart = true

    private init(_ text: String) {
        var scalars: [Unicode.Scalar] = []
        var previous: Unicode.Scalar?
        for scalar in text.unicodeScalars {
            if scalar == "\r" {
                scalars.append("\n")
            } else if !(scalar == "\n" && previous == "\r") {
                scalars.append(scalar)
            }
            previous = scalar
        }
        if scalars.last == "\n" { scalars.removeLast() }
        source = scalars
    }

    static func tokens(of text: String) throws(TemplateError) -> [TemplateToken] {
        var lexer = TemplateLexer(text)
        try lexer.readText()
        lexer.emit(.end)
        return lexer.tokens
    }

    func failure(_ message: String) -> TemplateError {
        TemplateError(kind: .syntax, line: line, message: message)
    }

    mutating func emit(_ kind: TemplateToken.Kind) { tokens.append(TemplateToken(kind: kind, line: line)) }

    func scalar(_ offset: Int = 0) -> Unicode.Scalar? {
        position + offset < source.count ? source[position + offset] : nil
    }

    private func isNext(_ text: String, at start: Int? = nil) -> Bool {
        source[min(start ?? position, source.count)...].starts(with: text.unicodeScalars)
    }

    /// Moves on, counting lines.
    mutating func advance(to end: Int) {
        for index in position..<end where source[index] == "\n" { line += 1 }
        if end > position { isAtLineStart = source[end - 1] == "\n" }
        position = end
    }

    private func skippingSpace(_ start: Int) -> Int {
        var end = start
        while end < source.count, source[end].isPythonSpace { end += 1 }
        return end
    }

    // MARK: Text

    private mutating func readText() throws(TemplateError) {
        while position < source.count {
            guard let tag = nextTag() else {
                emit(.data(Array(source[position...])))
                return advance(to: source.count)
            }
            let kind = source[tag + 1]
            let raw = kind == "%" ? rawBegin(at: tag) : nil
            takeText(to: tag, stripsLine: kind != "{")
            if let raw {
                advance(to: raw)
                try readRaw()
                continue
            }
            advance(to: tag + 2)
            if scalar() == "-" || scalar() == "+" { advance(to: position + 1) }
            switch kind {
            case "#": try readComment()
            case "%":
                emit(.blockBegin)
                try readTag(isBlock: true)
            default:
                emit(.variableBegin)
                try readTag(isBlock: false)
            }
        }
    }

    private func nextTag() -> Int? {
        var index = position
        while index + 1 < source.count {
            if source[index] == "{", source[index + 1] == "{" || source[index + 1] == "%" || source[index + 1] == "#" {
                return index
            }
            index += 1
        }
        return nil
    }

    /// Emits the text before a tag, stripped as the tag's sign says.
    private mutating func takeText(to tag: Int, stripsLine: Bool) {
        var end = tag
        let sign = tag + 2 < source.count ? source[tag + 2] : nil
        if sign == "-" {
            while end > position, source[end - 1].isPythonSpace { end -= 1 }
        } else if sign != "+", stripsLine {
            let lineStart = (source[position..<tag].lastIndex(of: "\n") ?? position - 1) + 1
            if lineStart > position || isAtLineStart, source[lineStart..<tag].allSatisfy(\.isPythonSpace) {
                end = lineStart
            }
        }
        if end > position { emit(.data(Array(source[position..<end]))) }
        advance(to: tag)
    }

    private mutating func readComment() throws(TemplateError) {
        var index = position
        while index + 1 < source.count, !(source[index] == "#" && source[index + 1] == "}") { index += 1 }
        guard index + 1 < source.count else {
            // Jinja does not mind the end of the template right here.
            if position == source.count { return }
            throw failure("a comment without its end `#}`")
        }
        let sign = index > position ? source[index - 1] : nil
        advance(to: index + 2)
        finishTag(sign: sign)
    }

    /// Strips what follows the end of a block or comment.
    private mutating func finishTag(sign: Unicode.Scalar?) {
        if sign == "-" {
            advance(to: skippingSpace(position))
        } else if sign != "+", scalar() == "\n" {
            advance(to: position + 1)
        }
    }

    // MARK: Raw blocks

    /// The position after `{% raw %}`, if that begins at `tag`.
    private func rawBegin(at tag: Int) -> Int? {
        guard let end = keyword("raw", at: tag) else { return nil }
        if isNext("-%}", at: end) { return skippingSpace(end + 3) }
        return isNext("%}", at: end) ? end + 2 : nil
    }

    /// The position after `{% word` and white space, where the end of the tag should be.
    private func keyword(_ word: String, at tag: Int) -> Int? {
        guard isNext("{%", at: tag) else { return nil }
        var index = tag + 2
        if index < source.count, source[index] == "-" || source[index] == "+" { index += 1 }
        index = skippingSpace(index)
        return isNext(word, at: index) ? skippingSpace(index + word.unicodeScalars.count) : nil
    }

    private mutating func readRaw() throws(TemplateError) {
        var index = position
        while index < source.count {
            if let end = keyword("endraw", at: index) {
                let sign = isNext("-%}", at: end) || isNext("+%}", at: end) ? source[end] : nil
                if sign != nil || isNext("%}", at: end) {
                    takeText(to: index, stripsLine: true)
                    advance(to: end + (sign == nil ? 2 : 3))
                    return finishTag(sign: sign)
                }
            }
            index += 1
        }
        // Jinja does not mind the end of the template right here.
        if position < source.count { throw failure("`{% raw %}` without its end") }
    }

    // MARK: Within tags

    private mutating func readTag(isBlock: Bool) throws(TemplateError) {
        var open: [String] = []
        let end = isBlock ? "%}" : "}}"
        while let next = scalar() {
            if open.isEmpty {
                if isNext("-" + end) || isBlock && isNext("+" + end) {
                    return finish(sign: next, isBlock: isBlock)
                }
                if isNext(end) { return finish(sign: nil, isBlock: isBlock) }
            }
            if next.isPythonSpace {
                advance(to: skippingSpace(position))
            } else if next == "'" || next == "\"" {
                try readString(quote: next)
            } else if ("0"..."9").contains(next) {
                try readNumber()
            } else if next == "_" || next.properties.isXIDStart {
                var index = position
                while index < source.count, source[index] == "_" || source[index].properties.isXIDContinue {
                    index += 1
                }
                emit(.name(TemplateText.string(source[position..<index])))
                advance(to: index)
            } else {
                try readSymbol(&open)
            }
        }
        throw failure("a tag without its end `\(end)`")
    }

    private mutating func finish(sign: Unicode.Scalar?, isBlock: Bool) {
        emit(isBlock ? .blockEnd : .variableEnd)
        advance(to: position + (sign == nil ? 2 : 3))
        if isBlock { finishTag(sign: sign) } else if sign == "-" { advance(to: skippingSpace(position)) }
    }

    private static let symbols = [
        "//", "**", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{", "}", ">", "<", "=",
        ".", ":", "|", ",", ";",
    ]

    private mutating func readSymbol(_ open: inout [String]) throws(TemplateError) {
        guard let symbol = Self.symbols.first(where: { isNext($0) }) else {
            throw failure("unexpected character `\(source[position])`")
        }
        switch symbol {
        case "(": open.append(")")
        case "[": open.append("]")
        case "{": open.append("}")
        case ")", "]", "}":
            guard let expected = open.popLast() else { throw failure("unexpected `\(symbol)`") }
            if expected != symbol { throw failure("unexpected `\(symbol)`, expected `\(expected)`") }
        default: break
        }
        emit(.symbol(symbol))
        advance(to: position + symbol.unicodeScalars.count)
    }

    private mutating func readString(quote: Unicode.Scalar) throws(TemplateError) {
        var index = position + 1
        while index < source.count, source[index] != quote { index += source[index] == "\\" ? 2 : 1 }
        guard index < source.count else { throw failure("a string without its end") }
        do throws(TemplateStringEscapes.Malformation) {
            emit(.string(try TemplateStringEscapes.resolve(source[(position + 1)..<index])))
        } catch {
            throw failure(error.text)
        }
        advance(to: index + 1)
    }
}
