import Backends
import Primitives
import Synchronization
import Tokenizers

@testable import Agents

/// A tool that fails every call in the same way.
struct BrokenTool: Tool {
    var failure: ToolFailure
    var description = LibraryTool().description

    func call(arguments: JSONValue) async throws(ToolFailure) -> ToolResult { throw failure }
}

/// A tool whose calls are answered once all of them are there.
final class MeetingTool: Tool {
    let description = ToolDescription(
        name: "meet", description: "Meets.",
        parameters: ["type": "object", "properties": ["name": ["type": "string"]], "required": ["name"]])
    private let count: Int
    private let waiting = Mutex<[CheckedContinuation<Void, Never>]>([])

    init(count: Int) { self.count = count }

    func call(arguments: JSONValue) async -> ToolResult {
        await withCheckedContinuation { continuation in
            let all = waiting.withLock { waiting -> [CheckedContinuation<Void, Never>] in
                waiting.append(continuation)
                return waiting.count == count ? waiting : []
            }
            for waiter in all { waiter.resume() }
        }
        return ToolResult(content: "met \(arguments["name"]?.stringValue ?? "")")
    }
}

/// A sampler that never answers, but heeds cancellation.
struct HangingSampler: PolicySampler {
    let policyVersion = 1

    func sample(prompt: [TokenID], count: Int, parameters: SamplingParameters) async throws -> [SampledSequence] {
        try await Task.sleep(for: .seconds(3600))
        return []
    }
}

extension ToolRouter {
    /// The answer to a call, a given-up one included.
    func answer(_ call: ToolCall) async -> ToolResult {
        do { return try await run(call) } catch { return ToolResult(ToolFailure(.timeout, "the call was given up")) }
    }
}

/// A tool whose router waits as long as it takes: in a suite that runs all tests at once, a second may last a minute.
struct PatientTool: Tool {
    let tool: any Tool

    var description: ToolDescription { tool.description }
    var traits: ToolTraits {
        var traits = tool.traits
        traits.timeout = nil
        return traits
    }

    func call(arguments: JSONValue) async throws(ToolFailure) -> ToolResult {
        try await tool.call(arguments: arguments)
    }
}
