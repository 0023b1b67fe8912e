import Primitives

/// One parameter of a tool: what its JSON schema says and what its values are checked against.
public struct ToolParameter: Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
        /// A text of at most that many characters.
        case text(maximumLength: Int = 2000)
        case integer(ClosedRange<Int>)
        case number(ClosedRange<Double>)
        case boolean
        /// One of these words.
        case choice([String])
        /// At least one and at most that many texts.
        case texts(maximumCount: Int)
    }

    public var name: String
    /// For the policy, as a sentence.
    public var description: String
    public var kind: Kind
    public var isRequired: Bool

    public init(_ name: String, _ kind: Kind, _ description: String, isRequired: Bool = true) {
        self.name = name
        self.description = description
        self.kind = kind
        self.isRequired = isRequired
    }

    /// The parameter's part of `properties` in a JSON schema.
    var schema: JSONValue {
        var object: JSONObject =
            switch kind {
            case .text(let maximumLength): ["type": "string", "maxLength": .integer(maximumLength)]
            case .integer(let range):
                [
                    "type": "integer", "minimum": .integer(range.lowerBound), "maximum": .integer(range.upperBound),
                ]
            case .number(let range):
                ["type": "number", "minimum": .number(range.lowerBound), "maximum": .number(range.upperBound)]
            case .boolean: ["type": "boolean"]
            case .choice(let words): ["type": "string", "enum": .array(words.map { .string($0) })]
            case .texts(let maximumCount):
                [
                    "type": "array", "items": ["type": "string"], "minItems": 1, "maxItems": .integer(maximumCount),
                ]
            }
        object["description"] = .string(description)
        return .object(object)
    }

    /// The schema of a tool with these parameters.
    public static func schema(of parameters: [ToolParameter]) -> JSONValue {
        var properties = JSONObject()
        for parameter in parameters { properties[parameter.name] = parameter.schema }
        return [
            "type": "object", "properties": .object(properties),
            "required": .array(parameters.filter(\.isRequired).map { .string($0.name) }),
        ]
    }
}
