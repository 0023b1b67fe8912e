extension TemplateEvaluator {
    func applyNumberFilter(
        _ filter: TemplateFilter, to value: TemplateValue, _ arguments: TemplateArguments
    ) throws(TemplateError) -> TemplateValue {
        func bound(_ parameters: String...) throws(TemplateError) -> [TemplateValue?] {
            try arguments.bound(to: parameters, of: "the filter \(filter.rawValue)", work)
        }
        switch filter {
        case .abs:
            _ = try bound()
            switch value {
            case .integer(let number): return number < 0 ? try negative(value) : value
            case .bool(let flag): return .integer(flag ? 1 : 0)
            case .float(let number): return .float(number.magnitude)
            case .undefined(let undefined): throw failure("UndefinedError: \(undefined.message)")
            default: throw failure("TypeError: bad operand type for abs(): '\(value.typeName)'")
            }
        case .int:
            let values = try bound("default", "base")
            return try integer(value, default: values[0] ?? .integer(0), base: try integer(values[1], "int") ?? 10)
        case .float:
            let defaultValue = try bound("default")[0] ?? .float(0)
            switch value {
            case .integer(let number): return .float(Double(number))
            case .bigInteger(let digits): return .float(Double(digits) ?? .infinity)
            case .bool(let flag): return .float(flag ? 1 : 0)
            case .float: return value
            case .text(let text): return Self.float(text).map { .float($0) } ?? defaultValue
            case .markup: throw unsupported("the filter `float` of a value of type Markup")
            case .undefined(let undefined): throw failure("UndefinedError: \(undefined.message)")
            default: return defaultValue
            }
        default:
            let values = try bound("precision", "method")
            return try rounded(value, values[0], try optionalText(values[1], "round")?.string ?? "common")
        }
    }

    private func integer(
        _ value: TemplateValue, default defaultValue: TemplateValue, base: Int
    ) throws(TemplateError) -> TemplateValue {
        func truncated(_ number: Double) throws(TemplateError) -> TemplateValue {
            guard number.isFinite else { return defaultValue }
            guard let whole = Int(exactly: number.rounded(.towardZero)) else {
                throw unsupported("an integer beyond 64 bits")
            }
            return .integer(whole)
        }
        switch value {
        case .integer, .bigInteger: return value
        case .bool(let flag): return .integer(flag ? 1 : 0)
        case .float(let number):
            if number.isInfinite { throw failure("OverflowError: cannot convert float infinity to integer") }
            return try truncated(number)
        case .text(let text):
            var digits = text.stripped(leading: true, trailing: true).string
            guard digits.utf8.allSatisfy({ $0 < 0x80 }) else { throw unsupported("the filter `int` of such a text") }
            guard (2...36).contains(base) else { throw unsupported("the filter `int` with base \(base)") }
            let isNegative = digits.hasPrefix("-")
            if isNegative || digits.hasPrefix("+") { digits.removeFirst() }
            let prefix = [2: "0b", 8: "0o", 16: "0x"][base]
            if let prefix, digits.lowercased().hasPrefix(prefix) { digits.removeFirst(2) }
            if Self.areDigits(digits, base) {
                guard let number = Int((isNegative ? "-" : "") + digits.filter { $0 != "_" }, radix: base) else {
                    throw unsupported("an integer beyond 64 bits")
                }
                return .integer(number)
            }
            guard let number = Self.float(text) else { return defaultValue }
            if number.isInfinite { throw failure("OverflowError: cannot convert float infinity to integer") }
            return try truncated(number)
        case .markup: throw unsupported("the filter `int` of a value of type Markup")
        case .undefined(let undefined): throw failure("UndefinedError: \(undefined.message)")
        default: return defaultValue
        }
    }

    /// Digits with at most single underscores between them.
    private static func areDigits(_ text: String, _ base: Int) -> Bool {
        let parts = text.split(separator: "_", omittingEmptySubsequences: false)
        return parts.allSatisfy { part in
            !part.isEmpty
                && part.unicodeScalars.allSatisfy { scalar in
                    scalar.isASCII && (Character(scalar).isNumber || Character(scalar).isLetter)
                        && Int(String(scalar), radix: base) != nil
                }
        }
    }

    /// `float(text)` of Python; `nil` where that is an error.
    private static func float(_ text: TemplateText) -> Double? {
        let trimmed = text.stripped(leading: true, trailing: true).string
        var body = trimmed.lowercased()
        let isNegative = body.hasPrefix("-")
        if isNegative || body.hasPrefix("+") { body.removeFirst() }
        switch body {
        case "inf", "infinity": return isNegative ? -.infinity : .infinity
        case "nan": return .nan
        default: break
        }
        // Swift also reads hexadecimal numbers, Python does not; Python reads single underscores between digits.
        guard body.utf8.allSatisfy({ "0123456789.e+-_".utf8.contains($0) }) else { return nil }
        var digits: [Character] = []
        let characters = Array(body)
        for (index, character) in characters.enumerated() {
            if character == "_" {
                let isBetween =
                    index > 0 && index + 1 < characters.count && characters[index - 1].isNumber
                    && characters[index + 1].isNumber
                if !isBetween { return nil }
            } else {
                digits.append(character)
            }
        }
        var number = String(digits)
        if number.hasPrefix(".") { number = "0" + number }
        if let point = number.firstIndex(of: "."), number.index(after: point) == number.endIndex {
            number.append("0")
        }
        number = number.split(separator: ".e", omittingEmptySubsequences: false).joined(separator: ".0e")
        if ["+", "-"].contains(number.first) { return nil }
        return Double(number).map { isNegative ? -$0 : $0 }
    }

    private func rounded(
        _ value: TemplateValue, _ precision: TemplateValue?, _ method: String
    ) throws(TemplateError) -> TemplateValue {
        let digits = try integer(precision, "round") ?? 0
        guard ["common", "ceil", "floor"].contains(method) else {
            throw failure("the filter `round` has no method `\(method)`")
        }
        guard (0...100).contains(digits) else { throw unsupported("the filter `round` to \(digits) digits") }
        let number: Double
        switch value {
        case .float(let value): number = value
        case .integer, .bool:
            let whole = try combine(value, .add, .integer(0))
            if method == "common" { return whole }
            guard case .integer(let exact) = whole, exact.magnitude <= 1 << 53 else {
                throw unsupported("the filter `round` of an integer beyond 53 bits")
            }
            number = Double(exact)
        case .undefined(let undefined): throw failure("UndefinedError: \(undefined.message)")
        default: throw failure("TypeError: type \(value.typeName) doesn't define __round__ method")
        }
        guard number.isFinite else { return value }
        if method == "common" { return .float(Double(Self.printed(number, digits, "f")) ?? number) }
        guard case .float(let factor) = try combine(.float(10), .power, .integer(digits)) else { return value }
        let scaled = number * factor
        return .float((method == "ceil" ? scaled.rounded(.up) : scaled.rounded(.down)) / factor)
    }
}
