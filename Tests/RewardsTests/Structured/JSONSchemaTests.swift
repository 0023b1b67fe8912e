import Primitives
import Testing

@testable import Rewards

@Suite struct JSONSchemaTests {
    private func problem(_ text: String, _ schema: JSONValue) throws -> String? {
        var work = Work()
        return try JSONSchema(schema).problem(with: StrictJSONParser.parse(Array(text.utf8)), work: &work)
    }

    private static let person: JSONValue = [
        "type": "object", "required": ["name"], "additionalProperties": false,
        "properties": [
            "name": ["type": "string", "minLength": 1, "maxLength": 4],
            "age": ["type": "integer", "minimum": 0, "exclusiveMaximum": 150],
            "tags": ["type": "array", "items": ["enum": ["a", "b"]], "maxItems": 2, "uniqueItems": true],
            "child": ["$ref": "#"],
            "note": ["anyOf": [["type": "null"], ["$ref": "#/$defs/note"]]],
        ],
        "$defs": ["note": ["const": "n"]],
    ]

    @Test(arguments: [
        "{\"name\":\"Ann\"}", "{\"name\":\"Ann\",\"age\":1.0}", "{\"name\":\"é\",\"tags\":[\"a\",\"b\"]}",
        "{\"name\":\"A\",\"child\":{\"name\":\"B\",\"child\":{\"name\":\"C\"}}}", "{\"name\":\"A\",\"note\":null}",
        "{\"name\":\"A\",\"note\":\"n\"}",
    ])
    func `valid values`(text: String) throws { #expect(try problem(text, Self.person) == nil) }

    @Test(arguments: [
        ("[]", "$"), ("{}", "$"), ("{\"name\":1}", "$.name"), ("{\"name\":\"\"}", "$.name"),
        ("{\"name\":\"Annie\"}", "$.name"), ("{\"name\":\"A\",\"age\":-1}", "$.age"),
        ("{\"name\":\"A\",\"age\":150}", "$.age"), ("{\"name\":\"A\",\"age\":1.5}", "$.age"),
        ("{\"name\":\"A\",\"tags\":[\"a\",\"c\"]}", "$.tags[1]"), ("{\"name\":\"A\",\"tags\":[\"a\",\"a\"]}", "$.tags"),
        ("{\"name\":\"A\",\"x\":1}", "$.x"), ("{\"name\":\"A\",\"child\":{\"name\":2}}", "$.child.name"),
        ("{\"name\":\"A\",\"note\":\"m\"}", "$.note"),
    ])
    func `a problem names the path`(text: String, path: String) throws {
        #expect(try problem(text, Self.person)?.hasPrefix("at \(path):") == true)
    }

    @Test(arguments: [("1", false), ("2", true), ("3", true), ("6", false), ("7", false)])
    func `combinations`(text: String, isValid: Bool) throws {
        let schema: JSONValue = [
            "allOf": [["type": "integer"], ["minimum": 2]], "oneOf": [["maximum": 4], ["minimum": 6]],
            "not": ["minimum": 6],
        ]
        #expect((try problem(text, schema) == nil) == isValid)
    }

    @Test(
        arguments: [
            ["pattern": "a"], ["type": "int"], ["$ref": "other.json"], ["$ref": "#/$defs/none"], ["minItems": -1],
            ["minimum": "1"], ["items": 3],
        ] as [JSONValue])
    func `a schema that cannot be checked is a policy error`(schema: JSONValue) {
        #expect(throws: RewardError.self) { try JSONSchema(schema) }
    }

    @Test func `a reference to itself ends`() throws {
        #expect(throws: AnswerProblem.self) { try problem("1", ["$ref": "#"]) }
    }

    @Test func `a broken schema makes the answer malformed`() throws {
        let probe = try CollectionProbe(.json, ["schema": ["type": "array"]])
        #expect(try probe.value("[1]").text == "[1]")
        #expect(throws: AnswerProblem.self) { try probe.value("1") }
    }
}
