import Primitives
import Testing

@testable import Tokenizers

@Suite("Tool schemas in the gpt-oss template")
struct HarmonyTypeScriptTests {
    private func namespace(_ schema: String, required: JSONValue = ["p"]) throws -> String {
        let parameters: JSONValue = [
            "type": "object", "properties": ["p": try JSONValue.parse(schema)], "required": required,
        ]
        let tool = ToolDescription(name: "t", description: "D", parameters: parameters)
        return try HarmonyTypeScript.namespace("functions", of: [tool.json])
    }

    @Test(
        "The type of a parameter, as Jinja prints it",
        arguments: [
            (#"{"type": "array"}"#, "any[]"),
            (#"{"type": "array", "nullable": true}"#, "any[] | null"),
            (#"{"type": "array", "items": {"type": "integer"}, "nullable": true}"#, "number[] | null"),
            (#"{"type": "array", "items": {"type": "array", "items": {"type": "string"}}}"#, "string[][]"),
            (#"{"type": "array", "items": {"type": ["object", "object"]}}"#, "any[]"),
            (#"{"type": "array", "items": {"type": "string", "enum": ["a"]}}"#, "string[]"),
            (
                #"{"type": "array", "items": {"type": "object", "properties": {"a": {"type": "string"}}}}"#,
                "{\na?: \n                string}[]"
            ),
            (
                #"""
                {"type": "array", "items": {"type": "object", "properties": {"a": {"type": "string"}, "b": \#
                {"type": "number"}}}}
                """#, "any[]"
            ),
            (#"{"type": ["string", "null"]}"#, "string | null"),
            (#"{"type": ["integer"]}"#, "integer"),
            (#"{"type": ["string", null, true, 1.5]}"#, "string | None | True | 1.5"),
            (#"{"type": []}"#, "any"),
            (
                #"{"oneOf": [{"type": "string"}, {"type": "number", "description": "how many", "default": 1e-05}]}"#,
                "string | \nnumber// how many                    // default: 1e-05"
            ),
            (#"{"oneOf": [{"type": "object"}, {"type": "string"}]}"#, "object | \nstring"),
            (
                #"{"type": "string", "enum": ["a", "β", 1, null], "nullable": true}"#,
                "\"a\" | \"β\" | \"1\" | \"None\""
            ),
            (#"{"type": "string", "nullable": true}"#, "string | null"),
            (#"{"type": "string", "enum": []}"#, "string"),
            (#"{"type": "number", "nullable": true}"#, "number"),
            (#"{"type": "boolean"}"#, "boolean"),
            (#"{"type": "object"}"#, "object"),
            (
                #"""
                {"type": "object", "properties": {"x": {"type": "string"}, "y": {"type": "object", "properties": \#
                {"z": {}}}}, "required": ["x"]}
                """#, "{\nx: \n                string, y?: \n                {\nz?: \n                any}}"
            ),
            (#"{"anyOf": [{"type": "string"}]}"#, "any"),
            (#"{}"#, "any"),
        ])
    func types(schema: String, type: String) throws {
        #expect(
            try namespace(schema) == """
                ## functions

                namespace functions {

                // D
                type t = (_: {
                p: \(type),
                }) => any;

                } // namespace functions
                """)
    }

    @Test(
        "Descriptions and defaults stand beside a parameter",
        arguments: [
            (
                #"{"type": "integer", "default": 5, "description": "How many"}"#,
                "// How many\np?: number, // default: 5"
            ),
            (#"{"type": "string", "enum": ["a", "b"], "default": "a"}"#, "p?: \"a\" | \"b\", // default: a"),
            (#"{"oneOf": [{"type": "string"}], "default": "x"}"#, "p?: string// default: x"),
            (#"{"type": "string", "default": "é"}"#, "p?: string, // default: \"é\""),
            (#"{"type": "string", "default": null}"#, "p?: string, // default: null"),
        ])
    func defaults(schema: String, line: String) throws {
        #expect(try namespace(schema, required: []).contains("(_: {\n\(line),\n})"))
    }

    @Test(
        "Schemas over which Jinja fails are refused with their place",
        arguments: [
            (#"{"description": 3}"#, "description"), (#"{"enum": ["a"], "default": 1}"#, "default"),
            (#"{"type": "object", "properties": [1]}"#, "properties"), (#"{"type": "string", "enum": 3}"#, "enum"),
            (#"{"oneOf": true}"#, "oneOf"),
            (#"{"type": "object", "properties": {"a": {}}, "required": true}"#, "required"),
        ])
    func refusals(schema: String, place: String) {
        #expect {
            try namespace(schema)
        } throws: { error in
            guard case .unrenderable("gpt-oss", let found, _, _) = error as? TokenizerError else { return false }
            return found.contains("tools[0].function.parameters.properties.p") && found.contains(place)
        }
    }

    @Test("A tool without a description is refused, one without parameters takes none")
    func tools() throws {
        #expect(throws: TokenizerError.self) {
            try HarmonyTypeScript.namespace("functions", of: [["type": "function", "function": ["name": "t"]]])
        }
        let tool: JSONValue = ["type": "function", "function": ["name": "t", "description": ""]]
        #expect(
            try HarmonyTypeScript.namespace("functions", of: [tool])
                == "## functions\n\nnamespace functions {\n\n// \ntype t = () => any;\n\n} // namespace functions")
    }

    /// The expected text is tinker-cookbook's.
    @Test("The cookbook declares the same tools in its own way")
    func cookbook() throws {
        let schema = #"""
            {"type": "object", "description": "All", "required": ["a"], "properties": {
            "a": {"type": "string", "enum": ["β", "x"], "title": "T", "description": "D", "examples": ["é"]},
            "b": {"type": ["integer", "null"], "default": "β"},
            "c": {"anyOf": [{"type": "array", "items": {"type": "boolean"}}, {"type": "object", "properties": \#
            {"z": {}}}], "nullable": true}, "d": {"type": "number", "nullable": true}}}
            """#
        let tool = ToolDescription(name: "t", description: "Does.", parameters: try JSONValue.parse(schema))
        #expect(
            try CookbookTypeScript.namespace("functions", of: [tool.json]) == #"""
                ## functions

                namespace functions {

                // Does.
                type t = (_: // All
                {
                // T
                // 
                // D
                // Examples:
                // - "\u00e9"
                a: "\u03b2" | "x",
                b?: number | any, // default: "\u03b2"
                c?: boolean[] | { z?: any },
                d?: number | null,
                }) => any;

                } // namespace functions
                """#)
    }
}
