import Primitives

extension JSONValue {
    /// What Python's `json.dumps(value, ensure_ascii=False, indent=4)` writes, as the filter `tojson(indent=4)` of chat
    /// templates does.
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
