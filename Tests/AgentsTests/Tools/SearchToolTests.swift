import Primitives
import Retrieval
import Testing

@testable import Agents

@Suite struct SearchToolTests {
    private let index = DocumentIndex(documents: [
        Document(id: "1", title: "Asthma", text: "Asthma is a disease of the airways."),
        Document(id: "2", title: "Salbutamol", text: "Salbutamol treats asthma."),
        Document(id: "3", title: "Gout", text: "Gout is a disease of the joints."),
    ])

    @Test func `one passage is its text alone`() async throws {
        let tool = SearchTool(index: index, passageLimit: 1)
        #expect(await tool.call(arguments: ["query": "Salbutamol"]).content == "Salbutamol treats asthma.")
    }

    @Test func `several passages stand on lines of their own, best first`() async throws {
        let tool = SearchTool(index: index, passageLimit: 2)
        let lines = await tool.call(arguments: ["query": "asthma"]).content.split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines.first == "Asthma is a disease of the airways.")
    }

    @Test(arguments: ["zebra", "", "   ", "?!"])
    func `a query that matches nothing says so and is no error`(query: String) async throws {
        let tool = SearchTool(index: index, passageLimit: 2)
        #expect(await tool.call(arguments: ["query": .string(query)]) == ToolResult(content: "No result."))
    }

    @Test func `an observation is bounded`() async throws {
        let tool = SearchTool(index: index, passageLimit: 3, maximumCharacters: 10)
        #expect(await tool.call(arguments: ["query": "asthma"]).content == "Asthma is ")
    }

    @Test func `calls through the router fit the tool's own schema`() async throws {
        let router = ToolRouter(tools: [SearchTool(index: index, passageLimit: 1)])
        let result = try await router.run(ToolCall(name: "search", arguments: ["query": "gout"]))
        #expect(result == ToolResult(content: "Gout is a disease of the joints."))
    }
}
