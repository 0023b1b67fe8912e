import Primitives

/// `str` and `repr` of Python.
extension TemplateEvaluator {
    /// `str(value)`
    func text(_ value: TemplateValue) throws(TemplateError) -> TemplateText {
        switch value {
        case .text(let text), .markup(let text): text
        case .undefined: TemplateText()
        default: try representation(value)
        }
    }

    /// `repr(value)`
    func representation(_ value: TemplateValue) throws(TemplateError) -> TemplateText {
        var result = TemplateText()
        try represent(value, into: &result)
        return result
    }

    private func represent(_ value: TemplateValue, into result: inout TemplateText) throws(TemplateError) {
        try work.charge(2)
        if result.count > work.budget.textLength { try work.charge(scalars: result.count) }
        switch value {
        case .undefined: result.append("Undefined")
        case .none: result.append("None")
        case .bool(let value): result.append(value ? "True" : "False")
        case .integer(let value): result.append(String(value))
        case .bigInteger(let digits): result.append(digits)
        case .float(let value): result.append(Self.representation(value))
        case .text(let text):
            try work.charge(scalars: text.count)
            result.append(Self.quoted(text))
        case .list(let list): try represent(list.elements, "[", "]", into: &result)
        case .tuple(let tuple):
            try represent(tuple.elements, "(", tuple.elements.count == 1 ? ",)" : ")", into: &result)
        case .dictionary(let dictionary):
            result.append("{")
            for (index, entry) in dictionary.entries.enumerated() {
                if index > 0 { result.append(", ") }
                try represent(entry.key, into: &result)
                result.append(": ")
                try represent(entry.value, into: &result)
            }
            result.append("}")
        case .view(let view) where view.kind != .range:
            result.append(view.kind.rawValue)
            try represent(view.elements.elements, "([", "])", into: &result)
        case .markup, .view, .iterator, .namespace, .macro, .function, .method, .loop:
            throw unsupported("the text of a value of type \(value.typeName)")
        }
    }

    private func represent(
        _ elements: [TemplateValue], _ open: String, _ close: String, into result: inout TemplateText
    ) throws(TemplateError) {
        result.append(open)
        for (index, element) in elements.enumerated() {
            if index > 0 { result.append(", ") }
            try represent(element, into: &result)
        }
        result.append(close)
    }

    static func representation(_ number: Double) -> String {
        guard number.isFinite else { return number.isNaN ? "nan" : number < 0 ? "-inf" : "inf" }
        return JSONValue.number(number).pythonText
    }

    /// A string literal: in single quotes unless that would need an escape and double quotes would not.
    private static func quoted(_ text: TemplateText) -> TemplateText {
        let usesDouble = text.scalars.contains("'") && !text.scalars.contains("\"")
        let quote: Unicode.Scalar = usesDouble ? "\"" : "'"
        var result = TemplateText([quote], .template)
        result.append(
            text.mapping { (_, scalar) -> [Unicode.Scalar] in
                switch scalar {
                case "\\", quote: ["\\", scalar]
                case "\n": ["\\", "n"]
                case "\r": ["\\", "r"]
                case "\t": ["\\", "t"]
                default: isPrintable(scalar) ? [scalar] : Array(escape(scalar).unicodeScalars)
                }
            })
        result.append(quote, .template)
        return result
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        let digits = String(scalar.value, radix: 16)
        let (letter, width) = scalar.value < 0x100 ? ("x", 2) : scalar.value < 0x10000 ? ("u", 4) : ("U", 8)
        return "\\" + letter + String(repeating: "0", count: width - digits.count) + digits
    }

    /// `str.isprintable` of Python.
    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return (0x20..<0x7F).contains(scalar.value) }
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator,
            .spaceSeparator:
            return false
        default: return true
        }
    }
}
