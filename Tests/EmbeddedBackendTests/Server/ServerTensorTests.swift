import Foundation
import Primitives
import Testing
import TinkerProtocol

@testable import EmbeddedBackend

/// Tensors of two dimensions and sparse ones, in JSON and in protobuf, as the SDKs make them of two-dimensional
/// `target_tokens` and `weights`.
@Suite struct ServerTensorTests {
    private static let limits = ModelLimits(vocabularySize: 512, maximumPositions: 8)
    private static let targets: [Int64] = [3, 0, 0, 0, 5, 0, 9, 0, 8, 7, 0, 0]
    private static let weights: [Float] = [0.5, 0, 0, 0, -1, 0, 0.25, 0, 0.125, 1, 0, 0]

    /// A tensor of three rows, independent of the wire.
    struct Tensor {
        var integers: [Int64]?
        var floats: [Float]?
        var shape: [Int64]
        var starts: [Int64]?
        var places: [Int64]?

        var json: JSONValue {
            var object: JSONObject = [
                "dtype": .string(integers == nil ? "float32" : "int64"), "shape": Self.array(shape),
                "data": integers.map(Self.array) ?? .floats(floats ?? []),
            ]
            if let starts { object["sparse_crow_indices"] = Self.array(starts) }
            if let places { object["sparse_col_indices"] = Self.array(places) }
            return .object(object)
        }

        var message: TinkerPublic_Tensor {
            var message = TinkerPublic_Tensor()
            let data = integers.map { PackedArrays.data($0) } ?? PackedArrays.data(floats ?? [])
            message.dtype = integers == nil ? .float32 : .int64
            message.shape = shape
            message.dense = data
            if starts != nil || places != nil {
                message.sparseCsr.values = data
                message.sparseCsr.crowIndices = PackedArrays.data(starts ?? [])
                message.sparseCsr.colIndices = PackedArrays.data(places ?? [])
            }
            return message
        }

        private static func array(_ numbers: [Int64]) -> JSONValue { .array(numbers.map { .integer($0) }) }
    }

    enum Wire: String, CaseIterable, Sendable { case json, protobuf }

    private static func decode(
        _ wire: Wire, _ tensors: [String: Tensor], loss: String = "cross_entropy", trains: Bool = true
    ) throws -> TrainingBatch {
        switch wire {
        case .json:
            let inputs = JSONObject(
                uniqueKeysWithValues: tensors.sorted { $0.key < $1.key }.map { ($0.key, $0.value.json) })
            let datum: JSONValue = [
                "model_input": ["chunks": [["tokens": [1, 2, 4], "type": "encoded_text"]]],
                "loss_fn_inputs": .object(inputs),
            ]
            return try TrainingBatchDecoder(limits: limits, member: "forward_backward_input", trains: trains).decode(
                ["forward_backward_input": ["data": [datum], "loss_fn": .string(loss)]])
        case .protobuf:
            var datum = TinkerPublic_Datum()
            var chunk = TinkerPublic_Chunk()
            chunk.encodedText.tokens = PackedArrays.data([1, 2, 4] as [TokenID])
            datum.modelInput = [chunk]
            datum.lossFnInputs = tensors.mapValues(\.message)
            var request = TinkerPublic_ForwardBackwardRequest()
            request.data = [datum]
            request.lossFn = loss
            request.forwardOnly = !trains
            return try ProtobufBatchDecoder([UInt8](try request.serializedData())).decode(limits: limits)
        }
    }

    private static let dense = [
        "target_tokens": Tensor(integers: targets, shape: [3, 4]), "weights": Tensor(floats: weights, shape: [3, 4]),
    ]

    /// As `torch.Tensor.to_sparse_csr` lists what is not zero.
    private static let sparse = [
        "target_tokens": Tensor(
            integers: [3, 5, 9, 8, 7], shape: [3, 4], starts: [0, 1, 3, 5], places: [0, 0, 2, 0, 1]),
        "weights": Tensor(
            floats: [0.5, -1, 0.25, 0.125, 1], shape: [3, 4], starts: [0, 1, 3, 5], places: [0, 0, 2, 0, 1]),
    ]

    @Test(arguments: Wire.allCases) func sparseAndDenseTensorsAreTheSameBatch(wire: Wire) throws {
        for tensors in [Self.dense, Self.sparse] {
            let batch = try Self.decode(wire, tensors)
            #expect(batch.columns == [4])
            #expect(batch.sequences[0].targetTokens == Self.targets.map(Int32.init))
            #expect(batch.sequences[0].weights == Self.weights)
            #expect(batch.sequences[0].targetsPerToken == 4)
        }
    }

