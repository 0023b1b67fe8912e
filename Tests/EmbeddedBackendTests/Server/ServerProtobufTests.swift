import Foundation
import Primitives
import Storage
import SwiftProtobuf
import Testing
import TinkerProtocol

@testable import EmbeddedBackend

/// The binary dialects: bodies of forward-backward, results of it and of sampling.
@Suite struct ServerProtobufTests {
    typealias Request = TinkerPublic_ForwardBackwardRequest

    private static let binary = "application/x-protobuf"
    private static let limits = ModelLimits(vocabularySize: 512, maximumPositions: 8)

    private static func tensor(_ values: [Float]) -> TinkerPublic_Tensor {
        var tensor = TinkerPublic_Tensor()
        tensor.dense = PackedArrays.data(values)
        tensor.dtype = .float32
        tensor.shape = [Int64(values.count)]
        return tensor
    }

    private static func tensor(_ values: [Int64]) -> TinkerPublic_Tensor {
        var tensor = TinkerPublic_Tensor()
        tensor.dense = PackedArrays.data(values)
        tensor.dtype = .int64
        tensor.shape = [Int64(values.count)]
        return tensor
    }

    private static func request(
        model: String = "m", sequence: Int = 1, tokens: [TokenID] = [3, 10, 20], loss: String = "cross_entropy"
    ) -> Request {
        var chunk = TinkerPublic_Chunk()
        chunk.encodedText.tokens = PackedArrays.data(tokens)
        var datum = TinkerPublic_Datum()
        datum.modelInput = [chunk]
        datum.lossFnInputs = [
            "target_tokens": tensor([Int64](tokens.dropFirst().map(Int64.init)) + [40]),
            "weights": tensor([Float](repeating: 1, count: tokens.count)),
        ]
        if loss != "cross_entropy" {
            datum.lossFnInputs["logprobs"] = tensor([Float](repeating: -1, count: tokens.count))
            datum.lossFnInputs["advantages"] = tensor([Float](repeating: 0.5, count: tokens.count))
        }
        var request = Request()
        request.modelID = model
        request.seqID = Int32(sequence)
        request.data = [datum]
        request.lossFn = loss
        return request
    }

    // MARK: Decoding

    private static func decode(_ request: Request) throws -> TrainingBatch {
        try ProtobufBatchDecoder([UInt8](try request.serializedData())).decode(limits: limits)
    }

    @Test func aMessageIsReadAsItsJSONIs() throws {
        let batch = try Self.decode(Self.request())
        #expect(batch.sequences.count == 1)
        #expect(batch.sequences[0].inputTokens == [3, 10, 20])
        #expect(batch.sequences[0].targetTokens == [10, 20, 40])
        #expect(batch.sequences[0].weights == [1, 1, 1])
        #expect(batch.loss == .crossEntropy)
    }

    @Test func settingsAreReadFromBothFields() throws {
        var request = Self.request(loss: "ppo")
        request.lossFnConfig = ["clip_low_threshold": 0.7]
        request.lossFnConfigV2["clip_high_threshold"] = .with { $0.number = 1.3 }
        request.lossFnConfigV2["clip_low_threshold"] = .with { $0.number = 0.7 }
        #expect(try Self.decode(request).loss == .ppo(clipLow: 0.7, clipHigh: 1.3))
        request.lossFnConfigV2["clip_low_threshold"] = .with { $0.number = 0.6 }
        #expect(throws: ServiceError.self) { try Self.decode(request) }
    }

