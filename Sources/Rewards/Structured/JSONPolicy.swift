import Primitives

/// How JSON answers are read and compared.
struct JSONPolicy: Sendable {
    /// `duplicate_keys`: `refuse` or `last`.
    var duplicateKeys = StrictJSONParser.DuplicateKeys.refuse
    /// `schema`: what both sides must satisfy.
    var schema: JSONSchema?
    /// `tool_call`: whether the answer is a call, or an array of calls, of which name and arguments count.
    var isToolCall = false
    /// `code_fence`: whether one Markdown fence around the text is taken off.
    var allowsCodeFence = false

    init() {}

    init(_ fields: inout PolicyFields) throws(RewardError) {
        duplicateKeys = try fields.choice("duplicate_keys", default: .refuse)
        if let schema = fields.json("schema") { self.schema = try JSONSchema(schema) }
        isToolCall = try fields.bool("tool_call")
        allowsCodeFence = try fields.bool("code_fence")
    }
}
