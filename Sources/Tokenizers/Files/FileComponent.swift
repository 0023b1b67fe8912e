import Primitives

/// One value of a tokenizer file together with its JSON path, so that a refusal names the place.
struct FileComponent {
    let file: String
    /// Empty for the whole file.
    let path: String
    /// `nil` when the member is missing.
    let value: JSONValue?

    subscript(key: String) -> FileComponent {
        FileComponent(file: file, path: path.isEmpty ? key : "\(path).\(key)", value: value?[key])
    }

    /// Whether the member is missing or null.
    var isAbsent: Bool { value.map(\.isNull) ?? true }

    func require(_ wanted: JSONValue) throws(TokenizerError) {
        guard value == wanted else { throw unsupported(wanted.text) }
    }

    /// For members that may also be missing or null.
    func requireIfPresent(_ wanted: JSONValue...) throws(TokenizerError) {
        guard isAbsent || wanted.contains(where: { $0 == value }) else {
            throw unsupported((["null"] + wanted.map(\.text)).joined(separator: " or "))
        }
    }

    /// Refuses a value that is no object, that is of another type, or that has members beyond these.
    func require(type: String?, members: Set<String>) throws(TokenizerError) {
        let expected = type.map { "a component of type \"\($0)\"" } ?? "an object"
        guard let object = value?.objectValue else { throw unsupported(expected) }
        if let type, object["type"] != .string(type) { throw unsupported(expected) }
        for key in object.keys where key != "type" && !members.contains(key) {
            throw self[key].unsupported("no such member")
        }
    }

    func unsupported(_ expected: String) -> TokenizerError {
        .unsupported(file: file, component: path.isEmpty ? "(the whole file)" : path, found: found, expected: expected)
    }

    private var found: String {
        guard let value else { return "nothing" }
        if let type = value["type"]?.stringValue { return "a component of type \"\(type)\"" }
        switch value {
        case .object, .array: return value.kind
        default: break
        }
        let text = value.text
        return text.count <= 120 ? text : text.prefix(120) + "…"
    }
}
