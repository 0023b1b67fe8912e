import Primitives
import TinkerProtocol

/// Dialects P1 and P2: the messages of `tinker_public.proto`, written without a tree of them.
extension DatumEncoder {
    /// A loss input, by its name on the wire.
    private enum LossInput {
        case tokens(String, [TokenID])
        case floats(String, [Float])

        var name: String {
            switch self {
            case .tokens(let name, _), .floats(let name, _): name
            }
        }

        var count: Int {
            switch self {
            case .tokens(_, let tokens): tokens.count
            case .floats(_, let floats): floats.count
            }
        }

        /// Targets are int64, everything else float32.
        var elementSize: Int {
            switch self {
            case .tokens: 8
            case .floats: 4
            }
        }

        var type: TinkerPublic_DType {
            switch self {
            case .tokens: .int64
            case .floats: .float32
            }
        }

        /// `dense`, `dtype` and the packed `shape` of a `Tensor` of one dimension.
        var tensorSize: Int {
            let shape = ProtobufWriter.size(of: UInt64(count))
            return ProtobufWriter.size(ofField: 1, length: elementSize * count) + 2
                + ProtobufWriter.size(ofField: 4, length: shape)
        }

        var entrySize: Int {
            ProtobufWriter.size(ofField: 1, length: name.utf8.count)
                + ProtobufWriter.size(ofField: 2, length: tensorSize)
        }

        func write(to writer: inout ProtobufWriter) {
            writer.append(field: 1, string: name)
            writer.append(field: 2, length: tensorSize)
            writer.append(field: 1, length: elementSize * count)
            switch self {
            case .tokens(_, let tokens): writer.append(packedWide: tokens)
            case .floats(_, let floats): writer.append(packed: floats)
            }
            writer.append(field: 3, varint: UInt64(type.rawValue))
            writer.append(field: 4, length: ProtobufWriter.size(of: UInt64(count)))
            writer.append(varint: UInt64(count))
        }
    }

    /// A datum as one field `data` of a `ForwardBackwardRequest`.
    static func protobuf(_ datum: Datum, loss: LossFunction, sendsWeights: Bool) -> [UInt8] {
        var inputs: [LossInput] = [.tokens("target_tokens", datum.targetTokens)]
        if loss == .crossEntropy || sendsWeights { inputs.append(.floats("weights", datum.weights)) }
        if loss != .crossEntropy {
            inputs.append(.floats("logprobs", datum.logprobs))
            inputs.append(.floats("advantages", datum.advantages))
        }
        let text = ProtobufWriter.size(ofField: 1, length: 4 * datum.count)
        let chunk = ProtobufWriter.size(ofField: 1, length: text)
        let size =
            ProtobufWriter.size(ofField: 1, length: chunk)
            + inputs.reduce(0) { $0 + ProtobufWriter.size(ofField: 2, length: $1.entrySize) }
        var writer = ProtobufWriter(capacity: ProtobufWriter.size(ofField: 3, length: size))
        writer.append(field: 3, length: size)
        writer.append(field: 1, length: chunk)
        writer.append(field: 1, length: text)
        writer.append(field: 1, length: 4 * datum.count)
        writer.append(packed: datum.inputTokens)
        for input in inputs {
            writer.append(field: 2, length: input.entrySize)
            input.write(to: &writer)
        }
        return writer.bytes
    }

    /// The numbers of the loss's configuration stand in `loss_fn_config` and again in `loss_fn_config_v2`, for servers that
    /// know only one of them.
    static func protobufBody(
        _ chunk: Chunk, forwardOnly: Bool, loss: LossFunction, modelIdentifier: String, sequence: Int
    ) -> [UInt8] {
        var writer = ProtobufWriter(capacity: chunk.data.count + 512)
        writer.append(field: 1, string: modelIdentifier)
        if sequence != 0 { writer.append(field: 2, varint: UInt64(bitPattern: Int64(sequence))) }
        writer.append(raw: chunk.data)
        writer.append(field: 4, string: loss.wireName)
        let configuration = loss.wireConfiguration.sorted { $0.key < $1.key }
        for (name, value) in configuration {
            writer.append(field: 5, length: ProtobufWriter.size(ofField: 1, length: name.utf8.count) + 9)
            writer.append(field: 1, string: name)
            writer.append(field: 2, double: value)
        }
        if forwardOnly { writer.append(field: 6, varint: 1) }
        for (name, value) in configuration {
            writer.append(field: 7, length: ProtobufWriter.size(ofField: 1, length: name.utf8.count) + 11)
            writer.append(field: 1, string: name)
            writer.append(field: 2, length: 9)
            writer.append(field: 1, double: value)
        }
        return writer.bytes
    }
}