    /// What is done to a good request, and what the refusal must name.
    static let spoilt: [(String, @Sendable (inout Request) throws -> Void)] = [
        ("loss_fn` is `gspo`", { $0.lossFn = "gspo" }),
        ("loss_fn_config.beta", { $0.lossFnConfig = ["beta": 1] }),
        ("loss_fn_config_v2.mode", { $0.lossFnConfigV2 = ["mode": .with { $0.text = "x" }] }),
        ("at least one datum", { $0.data = [] }),
        ("data[0].model_input", { $0.data[0].modelInput = [] }),
        ("data[0].model_input[0]", { $0.data[0].modelInput[0].dmel = .init() }),
        ("no multiple of 4", { $0.data[0].modelInput[0].encodedText.tokens = Data([1, 2, 3]) }),
        ("token 512", { $0.data[0].modelInput[0].encodedText.tokens = PackedArrays.data([512, 1, 2] as [TokenID]) }),
        ("8 positions", { $0 = request(tokens: Array(0..<9)) }),
        ("target_tokens` is missing", { $0.data[0].lossFnInputs["target_tokens"] = nil }),
        ("weights` is missing", { $0.data[0].lossFnInputs["weights"] = nil }),
        ("loss_fn_inputs.mask", { $0.data[0].lossFnInputs["mask"] = tensor([Float](repeating: 1, count: 3)) }),
        ("weights.dtype` is INT64", { $0.data[0].lossFnInputs["weights"] = tensor([1, 1, 1] as [Int64]) }),
        ("target_tokens.dtype` is FLOAT32", { $0.data[0].lossFnInputs["target_tokens"]?.dtype = .float32 }),
        ("weights.shape` is [2]", { $0.data[0].lossFnInputs["weights"] = tensor([1, 1] as [Float]) }),
        ("weights.shape` is [1, 3]", { $0.data[0].lossFnInputs["weights"]?.shape = [1, 3] }),
        ("12 bytes", { $0.data[0].lossFnInputs["target_tokens"]?.dense = Data(count: 12) }),
        ("weights[1]` is nan", { $0.data[0].lossFnInputs["weights"] = tensor([1, .nan, 1] as [Float]) }),
        ("weights` is sparse", { $0.data[0].lossFnInputs["weights"]?.sparseCsr = .init() }),
        ("neither dense nor sparse", { $0.data[0].lossFnInputs["weights"]?.encoding = nil }),
        ("token -1", { $0.data[0].lossFnInputs["target_tokens"] = tensor([1, 2, -1] as [Int64]) }),
        // Field 99, a number.
        ("the request", { try $0.merge(serializedBytes: [0x98, 0x06, 0x01]) }),
        ("data[0]` has a field", { try $0.data[0].merge(serializedBytes: [0x98, 0x06, 0x01]) }),
    ]

