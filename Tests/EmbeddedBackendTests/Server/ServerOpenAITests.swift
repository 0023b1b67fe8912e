import Foundation
import Primitives
import Testing

@testable import EmbeddedBackend

/// The endpoints of OpenAI's API, with a model that writes the bytes it is told to.
@Suite struct ServerOpenAITests {
    private static func post(
        _ server: ServerFixture, _ path: String, _ body: JSONValue, prefix: String = "/v1/"
    ) async throws -> (status: Int, body: JSONValue) {
        let answer = try await server.sendRaw(
            "POST", prefix + path, body: body.serialized(), key: nil,
            headers: ["Authorization": "Bearer \(ServerFixture.key)"])
        return (answer.status, try JSONValue.parse(answer.body))
    }

    /// The bodies of the events of a stream, which must end as streams end.
    private static func stream(
        _ server: ServerFixture, _ path: String, _ body: JSONValue
    ) async throws -> [JSONValue] {
        var object = body.objectValue ?? [:]
        object["stream"] = true
        let answer = try await server.sendRaw("POST", "/v1/" + path, body: JSONValue.object(object).serialized())
        #expect(answer.type == "text/event-stream")
        let lines = String(decoding: answer.body, as: UTF8.self).components(separatedBy: "\n\n").filter { !$0.isEmpty }
        #expect(lines.last == "data: [DONE]")
        return try lines.dropLast().map { try JSONValue.parse(String($0.dropFirst("data: ".count))) }
    }

    private static func text(_ events: [JSONValue], choice: Int = 0) -> String {
        events.flatMap { $0["choices"]?.arrayValue ?? [] }.filter { $0["index"]?.integerValue == choice }
            .compactMap { $0["text"]?.stringValue ?? $0["delta"]?["content"]?.stringValue }.joined()
    }

    private static let hello: JSONValue = [["role": "user", "content": "hi"]]

    // MARK: Access and models

    @Test func theKeyIsWantedInOpenAIsShape() async throws {
        try await ServerFixture.with { server in
            for headers in [[:], ["Authorization": "Bearer wrong"], ["Authorization": ServerFixture.key]] {
                let answer = try await server.sendRaw("GET", "/v1/models", key: nil, headers: headers)
                #expect(answer.status == 401)
                #expect(try JSONValue.parse(answer.body)["error"]?["code"] == "invalid_api_key")
            }
            let bearer = ["Authorization": "Bearer \(ServerFixture.key)"]
            #expect(try await server.sendRaw("GET", "get_server_capabilities", key: nil, headers: bearer).status == 200)
        }
    }

    @Test func modelsAreBaseModelsAndSamplerCheckpoints() async throws {
        try await ServerFixture.with { server in
            let model = try await server.makeModel(try await server.makeSession())
            _ = try await server.run("optim_step", ServerFixture.step(model, 1, learningRate: 0.25))
            let saved = try await server.run(
                "save_weights_for_sampler", ["model_id": .string(model), "path": "best", "seq_id": 2])
            let path = try saved.string(at: "path")
            let list = try JSONValue.parse(try await server.sendRaw("GET", "/oai/api/v1/models").body)
            #expect(list["data"]?.arrayValue?.compactMap { $0["id"]?.stringValue } == ["tiny", path])
            #expect(try await server.sendRaw("GET", "/v1/models/tiny").status == 200)
            #expect(try await server.sendRaw("GET", "/v1/models/other").status == 404)
            for name in [path, "tiny;" + path] {
                let answer = try await Self.post(
                    server, "completions",
                    ["model": .string(name), "prompt": [3], "max_tokens": 1, "seed": 100, "return_token_ids": true],
                    prefix: "/oai/api/v1/")
                #expect(answer.body["choices"]?.arrayValue?[0]["token_ids"] == [350])
            }
            let unknown = try await Self.post(server, "completions", ["model": "gpt", "prompt": "a"])
            #expect(unknown.status == 404 && unknown.body["error"]?["code"] == "model_not_found")
        }
    }

    // MARK: Completions

