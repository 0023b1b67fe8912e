/// The one form of a tool call: an object of `arguments` and `name`.
///
/// Providers wrap a call in `{"type": "function", "function": {…}}`, give it an identifier, and some hold the arguments
/// as a string of JSON; none of that says what is called.
enum ToolCallForm {
    private static let outerKeys = ["function", "id", "index", "type"].map { Array($0.utf8) }
    private static let callKeys = ["arguments", "id", "index", "name", "type"].map { Array($0.utf8) }

    /// A call, or an array of calls whose order counts.
    static func canonical(
        _ value: JSONNode, options: StrictJSONParser.Options
    ) throws(AnswerProblem) -> JSONNode {
        guard case .array(let calls) = value else { return try call(value, options: options) }
        guard !calls.isEmpty else { throw .malformed("expected a tool call, found an empty array") }
        var forms: [JSONNode] = []
        for element in calls { forms.append(try call(element, options: options)) }
        return .array(forms)
    }

    private static func call(
        _ value: JSONNode, options: StrictJSONParser.Options
    ) throws(AnswerProblem) -> JSONNode {
        guard case .object(var members) = value else {
            throw .malformed("expected a tool call as an object, found \(value.kind)")
        }
        if let function = value["function"] {
            guard case .object(let inner) = function else {
                throw .malformed("expected an object at `function`, found \(function.kind)")
            }
            try refuseOthers(in: members, than: outerKeys)
            members = inner
        }
        try refuseOthers(in: members, than: callKeys)
        guard case .string(let name)? = JSONNode.value(of: Array("name".utf8), in: members), !name.isEmpty else {
            throw .malformed("expected the tool's name as a string at `name`, found none")
        }
        var arguments = JSONNode.value(of: Array("arguments".utf8), in: members) ?? .object([])
        if case .string(let text) = arguments { arguments = try StrictJSONParser.parse(text, options: options) }
        guard case .object = arguments else {
            throw .malformed("expected an object at `arguments`, found \(arguments.kind)")
        }
        return .object([
            JSONNode.Member(key: Array("arguments".utf8), value: arguments),
            JSONNode.Member(key: Array("name".utf8), value: .string(name)),
        ])
    }

    private static func refuseOthers(
        in members: [JSONNode.Member], than known: [[UInt8]]
    ) throws(AnswerProblem) {
        for member in members where !known.contains(member.key) {
            let key = String(decoding: member.key, as: UTF8.self)
            throw .malformed("expected a tool call's name and arguments, found the key `\(key)`")
        }
    }
}
