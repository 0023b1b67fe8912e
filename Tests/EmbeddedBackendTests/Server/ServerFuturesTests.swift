import Primitives
import Testing

@testable import EmbeddedBackend

/// Finished samples in bulk, cancellation, sessions that several clients share, repeated samples, stop texts.
@Suite struct ServerFuturesTests {
    private static func sample(
        _ sampler: String, _ sequence: Int, prompt: [TokenID] = [3], count: Int = 1, parameters: JSONObject = [:]
    ) -> JSONValue {
        var parameters = parameters
        if parameters["max_tokens"] == nil { parameters["max_tokens"] = 2 }
        if parameters["seed"] == nil { parameters["seed"] = 100 }
        return [
            "sampling_session_id": .string(sampler), "seq_id": .integer(sequence), "num_samples": .integer(count),
            "prompt": ["chunks": [["tokens": .tokens(prompt), "type": "encoded_text"]]],
            "sampling_params": .object(parameters),
        ]
    }

    private static func finished(
        _ server: ServerFixture, _ sampler: String, clone: Int = 0, after cursor: Int = 0, timeout: JSONValue = .null
    ) async throws -> (states: [String: String], cursor: Int) {
        let answer = try await server.ok(
            "retrieve_futures",
            [
                "target": [
                    "type": "sampling_session", "sampling_session_id": .string(sampler),
                    "cloned_sampler_id": .integer(clone),
                ],
                "prev_cursor": .integer(cursor), "timeout": timeout,
            ])
        var states: [String: String] = [:]
        for completion in answer["completions"]?.arrayValue ?? [] {
            states[try completion.string(at: "request_id")] = try completion.string(at: "state")
        }
        return (states, try answer.integer(at: "cursor"))
    }

