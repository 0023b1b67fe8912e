import Primitives
import Synchronization
import Testing
import Transport

@testable import Backends

@Suite("Streamed chat completions")
struct ChatStreamTests {
    private static func model(_ server: ScriptedServer) -> OpenAIChatModel {
        var policy = TestBackend.policy
        policy.outageBudget = .seconds(600)
        return OpenAIChatModel(
            name: "teacher", baseURL: server.url + "/v1", streams: true, client: HTTPClient(), retryPolicy: policy)
    }

    private static func chunk(_ delta: JSONValue, reason: JSONValue = nil) -> JSONValue {
        ["choices": [["index": 0, "delta": delta, "finish_reason": reason]]]
    }

    /// An event stream of chunks, as OpenAI-compatible servers write it.
    private static func stream(_ chunks: [JSONValue], ending: String = "data: [DONE]\n\n") -> ScriptedServer.Reply {
        let body = chunks.map { "data: \($0.text)\n\n" }.joined() + ending
        return .raw(
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
    }

    private static let whole = [
        chunk(["role": "assistant", "content": ""]), chunk(["reasoning_content": "Hm. "]), chunk(["content": "Par"]),
        chunk(["content": "is"]), chunk([:], reason: "stop"),
        ["choices": [], "usage": ["prompt_tokens": 7, "completion_tokens": 3]],
    ]

    @Test("Chunks become one answer, and are handed on as they come")
    func assembles() async throws {
        let server = try ScriptedServer { _ in Self.stream(Self.whole) }
        let received = Mutex<[ChatDelta]>([])
        let answer = try await Self.model(server).answer(ChatRequest(system: "s", user: "u")) { delta in
            received.withLock { $0.append(delta) }
        }
        #expect(answer.message.content == "Paris")
        #expect(answer.message.thinking == "Hm. ")
        #expect(answer.finishReason == .stop)
        #expect(answer.usage == TokenUsage(promptTokens: 7, completionTokens: 3))
        #expect(received.withLock { $0 } == [.thinking("Hm. "), .text("Par"), .text("is")])
        let sent = try JSONValue.parse(try #require(server.requests.first).body)
        #expect(sent["stream"] == true)
        #expect(sent["stream_options"]?["include_usage"] == true)
    }

    @Test("Tool calls whose arguments come in pieces are put together by index")
    func toolCalls() async throws {
        let chunks = [
            Self.chunk([
                "tool_calls": [["index": 0, "id": "a", "function": ["name": "search", "arguments": "{\"q\":"]]]
            ]),
            Self.chunk(["tool_calls": [["index": 1, "id": "b", "function": ["name": "read", "arguments": "{}"]]]]),
            Self.chunk(["tool_calls": [["index": 0, "function": ["arguments": "\"β\"}"]]]]),
            Self.chunk([:], reason: "tool_calls"),
        ]
        let server = try ScriptedServer { _ in Self.stream(chunks) }
        let answer = try await Self.model(server).answer(ChatRequest(system: "s", user: "u"))
        #expect(
            answer.message.toolCalls == [
                ToolCall(name: "search", arguments: "{\"q\":\"β\"}", id: "a"),
                ToolCall(name: "read", arguments: "{}", id: "b"),
            ])
        #expect(answer.finishReason == .toolCalls)
    }

    @Test("A stream that ends before the answer does is asked for again, and watchers are told")
    func brokenStream() async throws {
        let server = try ScriptedServer { request in
            request.index == 0 ? Self.stream(Array(Self.whole[..<3]), ending: "") : Self.stream(Self.whole)
        }
        let received = Mutex<[ChatDelta]>([])
        let answer = try await Self.model(server).answer(ChatRequest(system: "s", user: "u")) { delta in
            received.withLock { $0.append(delta) }
        }
        #expect(answer.message.content == "Paris")
        #expect(server.requests.count == 2)
        #expect(received.withLock { $0.firstIndex(of: .restart) } == 2)
    }

    @Test("An error in the place of a chunk is asked for again")
    func errorInStream() async throws {
        let server = try ScriptedServer { request in
            request.index == 0
                ? Self.stream([["error": ["message": "out of memory", "code": 500]]]) : Self.stream(Self.whole)
        }
        #expect(try await Self.model(server).complete(ChatRequest(system: "s", user: "u")) == "Paris")
        #expect(server.requests.count == 2)
    }

    @Test("A chunk that is no JSON is an error that shows it")
    func garbage() async throws {
        let server = try ScriptedServer { _ in Self.stream([], ending: "data: <html>\n\n") }
        await #expect {
            try await Self.model(server).answer(ChatRequest(system: "s", user: "u"))
        } throws: {
            "\($0)".contains("<html>")
        }
        #expect(server.requests.count == 1)
    }

    @Test("A refusal in the place of a stream is read whole")
    func refusal() async throws {
        let server = try ScriptedServer { _ in .json(#"{"error": "no such model"}"#, status: 404) }
        await #expect {
            try await Self.model(server).answer(ChatRequest(system: "s", user: "u"))
        } throws: {
            "\($0)".contains("no such model")
        }
    }
}
