import Foundation
import Primitives
import Testing

@testable import Backends

/// Samples whose end the server announces (`retrieve_futures`), and samples that nobody waits for any longer.
@Suite struct AnnouncementTests {
    private static let parameters = SamplingParameters(maxTokens: 4, stopTokens: [8], seed: 1)
    private static let flags = #"{"sample_use_retrieve_futures":true}"#

    /// Announces each sample once, the latest first, as soon as one is asked for.
    private static func announcer() throws -> TestBackend {
        let open = Atomically<[String]>([])
        return try TestBackend(isIdempotent: true) { request, path, _ in
            switch path {
            case "client/config": return .init(reply: .json(flags), executes: false)
            case "asample":
                open.update { $0.append("promise-\(request.index)") }
                return nil
            case "retrieve_futures":
                let cursor = (try? JSONValue.parse(request.body))?["prev_cursor"]?.integerValue ?? -1
                let finished = open.update { open in
                    defer { open = [] }
                    return open.reversed().map {
                        #"{"state":"finished","request_id":"\#($0)","response_payload_uncompressed_size":80}"#
                    }
                }
                return .init(
                    reply: .json(
                        #"{"completions":[\#(finished.joined(separator: ","))],"cursor":\#(cursor + finished.count)}"#),
                    executes: false)
            default: return nil
            }
        }
    }

    @Test func manySamplesAreAwaitedWithOnePoll() async throws {
        let backend = try Self.announcer()
        defer { backend.stop() }
        let session = try await backend.session(dialect: .protobufWithSequences)
        let sampler = try await session.createSampler(baseModel: "base", policyVersion: 0)
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    try await sampler.sample(prompt: [1], count: 1, parameters: Self.parameters).count
                }
            }
            for try await count in group { #expect(count == 1) }
        }
        // Each result was fetched once, when it was there, and in one piece.
        let polls = backend.bodies("retrieve_future")
        #expect(polls.count == 20)
        #expect(polls.allSatisfy { $0["allow_metadata_only"] == false })
        let asked = backend.bodies("retrieve_futures")
        #expect(asked.allSatisfy { $0["target"]?["sampling_session_id"] == "sampling_9" })
        let cursors = asked.compactMap { $0["prev_cursor"]?.integerValue }
        #expect(cursors == cursors.sorted())
    }

    @Test(arguments: [404, 422, 400]) func withoutAnnouncementsEverySampleIsPolledFor(status: Int) async throws {
        let backend = try TestBackend { _, path, _ in
            switch path {
            case "client/config": .json(Self.flags)
            case "retrieve_futures": .json(#"{"detail":"Not Found"}"#, status: status)
            default: nil
            }
        }
        defer { backend.stop() }
        let session = try await backend.session(dialect: .protobufWithSequences)
        let sampler = try await session.createSampler(baseModel: "base", policyVersion: 0)
        #expect(try await sampler.sample(prompt: [1], count: 1, parameters: Self.parameters).count == 1)
        #expect(try await sampler.sample(prompt: [1], count: 1, parameters: Self.parameters).count == 1)
        #expect(backend.requests("retrieve_futures").count == (status == 400 ? 4 : 1))
    }

    @Test(arguments: [true, false]) func aCancelledSampleIsCancelledOnTheServer(isEnabled: Bool) async throws {
        let polled = Gate(opensAt: 1)
        let cancelled = Gate(opensAt: 1)
        let backend = try TestBackend { _, path, _ in
            switch path {
            case "client/dynamic_config": return .json(#"{"sample_cancel_enabled":\#(isEnabled)}"#)
            case "retrieve_future":
                polled.arrive()
                return .silence
            case "cancel_future":
                cancelled.arrive()
                return .json("")
            default: return nil
            }
        }
        defer { backend.stop() }
        let session = try await backend.session(dialect: .protobufWithSequences)
        let sampler = try await session.createSampler(baseModel: "base", policyVersion: 0)
        let task = Task {
            await backendError { () async throws(BackendError) in
                try await sampler.sample(prompt: [1], count: 1, parameters: Self.parameters)
            }
        }
        await polled.opened()
        task.cancel()
        #expect(await task.value?.kind == "cancelled")
        guard isEnabled else {
            #expect(backend.requests("cancel_future").isEmpty)
            return
        }
        await cancelled.opened()
        let promised = try #require(backend.bodies("retrieve_future").first?["request_id"])
        #expect(backend.bodies("cancel_future").first?["request_id"] == promised)
    }

    @Test(arguments: [(1, nil), (2, "garbage")] as [(Int, String?)])
    func namesOfSequencesAreOnePerSample(count: Int, kind: String?) async throws {
        let backend = try TestBackend { request, path, _ in
            let names = (0..<count).map { "\"s\($0)\"" }.joined(separator: ",")
            if path == "asample" { return .json(#"{"request_id":"r","sample_sequence_ids":[\#(names)]}"#) }
            return path == "retrieve_future"
                ? .json(#"{"sequences":[{"stop_reason":"stop","tokens":[8],"logprobs":[-1]}]}"#) : nil
        }
        defer { backend.stop() }
        let session = try await backend.session(dialect: .protobufWithSequences)
        let sampler = try await session.createSampler(baseModel: "base", policyVersion: 0)
        let error = await backendError { () async throws(BackendError) in
            try await sampler.sample(prompt: [1], count: 1, parameters: Self.parameters)
        }
        #expect(error?.kind == kind)
    }

    /// A result that is announced with its size is fetched when there is room for it.
    @Test func resultsAreFetchedWithinTheBudget() async throws {
        let flight = Atomically((now: 0, most: 0))
        let backend = try TestBackend(isIdempotent: true) { request, path, _ in
            if path == "client/config" {
                return .init(reply: .json(#"{"inflight_response_bytes_semaphore_size":1000}"#), executes: false)
            }
            guard path == "retrieve_future" else { return nil }
            if request.text.contains(#""allow_metadata_only":true"#) {
                return .init(
                    reply: .json(#"{"status":"complete_metadata","response_payload_size":400}"#), executes: false)
            }
            flight.update { flight in
                flight.now += 1
                flight.most = max(flight.most, flight.now)
            }
            usleep(5000)
            flight.update { $0.now -= 1 }
            return nil
        }
        defer { backend.stop() }
        let sampler = try await backend.session().createSampler(baseModel: "base", policyVersion: 0)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<12 {
                group.addTask { _ = try await sampler.sample(prompt: [1], count: 1, parameters: Self.parameters) }
            }
            try await group.waitForAll()
        }
        #expect(flight.value.most <= 2)
        #expect(backend.requests("retrieve_future").count == 24)
    }
}