    @Test func aCompletionIsCutBeforeItsStopText() async throws {
        try await ServerFixture.with { server in
            server.log.script = ByteTokenizer.tokens("hello world")
            let body: JSONValue = [
                "model": "tiny", "prompt": "ab", "max_tokens": 11, "stop": ["o w"], "logprobs": 2,
                "return_token_ids": true,
            ]
            let answer = try await Self.post(server, "completions", body)
            let choice = try #require(answer.body["choices"]?.arrayValue?.first)
            #expect(choice["text"] == "hell" && choice["finish_reason"] == "stop")
            #expect(choice["prompt_token_ids"] == [97, 98])
            #expect(choice["token_ids"]?.tokensValue == ByteTokenizer.tokens("hello w"))
            #expect(choice["logprobs"]?["tokens"]?.arrayValue?.prefix(2) == ["h", "e"])
            #expect(choice["logprobs"]?["text_offset"]?.arrayValue?.prefix(3) == [0, 1, 2])
            #expect(choice["logprobs"]?["top_logprobs"]?.arrayValue?[0].objectValue?.count == 2)
            #expect(answer.body["usage"] == ["prompt_tokens": 2, "completion_tokens": 7, "total_tokens": 9])
            let events = try await Self.stream(server, "completions", body)
            #expect(Self.text(events) == "hell")
            #expect(events.last?["choices"]?.arrayValue?[0]["finish_reason"] == "stop")
            let streamed = events.flatMap { $0["choices"]?.arrayValue?[0]["token_ids"]?.tokensValue ?? [] }
            #expect(streamed == ByteTokenizer.tokens("hello w"))
        }
    }

    @Test func everyFormOfPromptIsTaken() async throws {
        try await ServerFixture.with { server in
            let forms: [(JSONValue, Int)] = [
                ("ab", 1), (["ab", "c"], 2), ([97, 98], 1), ([[97, 98], [99]], 2),
            ]
            for (prompt, count) in forms {
                let answer = try await Self.post(
                    server, "completions", ["model": "tiny", "prompt": prompt, "n": 2, "seed": 97, "max_tokens": 2])
                let texts = answer.body["choices"]?.arrayValue?.compactMap { $0["text"]?.stringValue }
                #expect(texts == Array(repeating: ["ab", "bc"], count: count).flatMap { $0 })
            }
            for prompt in [.null, [], ["a", 1], [[]], 7] as [JSONValue] {
                let answer = try await Self.post(server, "completions", ["model": "tiny", "prompt": prompt])
                #expect(answer.status == 400 && answer.body["error"]?["param"] == "prompt")
            }
        }
    }

    @Test func charactersArriveWhole() async throws {
        try await ServerFixture.with { server in
            server.log.script = ByteTokenizer.tokens("grün 🙂")
            let events = try await Self.stream(
                server, "completions", ["model": "tiny", "prompt": "a", "max_tokens": 10])
            #expect(Self.text(events) == "grün 🙂")
            #expect(events.allSatisfy { !$0.text.contains("\u{FFFD}") })
        }
    }

