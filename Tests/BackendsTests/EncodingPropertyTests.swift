import Foundation
import Primitives
import Testing
import TinkerProtocol

@testable import Backends

/// The dialects say the same, and chunks are only packaging.
@Suite struct EncodingPropertyTests {
    static let losses: [LossFunction] = [
        .crossEntropy, .importanceSampling, .ppo(clipLow: 0.8, clipHigh: 1.2), .cispo(clipLow: 0, clipHigh: 4),
        .dro(beta: 0.1),
    ]

    /// Datums of 1 to 400 positions with tokens of every size and numbers of every exponent.
    static func batch(_ seed: UInt64) -> [Datum] {
        var draws = CounterRandom(seed: seed, stage: .sampling)
        return (0..<Int(1 + draws.next() % 12)).map { _ in
            let count = Int(1 + draws.next() % 400)
            func tokens() -> [TokenID] { (0..<count).map { _ in TokenID(draws.next() >> (33 + draws.next() % 31)) } }
            func floats() -> [Float] {
                (0..<count).map { _ in
                    let value = Float(bitPattern: UInt32(truncatingIfNeeded: draws.next()))
                    return value.isFinite ? value : 0
                }
            }
            return Datum(
                inputTokens: tokens(), targetTokens: tokens(), weights: floats(), logprobs: floats(),
                advantages: floats())
        }
    }

    private struct Read: Equatable {
        var inputs: [TokenID]
        var targets: [TokenID]
        /// Bit patterns, so that −0 is not 0.
        var floats: [String: [UInt32]]
    }

    private static func readJSON(_ bytes: [UInt8]) throws -> [Read] {
        let value = try JSONValue.parse(bytes)
        let data = try #require(value["forward_backward_input"]?["data"]?.arrayValue)
        return try data.map { item in
            let inputs = try #require(item["loss_fn_inputs"]?.objectValue)
            let floats = inputs.members.filter { $0.key != "target_tokens" }.map { member in
                (member.key, member.value["data"]?.floatsValue?.map(\.bitPattern) ?? [])
            }
            return Read(
                inputs: try #require(item["model_input"]?["chunks"]?.arrayValue?.first?["tokens"]?.tokensValue),
                targets: try #require(inputs["target_tokens"]?["data"]?.tokensValue),
                floats: Dictionary(uniqueKeysWithValues: floats))
        }
    }

    private static func readProtobuf(_ bytes: [UInt8]) throws -> [Read] {
        try TinkerPublic_ForwardBackwardRequest(serializedBytes: bytes).data.map { datum in
            let targets = try #require(datum.lossFnInputs["target_tokens"])
            #expect(datum.lossFnInputs.values.allSatisfy { $0.shape == targets.shape })
            return Read(
                inputs: try #require(PackedArrays.tokens(datum.modelInput[0].encodedText.tokens)),
                targets: try #require(PackedArrays.integers(targets.dense, type: targets.dtype)).map { TokenID($0) },
                floats: try datum.lossFnInputs.filter { $0.key != "target_tokens" }.mapValues {
                    try #require(PackedArrays.floats($0.dense, type: $0.dtype)).map(\.bitPattern)
                })
        }
    }

    @Test(arguments: losses, 0..<4 as Range<UInt64>)
    func bothDialectsCarryTheSameDatums(loss: LossFunction, seed: UInt64) throws {
        let batch = Self.batch(seed)
        for sendsWeights in [true, false] {
            func body(_ dialect: WireDialect) throws -> [UInt8] {
                let chunk = try DatumEncoder.chunks(
                    batch, loss: loss, sendsWeights: sendsWeights, limits: .init(bytes: 1 << 30), dialect: dialect)[0]
                return DatumEncoder.body(
                    chunk, forwardOnly: false, loss: loss, modelIdentifier: "a:train:0", sequence: 300
                ).bytes
            }
            let json = try Self.readJSON(try body(.json))
            #expect(json == (try Self.readProtobuf(try body(.protobuf))))
            #expect(json.map(\.inputs) == batch.map(\.inputTokens))
            #expect(json.map(\.targets) == batch.map(\.targetTokens))
        }
    }

    /// The bytes are those of SwiftProtobuf, map entries apart, whose order is free.
    @Test(arguments: losses) func protobufIsWhatTheLibraryWrites(loss: LossFunction) throws {
        let chunk = try DatumEncoder.chunks(
            Self.batch(7), loss: loss, sendsWeights: true, limits: .init(bytes: 1 << 30), dialect: .protobuf)[0]
        for forwardOnly in [true, false] {
            let bytes = DatumEncoder.body(
                chunk, forwardOnly: forwardOnly, loss: loss, modelIdentifier: "model_1", sequence: 12
            ).bytes
            let message = try TinkerPublic_ForwardBackwardRequest(serializedBytes: bytes)
            #expect(message.unknownFields.data.isEmpty)
            let again: [UInt8] = try message.serializedBytes()
            #expect(again.count == bytes.count)
            #expect(message.forwardOnly == forwardOnly)
            #expect(message.seqID == 12)
        }
    }

