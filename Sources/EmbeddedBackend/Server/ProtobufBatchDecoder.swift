import Foundation
import Primitives
import SwiftProtobuf
import TinkerProtocol

/// Reads the binary form of `forward_backward`, straight into what the engine takes, as strictly as
/// ``TrainingBatchDecoder`` reads JSON: fields that the protocol does not have, numbers of another type and other shapes are
/// refused.
struct ProtobufBatchDecoder {
    let message: TinkerPublic_ForwardBackwardRequest

    init(_ body: [UInt8]) throws(ServiceError) {
        do { message = try TinkerPublic_ForwardBackwardRequest(serializedBytes: body) } catch {
            throw .invalid("the body of forward_backward is no ForwardBackwardRequest message: \(error)")
        }
    }

    /// Whether a gradient is wanted.
    var trains: Bool { !message.forwardOnly }

    func decode(limits: ModelLimits) throws(ServiceError) -> TrainingBatch {
        try refuseUnknown(message, "the request")
        let loss = try loss()
        guard !message.data.isEmpty else { throw .invalid("`data` should have at least one datum") }
        var sequences: [TrainingSequence] = []
        var columns: [Int?] = []
        sequences.reserveCapacity(message.data.count)
        for (index, datum) in message.data.enumerated() {
            let read = try sequence(from: datum, path: "data[\(index)]", loss: loss, limits: limits)
            sequences.append(read.sequence)
            columns.append(read.columns)
        }
        return TrainingBatch(sequences: sequences, loss: loss, columns: columns)
    }

    // MARK: Loss

    /// The settings stand in two fields: clients write numbers into both, texts into the second alone.
    private func loss() throws(ServiceError) -> DecoderLoss {
        var numbers = message.lossFnConfig
        for (key, value) in message.lossFnConfigV2 {
            try refuseUnknown(value, "loss_fn_config_v2.\(key)")
            guard case .number(let number) = value.value else {
                throw .invalid("`loss_fn_config_v2.\(key)` is no number; \(message.lossFn) takes numbers only")
            }
            if let other = numbers[key], other != number {
                throw .invalid("`loss_fn_config.\(key)` is \(other), but \(number) in `loss_fn_config_v2`")
            }
            numbers[key] = number
        }
        let settings = numbers.sorted { $0.key < $1.key }.map { (key: $0.key, value: $0.value) }
        return try LossSettings.loss(named: message.lossFn, settings: settings, path: "")
    }

    // MARK: Datum

    private func sequence(
        from datum: TinkerPublic_Datum, path: String, loss: DecoderLoss, limits: ModelLimits
    ) throws(ServiceError) -> (sequence: TrainingSequence, columns: Int?) {
        try refuseUnknown(datum, path)
        let assembler = SequenceAssembler(limits: limits, trains: trains)
        let tokens = try modelInput(datum.modelInput, path: path + ".model_input", limits: limits)
        try assembler.checkLength(tokens, path: path)
        for name in datum.lossFnInputs.keys.sorted() where !SequenceAssembler.fields.contains(name) {
            throw SequenceAssembler.unknownField(name, path: path)
        }
        func place(_ name: String) -> TensorPlace {
            TensorPlace(
                path: "\(path).loss_fn_inputs.\(name)", rows: tokens.count,
                takesColumns: SequenceAssembler.takesColumns(name, loss: loss))
        }
        func numbers(_ name: String) throws(ServiceError) -> LossTensor<Float>? {
            guard let tensor = datum.lossFnInputs[name] else { return nil }
            return try floats(tensor, place(name))
        }
        var targets: LossTensor<Int32>?
        if let tensor = datum.lossFnInputs["target_tokens"] {
            targets = try self.tokens(tensor, place("target_tokens"), limits: limits)
        }
        return try assembler.sequence(
            tokens: tokens, targets: targets, weights: try numbers("weights"), logprobs: try numbers("logprobs"),
            advantages: try numbers("advantages"), loss: loss, path: path)
    }

