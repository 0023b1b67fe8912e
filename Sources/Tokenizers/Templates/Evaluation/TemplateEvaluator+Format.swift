#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// `str.format` of Python, and what it shares with `%`.
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

    func specification(_ text: TemplateText) throws(TemplateError) -> FormatSpecification {
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

    func sign(_ isNegative: Bool, _ specification: FormatSpecification) -> String {
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