    @Test(arguments: WireDialect.allCases, 0..<6 as Range<UInt64>)
    func chunksCoverTheBatchInOrderWithinTheLimits(dialect: WireDialect, seed: UInt64) throws {
        let batch = Self.batch(seed)
        var draws = CounterRandom(seed: seed, stage: .evaluation)
        let limits = DatumEncoder.Limits(datums: Int(1 + draws.next() % 4), bytes: Int(1 + draws.next() % 20_000))
        let chunks = try DatumEncoder.chunks(
            batch, loss: .importanceSampling, sendsWeights: true, limits: limits, dialect: dialect)
        #expect(chunks.flatMap(\.range) == Array(batch.indices))
        #expect(chunks.allSatisfy { $0.range.count <= limits.datums })
        #expect(chunks.allSatisfy { $0.range.count == 1 || $0.data.count <= limits.bytes })
    }

    /// However a batch is cut, and in whatever order its chunks arrive, the step reports the same.
    @Test(arguments: WireDialect.allCases, [1, 2, 3, 5, 100])
    func anyChunkingGivesTheSameResult(dialect: WireDialect, datums: Int) async throws {
        let backend = try TestBackend { _, path, _ in
            path == "client/config"
                ? .json(#"{"fwdbwd_max_chunk_len":\#(datums),"parallel_fwdbwd_chunks":\#(datums % 2 == 0)}"#) : nil
        }
        defer { backend.stop() }
        let batch = (1...9).map { Datum.example(count: $0) }
        let step = try await backend.trainer(dialect: dialect).trainStep(
            batch, loss: .importanceSampling, optimizer: AdamParameters(learningRate: 0.001))
        #expect(step.logprobs == batch.map { Array(repeating: -1, count: $0.count) })
        #expect(step.loss == 45)
        let count = (9 + datums - 1) / datums
        #expect(backend.requests("forward_backward").count == count)
        #expect(backend.bodies("optim_step").first?["seq_id"] == .integer(count + 1))
    }

    /// Where the server holds later chunks back, the first is sent when all others are accepted.
    @Test func theFirstChunkIsSentLast() async throws {
        let others = Gate(opensAt: 4)
        let backend = try TestBackend { request, path, _ in
            if path == "client/config" {
                return .json(#"{"fwdbwd_max_chunk_len":1,"parallel_fwdbwd_chunks":true}"#)
            }
            // All others have to be on their way at once, or none is ever answered.
            if path == "forward_backward", !request.text.contains(#""seq_id":1}"#) { others.arrive() }
            return nil
        }
        defer { backend.stop() }
        let batch = (1...5).map { Datum.example(count: $0) }
        let step = try await backend.trainer().trainStep(
            batch, loss: .importanceSampling, optimizer: AdamParameters(learningRate: 0.001))
        #expect(step.logprobs.map(\.count) == [1, 2, 3, 4, 5])
        let sequences = backend.bodies("forward_backward").map { $0["seq_id"]?.integerValue }
        #expect(sequences.last == 1)
        #expect(Set(sequences) == [1, 2, 3, 4, 5])
        #expect(backend.bodies("optim_step").first?["seq_id"] == 6)
    }

    @Test func aChunkThatIsRefusedStopsTheStep() async throws {
        let backend = try TestBackend { request, path, _ in
            if path == "client/config" {
                return .json(#"{"fwdbwd_max_chunk_len":1,"parallel_fwdbwd_chunks":true}"#)
            }
            return path == "forward_backward" && request.text.contains(#""seq_id":3}"#)
                ? .json(#"{"detail":"too long"}"#, status: 422) : nil
        }
        defer { backend.stop() }
        let trainer = try await backend.trainer()
        let error = await backendError { () async throws(BackendError) in
            try await trainer.trainStep(
                (1...4).map { .example(count: $0) }, loss: .importanceSampling,
                optimizer: AdamParameters(learningRate: 0.001))
        }
        #expect(error?.kind == "rejected")
        #expect(backend.bodies("forward_backward").allSatisfy { $0["seq_id"] != 1 })
        #expect(backend.requests("optim_step").isEmpty)
        let next = await backendError { () async throws(BackendError) in try await trainer.saveState(named: "x") }
        #expect(next?.kind == "trainerUnusable")
    }
}
