import Primitives
import Testing

@testable import Agents

@Suite struct BoundedCallTests {
    @Test func `an answer in time is handed on`() async throws {
        #expect(
            try await BoundedCall.run(atMost: .seconds(60)) { ToolResult(content: "x") } == ToolResult(content: "x"))
    }

    @Test func `a failure becomes a result`() async throws {
        let result = try await BoundedCall.run(atMost: .seconds(60)) { () async throws(ToolFailure) in
            throw ToolFailure(.notFound, "no such record")
        }
        #expect(result == ToolResult(content: "Error: no such record.", failure: .notFound))
    }

    @Test func `a call that ignores its cancellation is left behind`() async throws {
        let never = AsyncStream<Void>.makeStream()
        let result = try await BoundedCall.run(atMost: .milliseconds(20)) {
            await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
                never.continuation.onTermination = { _ in continuation.resume() }
            }
            return ToolResult(content: "late")
        }
        #expect(result == nil)
        never.continuation.finish()
    }

    @Test func `cancelling the caller ends the wait`() async throws {
        let task = Task {
            try await BoundedCall.run(atMost: .seconds(3600)) {
                try? await Task.sleep(for: .seconds(3600))
                return ToolResult(content: "late")
            }
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
