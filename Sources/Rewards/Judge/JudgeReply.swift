import Primitives

/// Reads a judge's reply: one JSON object with exactly the expected members, and no text around it.
enum JudgeReply {
    /// `nil` for the problem means that the reply is as it should be.
    struct Problem: Error {
        var text: String
    }

    static let verdictSchema: JSONValue = [
        "type": "object",
        "properties": [
            "verdict": ["type": "string", "enum": ["correct", "incorrect"]], "reason": ["type": "string"],
        ],
        "required": ["verdict", "reason"], "additionalProperties": false,
    ]

    static func verdict(_ reply: String) throws(Problem) -> (isCorrect: Bool, reason: String) {
        let object = try object(reply, keys: ["verdict", "reason"])
        guard let reason = object["reason"]?.stringValue else { throw Problem(text: "`reason` is no string") }
        switch object["verdict"]?.stringValue {
        case "correct": return (true, reason)
        case "incorrect": return (false, reason)
        default: throw Problem(text: "`verdict` is neither \"correct\" nor \"incorrect\"")
        }
    }

    static func rubricSchema(_ identifiers: [String]) -> JSONValue {
        [
            "type": "object",
            "properties": [
                "criteria": [
                    "type": "array", "minItems": .integer(identifiers.count), "maxItems": .integer(identifiers.count),
                    "items": [
                        "type": "object",
                        "properties": [
                            "id": ["type": "string", "enum": .array(identifiers.map { .string($0) })],
                            "met": ["type": "boolean"], "reason": ["type": "string"],
                        ],
                        "required": ["id", "met", "reason"], "additionalProperties": false,
                    ],
                ]
            ],
            "required": ["criteria"], "additionalProperties": false,
        ]
    }

    /// Whether each criterion is met, in the order of `identifiers`.
    static func rubric(_ reply: String, _ identifiers: [String]) throws(Problem) -> [Bool] {
        guard let elements = try object(reply, keys: ["criteria"])["criteria"]?.arrayValue else {
            throw Problem(text: "`criteria` is no array")
        }
        var met: [String: Bool] = [:]
        for element in elements {
            guard case .object(let criterion) = element else { throw Problem(text: "a criterion is no object") }
            try check(criterion, keys: ["id", "met", "reason"])
            guard let identifier = criterion["id"]?.stringValue, identifiers.contains(identifier) else {
                throw Problem(text: "the criterion \(criterion["id"]?.text ?? "") was not asked for")
            }
            guard let isMet = criterion["met"]?.boolValue, criterion["reason"]?.stringValue != nil else {
                throw Problem(text: "the criterion `\(identifier)` has no boolean `met` and string `reason`")
            }
            guard met.updateValue(isMet, forKey: identifier) == nil else {
                throw Problem(text: "the criterion `\(identifier)` stands twice")
            }
        }
        var inOrder: [Bool] = []
        for identifier in identifiers {
            guard let isMet = met[identifier] else {
                throw Problem(text: "the criterion `\(identifier)` is missing")
            }
            inOrder.append(isMet)
        }
        return inOrder
    }

    private static func object(_ reply: String, keys: [String]) throws(Problem) -> JSONObject {
        let value: JSONValue
        do throws(JSONError) {
            value = try JSONValue.parse(reply)
        } catch {
            throw Problem(text: "\(error)")
        }
        guard case .object(let object) = value else { throw Problem(text: "the reply is \(value.kind), no object") }
        try check(object, keys: keys)
        return object
    }

    private static func check(_ object: JSONObject, keys: [String]) throws(Problem) {
        if let unknown = object.keys.first(where: { !keys.contains($0) }) {
            throw Problem(text: "the member `\(unknown)` is unknown")
        }
        if let missing = keys.first(where: { object[$0] == nil }) {
            throw Problem(text: "the member `\(missing)` is missing")
        }
    }
}
