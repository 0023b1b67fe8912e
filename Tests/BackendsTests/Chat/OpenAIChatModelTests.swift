import Primitives
import Testing
import Transport

@testable import Backends

@Suite struct OpenAIChatModelTests {
    private let request = ChatRequest(system: "You grade.", user: "Is it right?", schema: ["type": "object"])

    private func model(
        _ server: ScriptedServer, key: String? = nil, finishesRequests: Bool = false
    ) -> OpenAIChatModel {
        var policy = TestBackend.policy
        policy.outageBudget = .seconds(600)
        return OpenAIChatModel(
            name: "judge-1", baseURL: "http://127.0.0.1:\(server.port)/v1/", apiKey: key, apiKeyVariable: "JUDGE_KEY",
            client: HTTPClient(), retryPolicy: policy, finishesRequests: finishesRequests)
    }

    private static func completion(_ content: String, reason: String = "stop") -> String {
        let value: JSONValue = [
            "choices": [
                ["message": ["role": "assistant", "content": .string(content)], "finish_reason": .string(reason)]
            ]
        ]
        return value.text
    }

    @Test func `the request names model, messages, schema and key`() async throws {
        let server = try ScriptedServer { _ in .json(Self.completion("yes")) }
        #expect(try await model(server, key: "secret").complete(request) == "yes")
        let sent = try #require(server.requests.first)
        #expect(sent.path == "/v1/chat/completions")
        #expect(sent.headers["authorization"] == "Bearer secret")
        let body = try JSONValue.parse(sent.body)
        #expect(body["model"]?.stringValue == "judge-1")
        #expect(body["response_format"]?["json_schema"]?["schema"] == ["type": "object"])
        guard case .array(let messages)? = body["messages"] else { return #expect(Bool(false)) }
        #expect(messages.map { $0["role"]?.stringValue } == ["system", "user"])
    }

    @Test(arguments: [false, true])
    func `a request under way at a cancellation is waited for where it is to be finished`(finishes: Bool) async throws {
        let (asked, gate) = (Gate(opensAt: 1), Gate(opensAt: 2))
        let server = try ScriptedServer { _ in
            asked.arrive()
            gate.arrive()
            return .json(Self.completion("late"))
        }
        let model = model(server, finishesRequests: finishes)
        let task = Task { try await model.complete(request) }
        await asked.opened()
        task.cancel()
        if finishes {
            gate.open()
            #expect(try await task.value == "late")
        } else {
            await #expect(throws: BackendError.self) { try await task.value }
            gate.open()
        }
        #expect(server.requests.count == 1)
    }

    @Test(arguments: [408, 429, 500, 503])
    func `a passing refusal is asked again`(status: Int) async throws {
        let server = try ScriptedServer { request in
            request.index < 2 ? .json("{}", status: status) : .json(Self.completion("yes"))
        }
        #expect(try await model(server).complete(request) == "yes")
        #expect(server.requests.count == 3)
    }

    @Test func `a lasting refusal is reported and not repeated`() async throws {
        let server = try ScriptedServer { _ in .json(#"{"error": "no such model"}"#, status: 404) }
        await #expect { try await model(server).complete(request) } throws: { "\($0)".contains("no such model") }
        #expect(server.requests.count == 1)
    }

    @Test func `a refused key names its variable and not itself`() async throws {
        let server = try ScriptedServer { _ in .json("{}", status: 401) }
        let model = model(server, key: "secret-key")
        await #expect { try await model.complete(request) } throws: { error in
            "\(error)".contains("JUDGE_KEY") && !"\(error)".contains("secret-key")
        }
        #expect(!"\(model)".contains("secret-key"))
        #expect(!String(reflecting: model).contains("secret-key"))
    }

    @Test(arguments: ["length", "content_filter", "tool_calls"])
    func `an answer that is not whole is an error`(reason: String) async throws {
        let server = try ScriptedServer { _ in .json(Self.completion("ye", reason: reason)) }
        await #expect { try await model(server).complete(request) } throws: { "\($0)".contains(reason) }
    }

    @Test(arguments: ["", "[]", "{\"choices\": []}", "{\"choices\": [{\"message\": {\"content\": null}}]}"])
    func `an answer that is no completion is an error`(body: String) async throws {
        let server = try ScriptedServer { _ in .json(body) }
        await #expect { try await model(server).complete(request) } throws: { error in
            if case BackendError.garbage = error { true } else { false }
        }
    }
}
