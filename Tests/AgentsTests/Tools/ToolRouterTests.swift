import Primitives
import Testing

@testable import Agents

@Suite struct ToolRouterTests {
    private let router = ToolRouter(tools: [LibraryTool()])

    private func run(_ arguments: JSONValue, name: String = "search") async throws -> ToolResult {
        try await router.run(ToolCall(name: name, arguments: arguments))
    }

    @Test func `a good call reaches its tool`() async throws {
        #expect(try await run(["query": "asthma"]) == ToolResult(content: "about asthma"))
        #expect(try await run(["query": "asthma", "limit": 2]) == ToolResult(content: "about asthma"))
    }

    @Test func `an unknown tool is answered with the tools there are`() async throws {
        let result = try await run(["query": "asthma"], name: "serach")
        #expect(result.isError)
        #expect(result.content == "Error: there is no tool \"serach\"; available tools: search.")
    }

    @Test func `without tools every call is answered`() async throws {
        let result = try await ToolRouter(tools: []).run(ToolCall(name: "search", arguments: [:]))
        #expect(result.isError && result.content.contains("there are no tools"))
    }

    @Test(
        arguments: [
            ("asthma", "must be a JSON object with \"query\" (string), \"limit\" (integer, optional)"),
            (["asthma"], "must be a JSON object"),
            (.null, "must be a JSON object"),
            ([:], "\"query\" is missing"),
            (["query": 5], "\"query\" must be of type string"),
            (["query": ["a"]], "\"query\" must be of type string"),
            (["query": .null], "\"query\" must be of type string"),
            (["query": "asthma", "q": "x"], "there is no parameter \"q\""),
            (["query": "asthma", "limit": 2.5], "\"limit\" must be of type integer"),
            (["query": "asthma", "limit": "2"], "\"limit\" must be of type integer"),
        ] as [(JSONValue, String)])
    func `bad arguments are answered with what was expected`(arguments: JSONValue, expected: String) async throws {
        let result = try await run(arguments)
        #expect(result.isError)
        #expect(result.content.hasPrefix("Error: search: "))
        #expect(result.content.contains(expected), "\(result.content)")
    }

    @Test func `a schema may allow more arguments and several types`() {
        let schema = ParameterSchema([
            "type": "object", "properties": ["a": ["type": ["string", "null"]]], "additionalProperties": true,
        ])
        #expect(schema.problem(of: ["a": .null, "b": 1]) == nil)
        #expect(schema.problem(of: ["a": 1]) != nil)
    }
}
