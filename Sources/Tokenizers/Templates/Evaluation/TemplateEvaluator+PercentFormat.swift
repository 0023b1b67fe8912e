import Primitives

/// Python's formatting with `%`.
extension TemplateEvaluator {
    /// - Parameter isSingle: whether the argument is one value, which may also be a dictionary of named values.
    func formatted(
        _ format: TemplateText, _ arguments: TemplateArguments, isSingle: Bool = false
    ) throws(TemplateError) -> TemplateText {
        try work.charge(scalars: format.count)
        var result = TemplateText()
        var used = 0
        var isNamed = false
        var index = 0
        while index < format.count {
            let next = format.scalars[index...].firstIndex(of: "%") ?? format.count
            result.append(format[index..<next])
            index = next + 1
            guard next < format.count else { break }
            var value: TemplateValue?
            if index < format.count, format.scalars[index] == "(" {
                guard let end = format.scalars[index...].firstIndex(of: ")") else {
                    throw failure("ValueError: incomplete format key")
                }
                value = try named(format[index + 1..<end], arguments, isSingle)
                isNamed = true
                index = end + 1
            }
            var specification = try percentSpecification(format, &index)
            guard index < format.count else { throw failure("ValueError: incomplete format") }
            let type = format.scalars[index]
            index += 1
            if type == "%" {
                result.append("%", .template)
                continue
            }
            if value == nil {
                guard used < arguments.positional.count else {
                    throw failure("TypeError: not enough arguments for format string")
                }
                value = arguments.positional[used]
                used += 1
            }
            specification.type = type
            result.append(try percentFormatted(value ?? .none, &specification))
        }
        if !isNamed, used < arguments.positional.count {
            // Python takes whatever has items for named values, of which some may go unused.
            if isSingle {
                switch arguments.positional[0] {
                case .dictionary, .list: return result
                default: break
                }
            }
            throw failure("TypeError: not all arguments converted during string formatting")
        }
        return result
    }

    func named(
        _ name: TemplateText, _ arguments: TemplateArguments, _ isSingle: Bool
    ) throws(TemplateError) -> TemplateValue {
        if let argument = arguments.named.first(where: { name == $0.name }) { return argument.value }
        guard isSingle, case .dictionary(let dictionary) = arguments.positional.first, let value = dictionary[name]
        else { throw failure("KeyError: no value for the format key `\(name.string)`") }
        return value
    }

    private func percentSpecification(
        _ format: TemplateText, _ index: inout Int
    ) throws(TemplateError) -> FormatSpecification {
        var specification = FormatSpecification()
        flags: while index < format.count {
            switch format.scalars[index] {
            case "-": specification.alignment = "<"
            case "0": specification.fill = "0"
            case "+", " ": if specification.sign != "+" { specification.sign = format.scalars[index] }
            case "#": specification.isAlternate = true
            default: break flags
            }
            index += 1
        }
        specification.width = try number(format, &index) ?? 0
        if index < format.count, format.scalars[index] == "." {
            index += 1
            specification.precision = try number(format, &index) ?? 0
        }
        return specification
    }

    func number(_ format: TemplateText, _ index: inout Int) throws(TemplateError) -> Int? {
        var value: Int?
        while index < format.count, ("0"..."9").contains(format.scalars[index]) {
            let next = (value ?? 0) * 10 + Int(format.scalars[index].value - 48)
            try work.charge(scalars: next)
            value = next
            index += 1
        }
        return value
    }

    private func percentFormatted(
        _ value: TemplateValue, _ specification: inout FormatSpecification
    ) throws(TemplateError) -> TemplateText {
        switch specification.type {
        case "s", "r":
            var result = specification.type == "s" ? try text(value) : try representation(value)
            if let precision = specification.precision { result = result[0..<min(precision, result.count)] }
            specification.fill = " "
            return padded(result, specification, ">")
        case "d", "i", "u":
            let number: TemplateValue
            switch value {
            case .float(let value):
                guard let whole = Int(exactly: value.rounded(.towardZero)) else {
                    throw failure("TypeError: %d format: a number is required")
                }
                number = .integer(whole)
            case .integer, .bool: number = value
            default: throw failure("TypeError: %d format: a real number is required, not \(value.typeName)")
            }
            if specification.precision != nil { throw unsupported("a precision of %d") }
            specification.type = "d"
            return try percentNumber(number, specification)
        case "x", "X", "o":
            guard case .integer = value else {
                throw failure("TypeError: %x format: an integer is required, not \(value.typeName)")
            }
            return try percentNumber(value, specification)
        case "f", "F", "e", "E", "g", "G":
            switch value {
            case .float, .integer, .bool: return try percentNumber(value, specification)
            default: throw failure("TypeError: must be real number, not \(value.typeName)")
            }
        default: throw unsupported("the format %\(specification.type.map { String($0) } ?? "")")
        }
    }

    private func percentNumber(
        _ value: TemplateValue, _ specification: FormatSpecification
    ) throws(TemplateError) -> TemplateText {
        var specification = specification
        if specification.alignment == "<" {
            specification.fill = " "
        } else if specification.fill == "0" {
            specification.alignment = "="
        }
        return try formatted(value, specification)
    }

    func padded(
        _ text: TemplateText, _ specification: FormatSpecification, _ alignment: Unicode.Scalar
    ) -> TemplateText {
        let missing = specification.width - text.count
        if missing <= 0 { return text }
        func fill(_ count: Int) -> TemplateText {
            TemplateText(Array(repeating: specification.fill, count: count), .template)
        }
        var result = TemplateText()
        switch specification.alignment ?? alignment {
        case "<":
            result.append(text)
            result.append(fill(missing))
        case "^":
            result.append(fill(missing / 2))
            result.append(text)
            result.append(fill(missing - missing / 2))
        case "=":
            let signCount = ["-", "+", " "].contains(text.scalars.first) ? 1 : 0
            result.append(text[0..<signCount])
            result.append(fill(missing))
            result.append(text[signCount..<text.count])
        default:
            result.append(fill(missing))
            result.append(text)
        }
        return result
    }
}