    @Test func finishedSamplesAreReportedOnceToEachClientOfASession() async throws {
        try await ServerFixture.with(configure: { $0.longPollDuration = .seconds(30) }) { server in
            let sampler = try await server.makeSampler()
            let joined = try await server.ok("join_sampling_session", ["sampling_session_id": .string(sampler)])
            #expect(joined["client_counter"] == 1)
            let first = try await server.ok("asample", Self.sample(sampler, 0))
            let other = try await server.ok("asample", Self.sample(sampler, 1_000_000_000))
            let failed = try await server.ok("asample", Self.sample(sampler, 1, prompt: [13]))
            var states: [String: String] = [:]
            var cursor = 0
            while states.count < 2 {
                let (new, next) = try await Self.finished(server, sampler, after: cursor)
                states.merge(new) { $1 }
                cursor = next
            }
            #expect(
                states == [
                    try first.string(at: "request_id"): "finished", try failed.string(at: "request_id"): "failed",
                ])
            let rest = try await Self.finished(server, sampler, after: cursor, timeout: 0)
            #expect(rest.states.isEmpty && rest.cursor == cursor)
            let clone = try await Self.finished(server, sampler, clone: 1)
            #expect(clone.states == [try other.string(at: "request_id"): "finished"])
        }
    }

    @Test func aWaitForFinishedSamplesEndsWithTheNextOne() async throws {
        try await ServerFixture.with(configure: { $0.longPollDuration = .seconds(600) }) { server in
            let sampler = try await server.makeSampler()
            async let waiting = Self.finished(server, sampler)
            try await Task.sleep(for: .milliseconds(20))
            let promise = try await server.ok("asample", Self.sample(sampler, 0))
            #expect(try await waiting.states == [try promise.string(at: "request_id"): "finished"])
            #expect(try await server.post("retrieve_futures", ["target": [:]]).status == 400)
            #expect(
                try await server.post("retrieve_futures", ["target": ["sampling_session_id": "x"]]).status == 404)
        }
    }

    @Test func cancelledSamplingEnds() async throws {
        try await ServerFixture.with { server in
            let sampler = try await server.makeSampler()
            // The stand-in answers this prompt without end.
            let promise = try await server.ok("asample", Self.sample(sampler, 0, prompt: [17]))
            let waiting = try await server.ok("retrieve_future", ["request_id": promise["request_id"] ?? .null])
            #expect(waiting["type"] == "try_again")
            try await server.ok("cancel_future", ["request_id": promise["request_id"] ?? .null])
            #expect(try await server.result(of: promise)["error"]?.stringValue?.contains("cancelled") == true)
            #expect(try await server.post("cancel_future", [:]).status == 400)
        }
    }

    @Test func aRepeatedSampleIsTheSameOne() async throws {
        try await ServerFixture.with { server in
            let sampler = try await server.makeSampler()
            var body = Self.sample(sampler, 0, count: 2).objectValue ?? [:]
            body["sampling_params"] = ["max_tokens": 2]
            let first = try await server.ok("asample", .object(body))
            #expect(try await server.ok("asample", .object(body)) == first)
            #expect(first["sample_sequence_ids"]?.arrayValue?.count == 2)
            #expect(try await server.post("asample", Self.sample(sampler, 0)).status == 400)
            let numberless = try await server.post(
                "asample", ["sampling_session_id": .string(sampler), "sampling_params": [:]])
            #expect(numberless.status == 400 && numberless.body["detail"]?.stringValue?.contains("seq_id") == true)
        }
    }

    /// The stand-in writes bytes; `ü` is 0xC3 0xBC.
    @Test(arguments: [
        ("lo", "hello world", "hello", "stop"), ("xyz", "hello", "hello", "length"), ("ü", "gr\u{FC}n", "grü", "stop"),
        ("o w", "hello world", "hello w", "stop"),
    ])
    func aStopTextEndsWithTheTokenThatCompletesIt(
        stop: String, script: String, expected: String, reason: String
    ) async throws {
        try await ServerFixture.with { server in
            server.log.script = ByteTokenizer.tokens(script)
            let sampler = try await server.makeSampler()
            let forms: [JSONValue] = [.string(stop), [.string("~"), .string(stop)]]
            for (sequence, stop) in forms.enumerated() {
                let result = try await server.run(
                    "asample",
                    Self.sample(
                        sampler, sequence,
                        parameters: ["max_tokens": .integer(script.utf8.count), "stop": stop]))
                let drawn = try #require(result["sequences"]?.arrayValue?.first)
                #expect(drawn["tokens"]?.tokensValue == ByteTokenizer.tokens(expected))
                #expect(drawn["stop_reason"]?.stringValue == reason)
            }
        }
    }

    @Test func theEndOfSequenceStaysInForceBesideStopTexts() async throws {
        try await ServerFixture.with { server in
            server.log.script = [104, 7, 105]
            let result = try await server.run(
                "asample",
                Self.sample(try await server.makeSampler(), 0, parameters: ["max_tokens": 3, "stop": "zz"]))
            #expect(result["sequences"]?.arrayValue?[0]["tokens"] == [104, 7])
        }
    }

    @Test func largeResultsAreAnnounced() async throws {
        try await ServerFixture.with { server in
            let sampler = try await server.makeSampler()
            let promise = try await server.ok(
                "asample", Self.sample(sampler, 0, count: 1024, parameters: ["max_tokens": 200]))
            let request: JSONValue = ["request_id": promise["request_id"] ?? .null, "allow_metadata_only": true]
            var answer = try await server.ok("retrieve_future", request)
            while answer["type"] == "try_again" { answer = try await server.ok("retrieve_future", request) }
            #expect(answer["status"] == "complete_metadata")
            #expect((answer["response_payload_size"]?.integerValue ?? 0) > 1 << 20)
            let result = try await server.ok("retrieve_future", ["request_id": promise["request_id"] ?? .null])
            #expect(result["sequences"]?.arrayValue?.count == 1024)
        }
    }

    @Test func theNewestClientsAreToldToAskInBulk() async throws {
        try await ServerFixture.with { server in
            for (version, expected) in [("0.24.1", false), ("0.25.0", false), ("0.38.0", true), ("1.0", true)] {
                let flags = try await server.ok("client/config", ["sdk_version": .string(version)])
                #expect(flags["sample_use_retrieve_futures"]?.boolValue == expected, "\(version)")
            }
            let dynamic = try await server.ok("client/dynamic_config", ["sdk_version": "0.38.0"])
            #expect(dynamic["sample_cancel_enabled"] == true)
        }
    }
}
