import Primitives
import Tokenizers

/// Leads each call of the policy to its tool; calls that fit no tool get an error observation that says what would.
public struct ToolRouter: Sendable {
    /// In the order in which they were given, which is the order of the policy's prompt.
    public let descriptions: [ToolDescription]
    private let tools: [any Tool]

    /// - Precondition: the tools' names differ.
    public init(tools: [any Tool]) {
        self.tools = tools
        descriptions = tools.map(\.description)
        precondition(Set(descriptions.map(\.name)).count == tools.count, "two tools have one name")
    }

    public func run(_ call: ToolCall) async -> ToolResult {
        guard let index = descriptions.firstIndex(where: { $0.name == call.name }) else {
            let names = descriptions.map(\.name).joined(separator: ", ")
            let offer = names.isEmpty ? "there are no tools" : "available tools: \(names)"
            return Self.failure("there is no tool \"\(call.name)\"; \(offer)")
        }
        let schema = ParameterSchema(descriptions[index].parameters)
        if let problem = schema.problem(of: call.arguments) {
            return Self.failure("\(call.name): \(problem)")
        }
        return await tools[index].call(arguments: call.arguments)
    }

    /// The observation for a call that could not be read at all.
    static func failure(_ problem: String) -> ToolResult {
        ToolResult(content: "Error: \(problem).", isError: true)
    }
}