    @Test(arguments: [
        (#""temperature":-1"#, "temperature"), (#""n":0"#, "n"), (#""max_tokens":0"#, "max_tokens"),
        (#""stop":"""#, "stop"), (#""presence_penalty":1"#, "presence_penalty"), (#""echo":true"#, "echo"),
        (#""stream_options":{}"#, "stream_options"), (#""temprature":1"#, "temprature"),
        (#""logprobs":21"#, "logprobs"),
        (#""top_p":0"#, "top_p"), (#""best_of":3"#, "best_of"),
    ])
    func everyBadMemberIsNamed(member: String, parameter: String) async throws {
        try await ServerFixture.with { server in
            let body = try JSONValue.parse("{\"model\":\"tiny\",\"prompt\":\"a\",\(member)}")
            let answer = try await Self.post(server, "completions", body)
            #expect(answer.status == 400)
            #expect(answer.body["error"]?["param"]?.stringValue == parameter)
            #expect(answer.body["error"]?["type"] == "invalid_request_error")
        }
    }

    @Test func promptsThatAreTooLongAreNamed() async throws {
        try await ServerFixture.with { server in
            let answer = try await Self.post(
                server, "completions", ["model": "tiny", "prompt": .string(String(repeating: "a", count: 1024))])
            #expect(answer.body["error"]?["code"] == "context_length_exceeded")
        }
    }

    // MARK: Chat

    @Test func aConversationIsRenderedWithTheModelsTemplate() async throws {
        try await ServerFixture.with { server in
            server.log.script = ByteTokenizer.tokens("Hello!") + [ByteTokenizer.turnEnd, 7]
            let body: JSONValue = [
                "model": "tiny", "messages": Self.hello, "logprobs": true, "top_logprobs": 1, "return_token_ids": true,
            ]
            let answer = try await Self.post(server, "chat/completions", body)
            #expect(answer.status == 200, "\(answer.body.text)")
            let prompt =
                [ByteTokenizer.turnStart] + ByteTokenizer.tokens("user\nhi") + [ByteTokenizer.turnEnd]
                + ByteTokenizer.tokens("\n") + [ByteTokenizer.turnStart] + ByteTokenizer.tokens("assistant\n")
            #expect(answer.body["prompt_token_ids"]?.tokensValue == prompt)
            let choice = try #require(answer.body["choices"]?.arrayValue?.first)
            #expect(choice["message"]?["content"] == "Hello!" && choice["message"]?["role"] == "assistant")
            #expect(choice["finish_reason"] == "stop")
            let logprobs = try #require(choice["logprobs"]?["content"]?.arrayValue)
            #expect(logprobs.first?["token"] == "H" && logprobs.first?["bytes"] == [72])
            #expect(logprobs.first?["top_logprobs"]?.arrayValue?.count == 1)
            #expect(answer.body["usage"]?["prompt_tokens"]?.integerValue == prompt.count)
        }
    }

    @Test func aStreamedConversationSaysTheSame() async throws {
        try await ServerFixture.with { server in
            server.log.script = ByteTokenizer.tokens("Grüße!") + [ByteTokenizer.turnEnd, 7]
            var body: JSONObject = ["model": "tiny", "messages": Self.hello, "n": 2]
            body["stream_options"] = ["include_usage": true]
            let events = try await Self.stream(server, "chat/completions", .object(body))
            for choice in 0..<2 { #expect(Self.text(events, choice: choice) == "Grüße!") }
            let first = events.first?["choices"]?.arrayValue?.first
            #expect(first?["delta"]?["role"] == "assistant")
            #expect(Self.text(events.suffix(1)).isEmpty && events.last?["choices"] == [])
            #expect((events.last?["usage"]?["completion_tokens"]?.integerValue ?? 0) >= 16)
            let choices = events.flatMap { $0["choices"]?.arrayValue ?? [] }
            let reasons = choices.compactMap { $0["finish_reason"]?.stringValue }
            #expect(reasons == ["stop", "stop"])
        }
    }

    @Test(arguments: [false, true])
    func toolCallsAreReadBack(streams: Bool) async throws {
        try await ServerFixture.with(configure: { $0.renderers["tiny"] = "qwen2.5" }) { server in
            let call = ByteTokenizer.tokens("\n{\"name\": \"search\", \"arguments\": {\"query\": \"x\"}}\n")
            server.log.script = [ByteTokenizer.callStart] + call + [ByteTokenizer.callEnd, ByteTokenizer.turnEnd]
            let tool: JSONValue = [
                "type": "function",
                "function": ["name": "search", "description": "Searches.", "parameters": ["type": "object"]],
            ]
            let body: JSONValue = [
                "model": "tiny", "messages": [["role": "user", "content": "x"]], "tools": [tool],
            ]
            let message: JSONValue?
            let finish: JSONValue?
            if streams {
                let events = try await Self.stream(server, "chat/completions", body)
                let choices = events.compactMap { $0["choices"]?.arrayValue?.first }
                message = choices.compactMap { $0["delta"] }.first { $0["tool_calls"] != nil }
                finish = choices.last?["finish_reason"]
            } else {
                let answer = try await Self.post(server, "chat/completions", body)
                #expect(answer.status == 200, "\(answer.body.text)")
                message = answer.body["choices"]?.arrayValue?[0]["message"]
                finish = answer.body["choices"]?.arrayValue?[0]["finish_reason"]
            }
            let read = try #require(message?["tool_calls"]?.arrayValue?.first)
            #expect(read["function"]?["name"] == "search" && read["type"] == "function")
            #expect(try JSONValue.parse(try read["function"]?.string(at: "arguments") ?? "") == ["query": "x"])
            #expect(finish == "tool_calls")
        }
    }

    @Test(arguments: [
        (#""messages":[]"#, "messages"), (#""messages":[{"role":"robot","content":"x"}]"#, "messages[0]"),
        (#""messages":[{"role":"user","content":"x"}],"tool_choice":"required""#, "tool_choice"),
        (#""messages":[{"role":"user","content":"x"}],"top_logprobs":1"#, "top_logprobs"),
        (#""messages":[{"role":"user","content":"x"}],"tools":[{}]"#, "tools"),
        (#""messages":[{"role":"user","content":"x"}],"response_format":{"type":"json_object"}"#, "response_format"),
    ])
    func everyBadConversationIsNamed(members: String, parameter: String) async throws {
        try await ServerFixture.with { server in
            let answer = try await Self.post(
                server, "chat/completions", try JSONValue.parse("{\"model\":\"tiny\",\(members)}"))
            #expect(answer.status == 400)
            #expect(answer.body["error"]?["param"]?.stringValue == parameter, "\(answer.body.text)")
        }
    }

    @Test func aStreamThatIsLeftEndsItsDrawing() async throws {
        try await ServerFixture.with { server in
            let body: JSONValue = ["model": "tiny", "prompt": [17], "stream": true]
            let task = Task { try await server.sendRaw("POST", "/v1/completions", body: body.serialized()) }
            while server.log.samplerCount == 0 { try await Task.sleep(for: .milliseconds(2)) }
            task.cancel()
            _ = try? await task.value
            while server.log.all.last != "cancelled" { try await Task.sleep(for: .milliseconds(5)) }
        }
    }
}
