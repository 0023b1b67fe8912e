import Primitives

/// The declared type of an element or of a record's value: a name, or an object of `type` and policy fields.
struct ElementType: Sendable {
    var type: AnswerType
    /// The policy of an object's own; `nil` where only the name stands, and the enclosing policy holds.
    var policy: JSONObject?

    init(_ type: AnswerType, policy: JSONObject? = nil) {
        self.type = type
        self.policy = policy
    }

    init(_ value: JSONValue, field: String) throws(RewardError) {
        if let name = value.stringValue, let type = AnswerType(rawValue: name) {
            self.init(type)
            return
        }
        guard case .object(var policy) = value, let name = policy["type"]?.stringValue,
            let type = AnswerType(rawValue: name)
        else {
            throw .invalidPolicy(
                field: field, found: value.text, expected: "the name of a type, or an object with `type` and its policy"
            )
        }
        policy["type"] = nil
        self.init(type, policy: policy)
    }
}
