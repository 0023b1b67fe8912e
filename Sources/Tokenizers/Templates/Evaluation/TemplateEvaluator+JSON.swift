import Primitives

/// `json.dumps` of Python.
extension TemplateEvaluator {
    struct JSONStyle {
        var ensuresASCII = false
        /// What one level of nesting is indented by; everything on one line if there is none.
        var indent: TemplateText?
        var itemSeparator = TemplateText(", ")
        var keySeparator = TemplateText(": ")
        var sortsKeys = false
    }

    /// The filter `tojson` as transformers defines it.
    func json(_ value: TemplateValue, _ arguments: TemplateArguments) throws(TemplateError) -> TemplateValue {
        let values = try arguments.bound(
            to: ["ensure_ascii", "indent", "separators", "sort_keys"], of: "tojson", work)
        var style = JSONStyle()
        if let value = values[0] { style.ensuresASCII = try isTrue(value) }
        switch values[1] {
        case nil, .some(.none): break
        case .integer(let width):
            try work.charge(scalars: max(0, width))
            style.indent = TemplateText(String(repeating: " ", count: max(0, width)))
        case .text(let text): style.indent = text
        default: throw unsupported("`tojson` with an indent that is neither a number nor a text")
        }
        if style.indent != nil { style.itemSeparator = TemplateText(",") }
        if let separators = values[2], !separators.isNone {
            let parts = try elements(of: separators)
            guard parts.count == 2, case .text(let item) = parts[0], case .text(let key) = parts[1] else {
                throw failure("TypeError: `tojson` needs two texts as separators")
            }
            style.itemSeparator = item
            style.keySeparator = key
        }
        if let value = values[3] { style.sortsKeys = try isTrue(value) }
        var result = TemplateText()
        try writeJSON(value, style, level: 0, into: &result)
        return .text(result)
    }

    private func writeJSON(
        _ value: TemplateValue, _ style: JSONStyle, level: Int, into result: inout TemplateText
    ) throws(TemplateError) {
        try work.charge(2)
        if result.count > work.budget.textLength { try work.charge(scalars: result.count) }
        switch value {
        case .none: result.append("null")
        case .bool(let value): result.append(value ? "true" : "false")
        case .integer(let value): result.append(String(value))
        case .bigInteger(let digits): result.append(digits)
        case .float(let value): result.append(JSONValue.number(value).pythonText)
        case .text(let text), .markup(let text): try writeJSON(text, style, into: &result)
        case .list(let list), .tuple(let list):
            try writeJSON(list.elements, "[", "]", style, level, into: &result) {
                (element, result) throws(TemplateError) in
                try writeJSON(element, style, level: level + 1, into: &result)
            }
        case .dictionary(let dictionary):
            var entries = dictionary.entries
            if style.sortsKeys {
                let order = try sorted((0..<entries.count).map { .integer($0) }) { (index) throws(TemplateError) in
                    guard case .integer(let index) = index else { return .none }
                    return entries[index].key
                }
                entries = order.compactMap { if case .integer(let index) = $0 { entries[index] } else { nil } }
            }
            try writeJSON(entries, "{", "}", style, level, into: &result) { (entry, result) throws(TemplateError) in
                try writeJSON(try key(entry.key), style, into: &result)
                result.append(style.keySeparator)
                try writeJSON(entry.value, style, level: level + 1, into: &result)
            }
        default: throw failure("TypeError: Object of type \(value.typeName) is not JSON serializable")
        }
    }

    private func key(_ key: TemplateValue) throws(TemplateError) -> TemplateText {
        switch key {
        case .text(let text): text
        case .none: TemplateText("null")
        case .bool(let value): TemplateText(value ? "true" : "false")
        case .integer(let value): TemplateText(String(value))
        case .float(let value): TemplateText(JSONValue.number(value).pythonText)
        default: throw failure("TypeError: keys must be str, int, float, bool or None, not \(key.typeName)")
        }
    }

    private func writeJSON<Element>(
        _ elements: [Element], _ open: String, _ close: String, _ style: JSONStyle, _ level: Int,
        into result: inout TemplateText,
        _ write: (Element, inout TemplateText) throws(TemplateError) -> Void
    ) throws(TemplateError) {
        result.append(open)
        func breakLine(_ level: Int) throws(TemplateError) {
            guard let indent = style.indent else { return }
            try work.charge(scalars: indent.count * level)
            result.append("\n")
            for _ in 0..<level { result.append(indent) }
        }
        for (index, element) in elements.enumerated() {
            if index > 0 { result.append(style.itemSeparator) }
            try breakLine(level + 1)
            try write(element, &result)
        }
        if !elements.isEmpty { try breakLine(level) }
        result.append(close)
    }

    private func writeJSON(
        _ text: TemplateText, _ style: JSONStyle, into result: inout TemplateText
    ) throws(TemplateError) {
        try work.charge(scalars: text.count)
        result.append("\"")
        let needsEscapes = text.scalars.contains { scalar in
            scalar.value < 0x20 || scalar == "\"" || scalar == "\\" || style.ensuresASCII && scalar.value >= 0x7F
        }
        result.append(
            !needsEscapes
                ? text : text.mapping { _, scalar in Self.jsonEscape(scalar, ensuresASCII: style.ensuresASCII) })
        result.append("\"")
    }

    private static func jsonEscape(_ scalar: Unicode.Scalar, ensuresASCII: Bool) -> [Unicode.Scalar] {
        switch scalar {
        case "\"", "\\": return ["\\", scalar]
        case "\n": return ["\\", "n"]
        case "\r": return ["\\", "r"]
        case "\t": return ["\\", "t"]
        case "\u{8}": return ["\\", "b"]
        case "\u{c}": return ["\\", "f"]
        default:
            if scalar.value >= 0x20, !ensuresASCII || scalar.value < 0x7F { return [scalar] }
            return String(scalar).utf16.flatMap { unit in
                let digits = String(unit, radix: 16)
                return Array(("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).unicodeScalars)
            }
        }
    }
}
