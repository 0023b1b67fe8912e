import Foundation
import Primitives
import Storage
import Testing
import TinkerProtocol

@testable import Backends

/// Finding out what a server speaks, and speaking it.
@Suite struct DialectTests {
    /// A server that answers a pass of an unknown model so, by the content type it came in.
    private func found(
        config: String = "{}", protobuf: ScriptedServer.Reply, json: ScriptedServer.Reply
    ) async throws -> WireDialect {
        let backend = try TestBackend { request, path, _ in
            switch path {
            case "client/config": .json(config)
            case "forward_backward": request.headers["content-type"] == WireDialect.mediaType ? protobuf : json
            default: nil
            }
        }
        defer { backend.stop() }
        return try await backend.session(dialect: nil).dialect
    }

    private static func refusal(_ status: Int) -> ScriptedServer.Reply { .json(#"{"detail":"no"}"#, status: status) }

    /// (to protobuf, to JSON, dialect), after the notes on the servers.
    @Test(arguments: [
        (422, 404, WireDialect.json), (400, 404, .json), (415, 404, .json), (500, 404, .json), (422, 422, .json),
        (404, 404, .protobuf), (404, 415, .protobuf), (400, 415, .protobuf), (422, 415, .protobuf),
        (403, 403, .protobuf),
    ])
    func aServerIsKnownByItsRefusals(protobuf: Int, json: Int, dialect: WireDialect) async throws {
        #expect(try await found(protobuf: Self.refusal(protobuf), json: Self.refusal(json)) == dialect)
    }

    @Test func aPromiseForTheProbeMeansThatItWasRead() async throws {
        let promise = ScriptedServer.Reply.json(#"{"request_id":"1"}"#, status: 202)
        #expect(try await found(protobuf: promise, json: Self.refusal(415)) == .protobuf)
    }

    @Test(arguments: [
        (#"{"proto_write_fwdbwd":true}"#, WireDialect.protobuf),
        (#"{"sample_use_retrieve_futures":false,"pjwt_auth_enabled":false}"#, .protobufWithSequences),
        (#"{"custom_loss_server_side":true}"#, .protobufWithSequences),
    ])
    func flagsSpareTheProbe(config: String, dialect: WireDialect) async throws {
        #expect(try await found(config: config, protobuf: Self.refusal(500), json: Self.refusal(500)) == dialect)
    }

    @Test(arguments: WireDialect.allCases) func aDialectThatIsGivenIsNotProbed(dialect: WireDialect) async throws {
        let backend = try TestBackend()
        defer { backend.stop() }
        #expect(try await backend.session(dialect: dialect).dialect == dialect)
        #expect(backend.requests("forward_backward").isEmpty)
        #expect(backend.bodies("create_session").first?["sdk_version"] == .string(dialect.protocolVersion))
    }

    @Test func aProbeSurvivesWhatPasses() async throws {
        let backend = try TestBackend { _, path, earlier in
            guard path == "forward_backward" else { return nil }
            return [.reset(after: ""), Self.refusal(429), Self.refusal(404)][min(earlier, 2)]
        }
        defer { backend.stop() }
        #expect(try await backend.session(dialect: nil).dialect == .protobuf)
    }

    @Test(arguments: [WireDialect.protobuf, .protobufWithSequences])
    func passesAreSentInProtobuf(dialect: WireDialect) async throws {
        let backend = try TestBackend()
        defer { backend.stop() }
        let trainer = try await backend.trainer(dialect: dialect)
        let batch = [Datum.example(count: 4, advantage: 0.5), .example(count: 300)]
        #expect(try await trainer.forward(batch).map(\.count) == [4, 300])
        let step = try await trainer.trainStep(
            batch, loss: .ppo(clipLow: 0.8, clipHigh: 1.25), optimizer: AdamParameters(learningRate: 0.001))
        #expect(step.logprobs == batch.map { Array(repeating: -1, count: $0.count) })
        #expect(step.loss == 304)
        #expect(backend.requests("forward").isEmpty)
        let passes = backend.passes()
        #expect(passes.map(\.forwardOnly) == [true, false])
        #expect(passes.map(\.seqID) == [1, 2])
        #expect(passes.map(\.modelID) == ["model_1", "model_1"])
        #expect(passes[1].lossFn == "ppo")
        #expect(passes[1].lossFnConfig == ["clip_low_threshold": 0.8, "clip_high_threshold": 1.25])
        #expect(passes[1].lossFnConfigV2.mapValues(\.number) == passes[1].lossFnConfig)
        let polls = backend.requests("retrieve_future").filter {
            ["Forward", "ForwardBackward"].contains($0.headers["x-tinker-request-type"])
        }
        #expect(polls.allSatisfy { $0.headers["accept"] == WireDialect.mediaType })
        #expect(backend.bodies("optim_step").map { $0["seq_id"] } == [3])
    }

    @Test func bodiesAreCompressedWhereTheServerAsksForIt() async throws {
        let backend = try TestBackend { request, path, earlier in
            switch path {
            case "client/config": return .json(#"{"proto_compress_fwdbwd":true}"#)
            case "forward_backward": return .json(#"{"request_id":"compressed"}"#)
            case "retrieve_future" where request.text.contains("compressed"):
                return .json(#"{"loss_fn_outputs":[{"logprobs":{"data":[-1,-2,-3]}}]}"#)
            default: return nil
            }
        }
        defer { backend.stop() }
        // The result comes in JSON, which is accepted in every dialect.
        #expect(try await backend.trainer(dialect: .protobuf).forward([.example(count: 3)]) == [[-1, -2, -3]])
        let request = try #require(backend.requests("forward_backward").first)
        #expect(request.headers["content-encoding"] == "zstd")
        let message = try TinkerPublic_ForwardBackwardRequest(
            serializedBytes: try Zstandard.decompress(request.body))
        #expect(message.data.count == 1)
    }

    /// Results that no server should send.
    @Test(arguments: 0..<8) func aBrokenResultInProtobufIsGarbage(number: Int) async throws {
        var tensor = TinkerPublic_BatchedTensor()
        tensor.dtype = .float32
        tensor.data = PackedArrays.data([-1, -2, -3] as [Float])
        tensor.offsets = PackedArrays.data([0, 12] as [Int64])
        var record = TinkerPublic_ArrayRecord()
        record.numDatums = 1
        switch number {
        case 0: tensor.data = PackedArrays.data([-1, .nan, -3] as [Float])
        case 1: tensor.offsets = PackedArrays.data([0, 8] as [Int64])
        case 2: tensor.offsets = PackedArrays.data([0] as [Int64])
        case 3: tensor.offsets = PackedArrays.data([4, 12] as [Int64])
        case 4: tensor.dtype = .int64
        case 5: record.numDatums = 2
        case 6: record.numDatums = -1
        default: break
        }
        record.fields = [number == 7 ? "elementwise_loss" : "logprobs": tensor]
        var output = TinkerPublic_ForwardBackwardOutput()
        output.lossFnOutputs = [record]
        let bytes: [UInt8] = try output.serializedBytes()
        let error = try await self.error(of: bytes)
        #expect(error?.kind == "garbage")
    }

    @Test func aTruncatedResultInProtobufIsGarbage() async throws {
        var output = TinkerPublic_ForwardBackwardOutput()
        output.metrics = ["loss:sum": 3]
        let bytes: [UInt8] = try output.serializedBytes()
        for length in [1, bytes.count / 2, bytes.count - 1] {
            #expect(try await error(of: Array(bytes[..<length]))?.kind == "garbage")
        }
    }

    private func error(of result: [UInt8]) async throws -> BackendError? {
        let backend = try TestBackend { request, path, _ in
            path == "retrieve_future" && request.headers["x-tinker-request-type"] == "Forward"
                ? .bytes(result, contentType: WireDialect.mediaType) : nil
        }
        defer { backend.stop() }
        let trainer = try await backend.trainer(dialect: .protobuf)
        return await backendError { () async throws(BackendError) in try await trainer.forward([.example(count: 3)]) }
    }

    @Test func bfloat16ResultsAreWidened() async throws {
        var tensor = TinkerPublic_BatchedTensor()
        tensor.dtype = .bfloat16
        // -1.5, -0.25 and -3 have bfloat16 forms without rounding.
        tensor.data = Data(
            [-1.5, -0.25, -3].flatMap { (value: Float) -> [UInt8] in
                let bits = UInt16(value.bitPattern >> 16)
                return [UInt8(bits & 0xFF), UInt8(bits >> 8)]
            })
        tensor.offsets = PackedArrays.data([0, 2, 6] as [Int64])
        var record = TinkerPublic_ArrayRecord()
        record.numDatums = 2
        record.fields = ["logprobs": tensor]
        var output = TinkerPublic_ForwardBackwardOutput()
        output.lossFnOutputs = [record]
        let bytes: [UInt8] = try output.serializedBytes()
        let backend = try TestBackend { request, path, _ in
            path == "retrieve_future" && request.headers["x-tinker-request-type"] == "Forward"
                ? .bytes(bytes, contentType: "application/x-protobuf; charset=binary") : nil
        }
        defer { backend.stop() }
        let trainer = try await backend.trainer(dialect: .protobuf)
        #expect(try await trainer.forward([.example(count: 1), .example(count: 2)]) == [[-1.5], [-0.25, -3]])
    }

    @Test func loadingMakesANewModelWhereTheDialectWantsThat() async throws {
        let backend = try TestBackend()
        defer { backend.stop() }
        let trainer = try await backend.trainer(dialect: .protobufWithSequences)
        _ = try await trainer.forward([.example(count: 3)])
        try await trainer.loadState(from: "tinker://run/weights/a")
        let body = try #require(backend.bodies("load_weights").first)
        #expect(body["session_id"] == "session_1")
        #expect(body["model_seq_id"] == 1)
        #expect(body["model_id"] == nil)
        #expect(body["optimizer"] == true)
        #expect(trainer.modelIdentifier == "model_2")
        _ = try await trainer.forward([.example(count: 3)])
        #expect(backend.passes().map(\.seqID) == [1, 1])
        #expect(backend.passes().map(\.modelID) == ["model_1", "model_2"])
    }
}
