#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// `str % values` and `str.format` of Python.
extension TemplateEvaluator {
    /// How a value is to be written.
    struct FormatSpecification {
        var fill: Unicode.Scalar = " "
        var alignment: Unicode.Scalar?
        var sign: Unicode.Scalar = "-"
        var isAlternate = false
        var width = 0
        var groupsThousands = false
        var precision: Int?
        var type: Unicode.Scalar?
    }

    // MARK: %

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

    private func named(
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

    private func number(_ format: TemplateText, _ index: inout Int) throws(TemplateError) -> Int? {
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

    private func padded(
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

    // MARK: str.format

    func formatted(_ format: TemplateText, fields arguments: TemplateArguments) throws(TemplateError) -> TemplateText {
        try work.charge(scalars: format.count)
        var result = TemplateText()
        var automatic = 0
        var index = 0
        while index < format.count {
            let scalar = format.scalars[index]
            let isDoubled = index + 1 < format.count && format.scalars[index + 1] == scalar
            if scalar != "{" && scalar != "}" || isDoubled {
                result.append(scalar, format.origin(at: index))
                index += isDoubled && (scalar == "{" || scalar == "}") ? 2 : 1
                continue
            }
            guard scalar == "{", let end = format.scalars[index...].firstIndex(of: "}") else {
                throw failure("ValueError: single '\(scalar)' in a format string")
            }
            let field = format[index + 1..<end]
            if field.scalars.contains("{") || field.scalars.contains("!") {
                throw unsupported("the format field `{\(field.string)}`")
            }
            index = end + 1
            let colon = field.scalars.firstIndex(of: ":") ?? field.count
            let value = try self.field(field[0..<colon], arguments, &automatic)
            let specification = try self.specification(field[min(colon + 1, field.count)..<field.count])
            result.append(try formatted(value, specification))
        }
        return result
    }

    private func field(
        _ path: TemplateText, _ arguments: TemplateArguments, _ automatic: inout Int
    ) throws(TemplateError) -> TemplateValue {
        if path.scalars.contains(where: { $0 == "." || $0 == "[" }) {
            throw unsupported("the format field `{\(path.string)}`")
        }
        let name = path.string
        if let position = name.isEmpty ? automatic : Int(name) {
            if name.isEmpty { automatic += 1 } else { automatic = automatic > 0 ? .max : .min }
            guard arguments.positional.indices.contains(position) else {
                throw failure("IndexError: replacement index \(position) out of range")
            }
            if automatic == .max { throw failure("ValueError: automatic and manual field numbering mixed") }
            return arguments.positional[position]
        }
        guard let argument = arguments.named.first(where: { $0.name == name }) else {
            throw failure("KeyError: no value for the format field `\(name)`")
        }
        return argument.value
    }

    private func specification(_ text: TemplateText) throws(TemplateError) -> FormatSpecification {
        var specification = FormatSpecification()
        var index = 0
        func at(_ position: Int) -> Unicode.Scalar? { position < text.count ? text.scalars[position] : nil }
        func isAlignment(_ scalar: Unicode.Scalar?) -> Bool {
            scalar.map { ["<", ">", "=", "^"].contains($0) } ?? false
        }
        if isAlignment(at(1)) {
            specification.fill = text.scalars[0]
            specification.alignment = at(1)
            index = 2
        } else if isAlignment(at(0)) {
            specification.alignment = at(0)
            index = 1
        }
        if let sign = at(index), ["+", "-", " "].contains(sign) {
            specification.sign = sign
            index += 1
        }
        if at(index) == "0", specification.alignment == nil {
            specification.fill = "0"
            specification.alignment = "="
            index += 1
        }
        specification.width = try number(text, &index) ?? 0
        if at(index) == "," {
            specification.groupsThousands = true
            index += 1
        }
        if at(index) == "." {
            index += 1
            guard let precision = try number(text, &index) else { throw failure("ValueError: no precision") }
            specification.precision = precision
        }
        if let type = at(index) {
            specification.type = type
            index += 1
        }
        if index < text.count { throw unsupported("the format specification `\(text.string)`") }
        return specification
    }

    func formatted(
        _ value: TemplateValue, _ specification: FormatSpecification
    ) throws(TemplateError) -> TemplateText {
        let isPlain =
            specification.type == nil && specification.width == 0 && specification.precision == nil
            && !specification.groupsThousands && specification.sign == "-" && specification.alignment == nil
        switch value {
        case .text(let text):
            guard specification.type == nil || specification.type == "s", !specification.groupsThousands,
                specification.sign == "-", specification.alignment != "="
            else { throw failure("ValueError: a format specification that is not for texts") }
            return padded(text[0..<min(specification.precision ?? .max, text.count)], specification, "<")
        case .bool(let flag):
            return isPlain ? try text(value) : try formatted(.integer(flag ? 1 : 0), specification)
        case .integer(let number): return padded(try digits(number, specification), specification, ">")
        case .float(let number):
            if isPlain { return try text(value) }
            return padded(try digits(number, specification), specification, ">")
        default:
            guard isPlain else { throw failure("TypeError: a format specification for \(value.typeName)") }
            return try text(value)
        }
    }

    private func digits(_ number: Int, _ specification: FormatSpecification) throws(TemplateError) -> TemplateText {
        var digits: String
        switch specification.type {
        case nil, "d", "n":
            if specification.precision != nil { throw failure("ValueError: precision not allowed for integers") }
            digits = String(number.magnitude)
        case "x": digits = String(number.magnitude, radix: 16)
        case "X": digits = String(number.magnitude, radix: 16, uppercase: true)
        case "o": digits = String(number.magnitude, radix: 8)
        case "b": digits = String(number.magnitude, radix: 2)
        case "e", "E", "f", "F", "g", "G", "%":
            guard number.magnitude <= 1 << 53 else { throw unsupported("an integer beyond 53 bits as a float") }
            return try self.digits(Double(number), specification)
        default: throw failure("ValueError: unknown format code for int")
        }
        if specification.isAlternate { throw unsupported("the alternate form of a format") }
        if specification.groupsThousands { digits = try grouped(digits, specification) }
        return TemplateText(sign(number < 0, specification) + digits)
    }

    private func digits(
        _ number: Double, _ specification: FormatSpecification
    ) throws(TemplateError) -> TemplateText {
        guard number.isFinite, !specification.isAlternate else { throw unsupported("this format of a float") }
        var digits: String
        let precision = specification.precision ?? 6
        let magnitude = number.magnitude
        switch specification.type {
        case "f", "F", "e", "E", "g", "G":
            digits = Self.printed(magnitude, precision, specification.type ?? "f")
        case "%": digits = Self.printed(magnitude * 100, precision, "f") + "%"
        case nil where specification.precision == nil: digits = Self.representation(magnitude)
        default: throw unsupported("this format of a float")
        }
        if specification.groupsThousands {
            let whole = digits.prefix { $0.isASCII && $0.isNumber }
            digits = try grouped(String(whole), specification) + digits.dropFirst(whole.count)
        }
        return TemplateText(sign(number.sign == .minus, specification) + digits)
    }

    private func sign(_ isNegative: Bool, _ specification: FormatSpecification) -> String {
        isNegative ? "-" : specification.sign == "-" ? "" : String(specification.sign)
    }

    private func grouped(_ digits: String, _ specification: FormatSpecification) throws(TemplateError) -> String {
        if specification.fill == "0" { throw unsupported("zeros among groups of digits") }
        var result = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { result += "," }
            result.append(digit)
        }
        return result
    }

    /// As C's `printf` writes a number, which rounds correctly.
    static func printed(_ number: Double, _ precision: Int, _ type: Unicode.Scalar) -> String {
        let format = "%.\(min(precision, 400))\(type)"
        var buffer = [CChar](repeating: 0, count: 1200)
        let count = withVaList([number]) { vsnprintf(&buffer, buffer.count, format, $0) }
        let bytes = buffer.prefix(max(0, min(Int(count), buffer.count - 1))).map { UInt8(bitPattern: $0) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
