import Primitives

/// What Python's `json.dumps` writes with other arguments than `ensure_ascii=False` alone, which is
/// ``JSONValue/pythonText``.
extension JSONValue {
    /// `json.dumps(value)`: everything but printable ASCII escaped.
    var asciiPythonText: String {
        let digits = Array("0123456789abcdef".utf8)
        var bytes: [UInt8] = []
        for scalar in pythonText.unicodeScalars {
            if scalar.value < 0x7F {
                bytes.append(UInt8(scalar.value))
                continue
            }
            for unit in String(scalar).utf16 {
                bytes += [UInt8(ascii: "\\"), UInt8(ascii: "u")]
                for shift in [12, 8, 4, 0] { bytes.append(digits[Int(unit >> shift) & 15]) }
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// `json.dumps(value, ensure_ascii=False, indent=4)`, as the filter `tojson(indent=4)` of chat templates has it.
    var indentedPythonText: String {
        var text = ""
        writeIndented(to: &text, depth: 0)
        return text
    }

    private func writeIndented(to text: inout String, depth: Int) {
        func breakLine(_ depth: Int) { text += "\n" + String(repeating: " ", count: 4 * depth) }
        switch self {
        case .array(let elements) where !elements.isEmpty:
            text += "["
            for (index, element) in elements.enumerated() {
                if index > 0 { text += "," }
                breakLine(depth + 1)
                element.writeIndented(to: &text, depth: depth + 1)
            }
            breakLine(depth)
            text += "]"
        case .object(let object) where !object.isEmpty:
            text += "{"
            for (index, member) in object.members.enumerated() {
                if index > 0 { text += "," }
                breakLine(depth + 1)
                text += JSONValue.string(member.key).pythonText + ": "
                member.value.writeIndented(to: &text, depth: depth + 1)
            }
            breakLine(depth)
            text += "}"
        default: text += pythonText
        }
    }
}
