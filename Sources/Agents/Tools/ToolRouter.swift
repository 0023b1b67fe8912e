import Primitives
import Tokenizers

/// Leads each call of the policy to its tool; calls that fit no tool get an error observation that says what would.
public struct ToolRouter: Sendable {
    /// In the order in which they were given, which is the order of the policy's prompt.
    public let descriptions: [ToolDescription]
    private let tools: [any Tool]
    private let schemas: [ParameterSchema]
    private let places: [String: Int]

    /// - Precondition: the tools' names differ.
    public init(tools: [any Tool]) {
        self.tools = tools
        descriptions = tools.map(\.description)
        schemas = descriptions.map { ParameterSchema($0.parameters) }
        let names = descriptions.enumerated().map { ($1.name, $0) }
        precondition(Set(names.map(\.0)).count == tools.count, "two tools have one name")
        places = Dictionary(uniqueKeysWithValues: names)
    }

    public func run(_ call: ToolCall) async -> ToolResult {
        guard let place = places[call.name] else {
            let names = descriptions.map(\.name).joined(separator: ", ")
            let offer = names.isEmpty ? "there are no tools" : "available tools: \(names)"
            return ToolResult(ToolFailure(.invalidCall, "there is no tool \"\(call.name)\"; \(offer)"))
        }
        if let problem = schemas[place].problem(of: call.arguments) {
            return ToolResult(ToolFailure(.invalidCall, "\(call.name): \(problem)"))
        }
        do throws(ToolFailure) {
            return try await tools[place].call(arguments: call.arguments)
        } catch {
            return ToolResult(error)
        }
    }
}
