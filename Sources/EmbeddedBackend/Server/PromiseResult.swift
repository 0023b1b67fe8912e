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
    /// Of every target, row by row.
    var logprobs: [[Float]]
    /// What every target contributes to the loss.
    var losses: [[Float]]
    /// Of each datum, how many targets a token has where its tensors have two dimensions.
    var columns: [Int?]
    var lossSum: Double

    private static let outputType = "scalar"
    private static let lossMetric = "loss:sum"

    var json: JSONValue {
        func tensor(_ values: [Float], _ columns: Int?) -> JSONValue {
            let shape = columns.map { [values.count / max(1, $0), $0] } ?? [values.count]
            return ["data": .floats(values), "dtype": "float32", "shape": .array(shape.map { .integer($0) })]
        }
        let outputs = columns.indices.map { index -> JSONValue in
            [
                "elementwise_loss": tensor(losses[index], columns[index]),
                "logprobs": tensor(logprobs[index], columns[index]),
            ]
        }
        return [
            "loss_fn_output_type": .string(Self.outputType), "loss_fn_outputs": .array(outputs),
            "metrics": [Self.lossMetric: .number(lossSum)],
        ]
    }

    /// A record holds datums of one width, so there are as many as there are runs of such datums. `nil` only where a message
    /// cannot be written at all, which numbers never cause.
    var protobuf: Data? {
        var output = TinkerPublic_ForwardBackwardOutput()
        output.lossFnOutputType = Self.outputType
        var start = 0
        while start < columns.count {
            let end = columns[start...].firstIndex { $0 != columns[start] } ?? columns.count
            var record = TinkerPublic_ArrayRecord()
            record.numDatums = Int64(end - start)
            record.fields = [
                "elementwise_loss": Self.tensor(losses[start..<end], columns[start]),
                "logprobs": Self.tensor(logprobs[start..<end], columns[start]),
            ]
            output.lossFnOutputs.append(record)
            start = end
        }
        output.metrics = [Self.lossMetric: lossSum]
        return try? output.serializedData()
    }

    private static func tensor(_ rows: ArraySlice<[Float]>, _ columns: Int?) -> TinkerPublic_BatchedTensor {
        var offsets: [Int64] = [0]
        for row in rows { offsets.append((offsets.last ?? 0) + Int64(4 * row.count)) }
        var tensor = TinkerPublic_BatchedTensor()
        tensor.data = PackedArrays.data(Array(rows.joined()))
        tensor.offsets = PackedArrays.data(offsets)
        tensor.dtype = .float32
        if let columns { tensor.trailingShape = [Int64(columns)] }
        return tensor
    }
}
