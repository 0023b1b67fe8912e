import Foundation
import Primitives
import Storage
import Synchronization
import Testing
import Transport

@testable import Backends

@Suite("Cached chat models")
struct CachedChatModelTests {
    private final class Numbering: ChatModel {
        let name: String
        let asked = Mutex(0)
        let reason: ChatAnswer.FinishReason
        let gate: Gate?

        init(name: String = "numbering", reason: ChatAnswer.FinishReason = .stop, gate: Gate? = nil) {
            self.name = name
            self.reason = reason
            self.gate = gate
        }

        func answer(
            _ request: ChatRequest, receive: (@Sendable (ChatDelta) -> Void)?
        ) async throws(BackendError) -> ChatAnswer {
            let number = asked.withLock {
                $0 += 1
                return $0
            }
            await gate?.opened()
            return ChatAnswer(
                message: Message(role: .assistant, content: "answer \(number)"), finishReason: reason,
                usage: TokenUsage(promptTokens: 1, completionTokens: 2))
        }
    }

    private let path = NSTemporaryDirectory() + "chat-\(UUID().uuidString).jsonl"
    private let request = ChatRequest(system: "s", user: "u")

    @Test("A question is asked once, also over restarts")
    func asksOnce() async throws {
        defer { try? FileStore.remove(path) }
        let inner = Numbering()
        let first = try await CachedChatModel(inner, server: "a", path: path).answer(request)
        let again = try await CachedChatModel(inner, server: "a", path: path).answer(request)
        #expect(first == again)
        #expect(inner.asked.withLock { $0 } == 1)
    }

    @Test("Whatever can change the answer makes another question", arguments: 0..<6)
    func differences(which: Int) async throws {
        defer { try? FileStore.remove(path) }
        let inner = Numbering()
        _ = try await CachedChatModel(inner, server: "a", path: path).answer(request)
        var changed = request
        var (server, model) = ("a", inner)
        switch which {
        case 0: changed.messages[1].content = "v"
        case 1: changed.temperature = 1
        case 2: changed.seed = 3
        case 3: changed.tools = [["type": "function"]]
        case 4: server = "b"
        default: model = Numbering(name: "other")
        }
        _ = try await CachedChatModel(model, server: server, path: path).answer(changed)
        #expect(inner.asked.withLock { $0 } + (which == 5 ? model.asked.withLock { $0 } : 0) == 2)
    }

    @Test("A cut answer is kept where everything is kept", arguments: [false, true])
    func cutAnswers(keepsEveryAnswer: Bool) async throws {
        defer { try? FileStore.remove(path) }
        let inner = Numbering(reason: .length)
        for _ in 0..<2 {
            let model = try CachedChatModel(inner, server: "a", path: path, keepsEveryAnswer: keepsEveryAnswer)
            #expect(try await model.answer(request).finishReason == .length)
        }
        #expect(inner.asked.withLock { $0 } == (keepsEveryAnswer ? 1 : 2))
    }

    @Test("Equal questions at the same time are asked once")
    func coalesces() async throws {
        defer { try? FileStore.remove(path) }
        let gate = Gate(opensAt: 1)
        let inner = Numbering(gate: gate)
        let model = try CachedChatModel(inner, server: "a", path: path)
        let answers = try await withThrowingTaskGroup(of: ChatAnswer.self) { group in
            for _ in 0..<20 { group.addTask { try await model.answer(request) } }
            gate.open()
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(Set(answers).count == 1)
        #expect(inner.asked.withLock { $0 } == 1)
    }

    @Test("Whoever gives up does not take the answer from others")
    func cancellation() async throws {
        defer { try? FileStore.remove(path) }
        let server = try ScriptedServer { request in
            request.index == 0
                ? .silence : .json(#"{"choices": [{"message": {"content": "yes"}, "finish_reason": "stop"}]}"#)
        }
        let inner = OpenAIChatModel(name: "m", baseURL: server.url, client: HTTPClient())
        let model = try CachedChatModel(inner, server: server.url, path: path)
        let first = Task { try await model.answer(request) }
        while server.requests.isEmpty { try await Task.sleep(for: .milliseconds(1)) }
        let second = Task { try await model.answer(request) }
        try await Task.sleep(for: .milliseconds(20))
        first.cancel()
        await #expect(throws: BackendError.self) { try await first.value }
        #expect(try await second.value.message.content == "yes")
    }

    @Test("An answer that is not whole is not kept")
    func notWhole() async throws {
        defer { try? FileStore.remove(path) }
        let inner = Numbering(reason: .length)
        let model = try CachedChatModel(inner, server: "a", path: path)
        _ = try await model.answer(request)
        _ = try await model.answer(request)
        #expect(inner.asked.withLock { $0 } == 2)
    }

    @Test("A line that a crash cut off is lost alone")
    func tornLine() async throws {
        defer { try? FileStore.remove(path) }
        let inner = Numbering()
        _ = try await CachedChatModel(inner, server: "a", path: path).answer(request)
        let log = try AppendLog(path: path)
        try log.append(Array(#"{"key": "x", "ans"#.utf8))
        log.close()
        let model = try CachedChatModel(inner, server: "a", path: path)
        _ = try await model.answer(request)
        #expect(inner.asked.withLock { $0 } == 1)
        var other = request
        other.seed = 1
        _ = try await model.answer(other)
        _ = try await CachedChatModel(inner, server: "a", path: path).answer(other)
        #expect(inner.asked.withLock { $0 } == 2)
    }

    @Test("A file that holds something else is refused with its line")
    func foreignFile() throws {
        defer { try? FileStore.remove(path) }
        try FileStore.writeAtomically(Array("hello\n".utf8), to: path)
        #expect {
            _ = try CachedChatModel(Numbering(), server: "a", path: path)
        } throws: {
            "\($0)".contains("line 1")
        }
    }
}
