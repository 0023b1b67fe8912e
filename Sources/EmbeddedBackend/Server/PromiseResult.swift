import Foundation
import Primitives
import TinkerProtocol

/// What a promise holds: a result that has one form, or numbers that are written as JSON or as a binary message when a
/// client asks for them in that form.
enum PromiseResult: Sendable, Equatable {
    case json([UInt8])
    case forward(ForwardResult)
    case sample(SampleResult)

    /// About the bytes that it keeps and that its binary form has.
    var byteCount: Int {
        switch self {
        case .json(let bytes): bytes.count
        case .forward(let result): result.logprobs.reduce(128) { $0 + 8 * $1.count + 16 }
        case .sample(let result): result.byteCount
        }
    }

    /// - Parameter protobuf: whether the client can read the binary form.
    func response(protobuf: Bool) -> ServerResponse {
        switch self {
        case .json(let bytes): ServerResponse(body: bytes)
        case .forward(let result): Self.response(result.json, protobuf ? result.protobuf : nil)
        case .sample(let result): Self.response(result.json, protobuf ? result.protobuf : nil)
        }
    }

    private static func response(_ json: @autoclosure () -> JSONValue, _ message: Data?) -> ServerResponse {
        guard let message else { return ServerResponse(body: json().serialized()) }
        return ServerResponse(contentType: ServerResponse.protobuf, body: [UInt8](message))
    }
}

/// What came of a forward or a forward-backward pass.
struct ForwardResult: Sendable, Equatable {
    var logprobs: [[Float]]
    /// What every token contributes to the loss.
    var losses: [[Float]]
    var lossSum: Double

    private static let outputType = "scalar"
    private static let lossMetric = "loss:sum"

    var json: JSONValue {
        func tensor(_ values: [Float]) -> JSONValue {
            ["data": .floats(values), "dtype": "float32", "shape": [.integer(values.count)]]
        }
        let outputs = zip(losses, logprobs).map { loss, logprobs -> JSONValue in
            ["elementwise_loss": tensor(loss), "logprobs": tensor(logprobs)]
        }
        return [
            "loss_fn_output_type": .string(Self.outputType), "loss_fn_outputs": .array(outputs),
            "metrics": [Self.lossMetric: .number(lossSum)],
        ]
    }

    /// `nil` only where a message cannot be written at all, which numbers never cause.
    var protobuf: Data? {
        var record = TinkerPublic_ArrayRecord()
        record.numDatums = Int64(logprobs.count)
        record.fields = ["elementwise_loss": Self.tensor(losses), "logprobs": Self.tensor(logprobs)]
        var output = TinkerPublic_ForwardBackwardOutput()
        output.lossFnOutputType = Self.outputType
        output.lossFnOutputs = [record]
        output.metrics = [Self.lossMetric: lossSum]
        return try? output.serializedData()
    }

    private static func tensor(_ rows: [[Float]]) -> TinkerPublic_BatchedTensor {
        var offsets: [Int64] = [0]
        for row in rows { offsets.append((offsets.last ?? 0) + Int64(4 * row.count)) }
        var tensor = TinkerPublic_BatchedTensor()
        tensor.data = PackedArrays.data(Array(rows.joined()))
        tensor.offsets = PackedArrays.data(offsets)
        tensor.dtype = .float32
        return tensor
    }
}