    private func modelInput(
        _ chunks: [TinkerPublic_Chunk], path: String, limits: ModelLimits
    ) throws(ServiceError) -> [Int32] {
        let decoder = TokenDecoder(limits: limits)
        var all: [Int32] = []
        for (index, chunk) in chunks.enumerated() {
            let path = "\(path)[\(index)]"
            try refuseUnknown(chunk, path)
            guard case .encodedText(let text) = chunk.chunk else {
                throw .invalid("`\(path)` holds no encoded_text; this backend takes nothing else")
            }
            try refuseUnknown(text, path)
            guard let tokens = PackedArrays.tokens(text.tokens) else {
                throw .invalid("`\(path).tokens` has \(text.tokens.count) bytes, no multiple of 4")
            }
            try decoder.check(tokens, path: path + ".tokens")
            if all.isEmpty { all = tokens } else { all += tokens }
        }
        if all.isEmpty { throw .invalid("`\(path)` has no tokens; at least one is needed") }
        return all
    }

    // MARK: Tensors

    /// What a tensor should be, and its path for errors.
    private struct TensorPlace {
        var path: String
        var rows: Int
        var takesColumns: Bool
    }

    private func floats(_ tensor: TinkerPublic_Tensor, _ place: TensorPlace) throws(ServiceError) -> LossTensor<Float> {
        let path = place.path
        return try read(tensor, .float32, size: 4, zero: 0, place) { (data) throws(ServiceError) in
            guard let values = PackedArrays.floats(data) else { return nil }
            if let bad = values.firstIndex(where: { !$0.isFinite }) {
                throw .invalid("`\(path)[\(bad)]` is \(values[bad]); expected a finite number")
            }
            return values
        }
    }

    private func tokens(
        _ tensor: TinkerPublic_Tensor, _ place: TensorPlace, limits: ModelLimits
    ) throws(ServiceError) -> LossTensor<Int32> {
        let path = place.path
        return try read(tensor, .int64, size: 8, zero: 0, place) { (data) throws(ServiceError) in
            guard let wide = PackedArrays.integers(data) else { return nil }
            let bound = Int64(limits.vocabularySize)
            if let bad = wide.firstIndex(where: { $0 < 0 || $0 >= bound }) {
                throw .invalid(
                    "`\(path)[\(bad)]` is token \(wide[bad]); the vocabulary has the tokens 0 to \(bound - 1)")
            }
            return wide.map { Int32(truncatingIfNeeded: $0) }
        }
    }

    /// - Parameters:
    ///   - size: the bytes of an element.
    ///   - elements: reads and checks packed elements; `nil` where their number of bytes is no multiple of `size`.
    private func read<Value>(
        _ tensor: TinkerPublic_Tensor, _ type: TinkerPublic_DType, size: Int, zero: Value, _ place: TensorPlace,
        elements: (Data) throws(ServiceError) -> [Value]?
    ) throws(ServiceError) -> LossTensor<Value> {
        let path = place.path
        try refuseUnknown(tensor, path)
        let shape = try LossTensorShape(
            tensor.shape, rows: place.rows, takesColumns: place.takesColumns, path: path)
        guard tensor.dtype == type else {
            throw .invalid("`\(path).dtype` is \(Self.name(tensor.dtype)); expected \(Self.name(type))")
        }
        switch tensor.encoding {
        case .dense(let data):
            guard data.count == size * shape.count, let values = try elements(data) else {
                throw .invalid(
                    "`\(path)` has \(data.count) bytes; its shape asks for \(shape.count) elements of \(size) bytes")
            }
            return LossTensor(elements: values, shape: shape)
        case .sparseCsr(let matrix):
            try refuseUnknown(matrix, path)
            guard let values = try elements(matrix.values), let starts = PackedArrays.integers(matrix.crowIndices),
                let places = PackedArrays.integers(matrix.colIndices)
            else {
                throw .invalid(
                    "`\(path)` is sparse, and its values should have \(size) bytes each, its indices 8 bytes each")
            }
            return LossTensor(
                elements: try shape.dense(values, starts: starts, places: places, zero: zero, path: path), shape: shape)
        case nil: throw .invalid("`\(path)` has neither dense nor sparse elements")
        }
    }

    private func refuseUnknown(_ message: some SwiftProtobuf.Message, _ path: String) throws(ServiceError) {
        guard message.unknownFields.data.isEmpty else {
            throw .invalid("`\(path)` has a field that \(type(of: message).protoMessageName) does not have")
        }
    }

    private static func name(_ type: TinkerPublic_DType) -> String {
        switch type {
        case .unspecified: "missing"
        case .float32: "FLOAT32"
        case .int64: "INT64"
        case .int32: "INT32"
        case .bfloat16: "BFLOAT16"
        case .UNRECOGNIZED(let number): "\(number)"
        }
    }
}
