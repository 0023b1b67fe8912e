/// Numbers as Python spells them.
extension TemplateLexer {
    mutating func readNumber() throws(TemplateError) {
        let isAfterDot = position > 0 && source[position - 1] == "."
        let start = position
        if !isAfterDot, let end = floatEnd() {
            let text = TemplateText.string(source[start..<end]).filter { $0 != "_" }
            guard let value = Double(text) else { throw failure("`\(text)` is no number") }
            emit(.float(value))
            return advance(to: end)
        }
        let (end, digits, radix) = integerEnd()
        guard let value = Int(digits, radix: radix) else {
            throw TemplateError(
                kind: .unsupported, line: line, message: "the number `\(digits)`, which exceeds 64 bits")
        }
        emit(.integer(value))
        advance(to: end)
    }

    private func isDigit(_ index: Int, _ radix: Int = 10) -> Bool {
        index < source.count && source[index].isASCII
            && Character(source[index]).hexDigitValue.map { $0 < radix } == true
    }

    /// The end of digits, between which there may be single underscores.
    private func digitsEnd(_ start: Int, _ radix: Int = 10) -> Int {
        var index = start
        while isDigit(index, radix)
            || index > start && index < source.count && source[index] == "_" && isDigit(index + 1, radix)
        {
            index += 1
        }
        return index
    }

    /// The end of a number with a fraction or an exponent.
    private func floatEnd() -> Int? {
        var end = digitsEnd(position)
        var isFloat = false
        if end < source.count, source[end] == ".", isDigit(end + 1) {
            end = digitsEnd(end + 1)
            isFloat = true
        }
        if end < source.count, source[end] == "e" || source[end] == "E" {
            var exponent = end + 1
            if exponent < source.count, source[exponent] == "+" || source[exponent] == "-" { exponent += 1 }
            if isDigit(exponent) {
                end = digitsEnd(exponent)
                isFloat = true
            }
        }
        return isFloat ? end : nil
    }

    private func integerEnd() -> (end: Int, digits: String, radix: Int) {
        func digits(_ range: Range<Int>) -> String { TemplateText.string(source[range]).filter { $0 != "_" } }
        if source[position] == "0" {
            let radix: Int? =
                switch scalar(1) {
                case "b", "B": 2
                case "o", "O": 8
                case "x", "X": 16
                default: nil
                }
            if let radix {
                let start = position + 2 + (scalar(2) == "_" ? 1 : 0)
                if isDigit(start, radix) {
                    let end = digitsEnd(start, radix)
                    return (end, digits(start..<end), radix)
                }
            }
            var end = position + 1
            while end < source.count, source[end] == "0" { end += 1 }
            return (end, "0", 10)
        }
        let end = digitsEnd(position)
        return (end, digits(position..<end), 10)
    }
}