    @Test(arguments: 0..<spoilt.count)
    func everyBadMessageIsNamed(index: Int) throws {
        var request = Self.request()
        try Self.spoilt[index].1(&request)
        #expect {
            try Self.decode(request)
        } throws: { error in
            "\(error)".contains(Self.spoilt[index].0)
        }
    }

    @Test func aBodyThatIsNoMessageIsRefused() {
        #expect(throws: ServiceError.self) { try ProtobufBatchDecoder([0xFF, 0xFF]) }
    }

    // MARK: Over HTTP

    private static func post(
        _ server: ServerFixture, _ request: Request, compressed: Bool = false
    ) async throws -> (status: Int, body: JSONValue) {
        var headers = ["Content-Type": binary]
        var body = [UInt8](try request.serializedData())
        if compressed {
            headers["Content-Encoding"] = "zstd"
            body = Zstandard.compress(body)
        }
        let answer = try await server.sendRaw("POST", "forward_backward", body: body, headers: headers)
        return (answer.status, try JSONValue.parse(answer.body))
    }

    /// The binary result of a promise.
    private static func result(_ server: ServerFixture, of promise: JSONValue) async throws -> [UInt8] {
        let body: JSONValue = ["request_id": promise["request_id"] ?? .null, "allow_metadata_only": true]
        while true {
            let answer = try await server.sendRaw(
                "POST", "retrieve_future", body: body.serialized(), headers: ["Accept": binary])
            if answer.type == binary { return answer.body }
            #expect(try JSONValue.parse(answer.body)["type"] == "try_again")
        }
    }

    @Test(arguments: [false, true])
    func messagesTrainAndAreAnsweredWithMessages(compressed: Bool) async throws {
        try await ServerFixture.with { server in
            let model = try await server.makeModel(try await server.makeSession())
            var request = Self.request(model: model)
            request.forwardOnly = true
            let forward = try await Self.post(server, request, compressed: compressed)
            #expect(forward.status == 200)
            let output = try TinkerPublic_ForwardBackwardOutput(
                serializedBytes: try await Self.result(server, of: forward.body))
            let record = try #require(output.lossFnOutputs.first)
            #expect(record.numDatums == 1)
            let logprobs = try #require(record.fields["logprobs"])
            #expect(PackedArrays.floats(logprobs.data) == [-0.1, -0.2, -0.4])
            #expect(PackedArrays.integers(logprobs.offsets) == [0, 12])
            #expect(abs((output.metrics["loss:sum"] ?? 0) - 0.7) < 1e-6)
            // No gradient came of it.
            let trained = try await Self.post(server, Self.request(model: model, sequence: 2), compressed: compressed)
            _ = try await Self.result(server, of: trained.body)
            _ = try await server.run("optim_step", ServerFixture.step(model, 3))
            #expect(server.log.all == ["forward 1", "forward 1", "step 1 clip 0.0"])
        }
    }

    @Test func aRepeatedMessageIsExecutedOnce() async throws {
        try await ServerFixture.with { server in
            let model = try await server.makeModel(try await server.makeSession())
            let first = try await Self.post(server, Self.request(model: model))
            let again = try await Self.post(server, Self.request(model: model), compressed: true)
            #expect(first.body == again.body)
            let other = try await Self.post(server, Self.request(model: model, tokens: [1, 2]))
            #expect(other.status == 400)
            _ = try await Self.result(server, of: first.body)
            #expect(server.log.all == ["forward 1"])
        }
    }

    @Test func encodingsAndTypesThatAreNotTakenAreNamed() async throws {
        try await ServerFixture.with { server in
            for (encoding, status) in [("gzip", 415), ("zstd", 400)] {
                let answer = try await server.sendRaw(
                    "POST", "forward_backward", body: [1],
                    headers: ["Content-Type": Self.binary, "Content-Encoding": encoding])
                #expect(answer.status == status)
            }
            let elsewhere = try await server.sendRaw(
                "POST", "optim_step", body: [1], headers: ["Content-Type": Self.binary])
            #expect(elsewhere.status == 415)
        }
    }

    @Test func samplesAreAnsweredWithMessages() async throws {
        try await ServerFixture.with { server in
            let body: JSONValue = [
                "sampling_session_id": .string(try await server.makeSampler()), "seq_id": 0, "num_samples": 2,
                "prompt": ["chunks": [["tokens": [3, 10, 20], "type": "encoded_text"]]], "prompt_logprobs": true,
                "topk_prompt_logprobs": 2, "topk_sample_logprobs": 3, "prompt_logprobs_last_n": 1,
                "sampling_params": ["max_tokens": 2, "seed": 100],
            ]
            let promise = try await server.ok("asample", body)
            #expect(promise["sample_sequence_ids"]?.arrayValue?.count == 2)
            let response = try TinkerPublic_SampleResponse(
                serializedBytes: try await Self.result(server, of: promise))
            #expect(response.sequences.map { PackedArrays.tokens($0.tokens) } == [[100, 101], [101, 102]])
            #expect(response.sequences[0].stopReason == .length)
            #expect(PackedArrays.floats(response.sequences[0].logprobs)?.count == 2)
            let top = response.sequences[1].topkSampledLogprobs
            #expect(top.k == 3 && top.length == 2)
            #expect(PackedArrays.tokens(top.tokenIds) == [1, 2, 3, 1, 2, 3])
            let prompt = try #require(PackedArrays.floats(response.promptLogprobs))
            #expect(prompt.count == 3 && prompt[0].isNaN && prompt[1].isNaN && prompt[2] == -2.5)
            #expect(PackedArrays.tokens(response.topkPromptLogprobs.tokenIds) == [0, 0, 0, 0, 1, 2])
            #expect(PackedArrays.floats(response.topkPromptLogprobs.logprobs)?.prefix(1) == [-99_999])
        }
    }
}