    @Test(arguments: Wire.allCases) func aForwardPassTakesTargetsAlone(wire: Wire) throws {
        let batch = try Self.decode(wire, ["target_tokens": try #require(Self.dense["target_tokens"])], trains: false)
        #expect(batch.sequences[0].weights == [Float](repeating: 1, count: 12))
    }

    @Test(arguments: Wire.allCases) func whatIsNotServedIsNamed(wire: Wire) throws {
        let sparse = try #require(Self.sparse["weights"])
        func with(_ change: (inout Tensor) -> Void) -> [String: Tensor] {
            var tensors = Self.sparse
            var changed = sparse
            change(&changed)
            tensors["weights"] = changed
            return tensors
        }
        let line = Tensor(floats: [1, 1, 1], shape: [3])
        let cases: [([String: Tensor], String, [String])] = [
            (Self.dense, "ppo", ["target_tokens.shape` is [3, 4]", "expected [3]", "cross_entropy alone"]),
            (
                Self.dense.merging(["weights": line]) { $1 }, "cross_entropy",
                ["weights` has the shape [3], but target_tokens has [3, 4]"]
            ),
            (
                Self.dense.merging(["logprobs": Tensor(floats: Self.weights, shape: [3, 4])]) { $1 }, "cross_entropy",
                ["logprobs.shape` is [3, 4]; expected [3]"]
            ),
            (with { $0.shape = [4, 3] }, "cross_entropy", ["weights.shape` is [4, 3]", "[3, K]", "1 to 128"]),
            (with { $0.shape = [3, 129] }, "cross_entropy", ["weights.shape` is [3, 129]", "1 to 128"]),
            (with { $0.shape = [3, 2, 2] }, "cross_entropy", ["weights.shape` is [3, 2, 2]"]),
            (with { $0.shape = [3] }, "cross_entropy", ["weights` is sparse", "two dimensions"]),
            (with { $0.places = [0] }, "cross_entropy", ["5 values and 1 column"]),
            (with { $0.starts = [0, 1, 5] }, "cross_entropy", ["row pointers of the sparse", "4 ascending numbers"]),
            (with { $0.starts = [0, 3, 1, 5] }, "cross_entropy", ["row pointers"]),
            (with { $0.starts = [-1, 1, 3, 5] }, "cross_entropy", ["row pointers"]),
            (with { $0.starts = [0, 1, 3, 9] }, "cross_entropy", ["row pointers"]),
            (with { $0.places = [0, 0, 4, 0, 1] }, "cross_entropy", ["column index 2", "is 4", "below 4"]),
            (with { $0.places = [0, 2, 2, 0, 1] }, "cross_entropy", ["column index 2", "is 2", "ascending"]),
            (with { $0.places = [-1, 0, 2, 0, 1] }, "cross_entropy", ["column index 0", "is -1"]),
            (with { $0.floats = [0.5, .infinity, 0.25, 0.125, 1] }, "cross_entropy", ["weights", "[1]"]),
        ]
        for (tensors, loss, words) in cases {
            do {
                _ = try Self.decode(wire, tensors, loss: loss)
                Issue.record("accepted, but \(words) was expected")
            } catch let error as ServiceError {
                #expect(error.status == 400)
                for word in words { #expect(error.description.contains(word), "\(error.description)") }
            }
        }
    }

    /// Results have the shape of the targets; runs of datums of one width are one record of the binary form.
    @Test func resultsHaveTheShapeOfTheTargets() throws {
        let result = ForwardResult(
            logprobs: [[-1], [-2, -3, -4, -5], [-6, -7], [-8]], losses: [[0], [0, 0, 0, 0], [0, 0], [1]],
            columns: [nil, 2, 2, 1], lossSum: 1)
        let shapes = result.json["loss_fn_outputs"]?.arrayValue?.map { $0["logprobs"]?["shape"] }
        #expect(shapes == [[1], [2, 2], [1, 2], [1, 1]])
        let output = try TinkerPublic_ForwardBackwardOutput(serializedBytes: try #require(result.protobuf))
        #expect(output.lossFnOutputs.map(\.numDatums) == [1, 2, 1])
        #expect(output.lossFnOutputs.map { $0.fields["logprobs"]?.trailingShape } == [[], [2], [1]])
        let middle = try #require(output.lossFnOutputs[1].fields["logprobs"])
        #expect(PackedArrays.floats(middle.data) == [-2, -3, -4, -5, -6, -7])
        #expect(PackedArrays.integers(middle.offsets) == [0, 16, 24])
    }

    @Test func severalTargetsGoThroughTheServer() async throws {
        try await ServerFixture.with { server in
            let model = try await server.makeModel(try await server.makeSession())
            let datum: JSONValue = [
                "model_input": ["chunks": [["tokens": [1, 2, 4], "type": "encoded_text"]]],
                "loss_fn_inputs": .object(
                    JSONObject(
                        uniqueKeysWithValues: Self.sparse.sorted { $0.key < $1.key }.map { ($0.key, $0.value.json) })),
            ]
            let result = try await server.run(
                "forward_backward",
                [
                    "forward_backward_input": ["data": [datum], "loss_fn": "cross_entropy"],
                    "model_id": .string(model), "seq_id": 1,
                ])
            let logprobs = try #require(result["loss_fn_outputs"]?.arrayValue?.first?["logprobs"])
            #expect(logprobs["shape"] == [3, 4])
            #expect(logprobs["data"]?.floatsValue == Self.targets.map { -Float($0) / 100 })
            // −Σ weight · logprob, with the stand-in's logprobs −target / 100.
            let expected = zip(Self.targets, Self.weights).reduce(0.0) { $0 + Double($1.0) * Double($1.1) / 100 }
            #expect(abs((result["metrics"]?["loss:sum"]?.doubleValue ?? .nan) - expected) < 1e-6)
        }
    }
}
