import Primitives

/// One line of `medresearcher score`: a gold, a prediction, and how to compare them.
public struct ScoreCase: Sendable {
    public var id: JSONValue?
    /// The name of an answer type or of a preset; `nil` infers the type from the gold.
    public var typeName: String?
    /// The gold as written: a string or number, an array of equally right ones, or an object for types that have one.
    public var gold: JSONValue
    public var prediction: JSONValue
    public var policy: JSONObject
    public var question: String?
    /// What somebody else says that the outcome should be; compared with the verdict where given.
    public var expected: JSONValue?

    public init(
        id: JSONValue? = nil, typeName: String? = nil, gold: JSONValue, prediction: JSONValue, policy: JSONObject = [:],
        question: String? = nil, expected: JSONValue? = nil
    ) {
        self.id = id
        self.typeName = typeName
        self.gold = gold
        self.prediction = prediction
        self.policy = policy
        self.question = question
        self.expected = expected
    }

    /// Reads `{"id"?, "type"?, "gold", "prediction", "policy"?, "question"?, "expected"?}`; other members are ignored,
    /// except `note`, whose members are settings of a preset that is a check.
    public init(json: JSONValue, defaultType: String? = nil) throws(JSONError) {
        guard case .object(let object) = json else {
            throw .unexpected(path: "", expected: "an object with `gold` and `prediction`", found: json.kind)
        }
        guard let gold = object["gold"] else {
            throw .unexpected(path: "gold", expected: "the right answer", found: "nothing")
        }
        guard let prediction = object["prediction"] else {
            throw .unexpected(path: "prediction", expected: "the answer to grade", found: "nothing")
        }
        id = object["id"]
        typeName = try json.optionalString(at: "type") ?? defaultType
        self.gold = gold
        self.prediction = prediction
        question = try json.optionalString(at: "question")
        expected = object["expected"]
        policy = [:]
        if let value = object["policy"], !value.isNull { policy = try json.object(at: "policy") }
        if let name = typeName, case .check? = GradingPresets.named(name)?.method,
            case .object(let note)? = object["note"]
        {
            for (key, value) in note.members where policy[key] == nil { policy[key] = value }
        }
    }
}
