import Primitives

/// The right answer of a question, with the type and the policy that say when an answer is equal to it.
public struct Gold: Sendable, Hashable {
    public var type: AnswerType
    public var value: String
    /// Other texts that are equally right, for example an entity's synonyms.
    public var aliases: [String]
    /// Fields of the type's policy and of the extraction, one flat object; see `README.md` of this room.
    public var policy: JSONObject

    public init(type: AnswerType, value: String, aliases: [String] = [], policy: JSONObject = [:]) {
        self.type = type
        self.value = value
        self.aliases = aliases
        self.policy = policy
    }

    /// Checks, before any answer is graded, that the policy holds and that the value and every alias have a canonical
    /// value.
    public func validate() throws(RewardError) { _ = try PreparedGold(self) }

    /// `{"type", "value", "aliases", "policy"?}`.
    public var json: JSONValue {
        var object: JSONObject = [
            "type": .string(type.rawValue), "value": .string(value),
            "aliases": .array(aliases.map { .string($0) }),
        ]
        if !policy.isEmpty { object["policy"] = .object(policy) }
        return .object(object)
    }

    public init(json: JSONValue) throws(JSONError) {
        type = try json.rawValue(at: "type")
        value = try json.string(at: "value")
        aliases = json["aliases"] == nil ? [] : try json.strings(at: "aliases")
        policy = json["policy"] == nil ? [:] : try json.object(at: "policy")
    }
}
