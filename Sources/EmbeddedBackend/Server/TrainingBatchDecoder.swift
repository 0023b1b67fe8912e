import Primitives

/// What a sequence must respect to be computed by a model.
struct ModelLimits: Sendable, Equatable {
    var vocabularySize: Int
    var maximumPositions: Int
}

/// Reads `forward_backward_input` and `forward_input`, and refuses whatever the engine could not compute exactly as
/// asked. Every error names the datum, the field and, for a bad element, its position.
struct TrainingBatchDecoder {
    let limits: ModelLimits
    /// `forward_input` or `forward_backward_input`.
    let member: String
    /// Whether a gradient is wanted; a mere forward pass needs only the targets.
    let trains: Bool

    func decode(_ body: JSONValue) throws(ServiceError) -> TrainingBatch {
        guard let input = body[member], input.objectValue != nil else {
            throw .invalid("`\(member)` should be an object with `data`, `loss_fn` and perhaps `loss_fn_config`")
        }
        try input.refuseUnknownMembers(["data", "loss_fn", "loss_fn_config"], path: member)
        let loss = try loss(of: input)
        guard let data = input["data"]?.arrayValue, !data.isEmpty else {
            throw .invalid("`\(member).data` should be an array of at least one datum")
        }
        var sequences: [TrainingSequence] = []
        sequences.reserveCapacity(data.count)
        for (index, datum) in data.enumerated() {
            sequences.append(try sequence(from: datum, path: "\(member).data[\(index)]", loss: loss))
        }
        return TrainingBatch(sequences: sequences, loss: loss)
    }

    private func loss(of input: JSONValue) throws(ServiceError) -> DecoderLoss {
        guard let name = input["loss_fn"]?.stringValue else {
            throw .invalid("`\(member).loss_fn` should be the name of a loss")
        }
        let settings = input["loss_fn_config"] ?? .null
        guard settings == .null || settings.objectValue != nil else {
            throw .invalid("`\(member).loss_fn_config` should be an object, but is \(settings.kind)")
        }
        var numbers: [(key: String, value: Double)] = []
        for (key, value) in settings.objectValue?.members ?? [] {
            guard let number = value.doubleValue else {
                throw .invalid("`\(member).loss_fn_config.\(key)` should be a number, but is \(value.text)")
            }
            numbers.append((key, number))
        }
        return try LossSettings.loss(named: name, settings: numbers, path: member + ".")
    }

    // MARK: Datum

    private func sequence(
        from datum: JSONValue, path: String, loss: DecoderLoss
    ) throws(ServiceError) -> TrainingSequence {
        let assembler = SequenceAssembler(limits: limits, trains: trains)
        let input = try TokenDecoder(limits: limits).modelInput(datum["model_input"], path: path + ".model_input")
        try datum.refuseUnknownMembers(["model_input", "loss_fn_inputs"], path: path)
        try assembler.checkLength(input, path: path)
        guard let fields = datum["loss_fn_inputs"]?.objectValue else {
            throw .invalid("`\(path).loss_fn_inputs` should be an object of tensors")
        }
        for member in fields.members where !SequenceAssembler.fields.contains(member.key) {
            throw SequenceAssembler.unknownField(member.key, path: path)
        }
        return try assembler.sequence(
            tokens: input, targets: try tokens("target_tokens", in: fields, path: path, count: input.count),
            weights: try floats("weights", in: fields, path: path, count: input.count),
            logprobs: try floats("logprobs", in: fields, path: path, count: input.count),
            advantages: try floats("advantages", in: fields, path: path, count: input.count), loss: loss, path: path)
    }

    // MARK: Tensors

    private func tokens(
        _ name: String, in fields: JSONObject, path: String, count: Int
    ) throws(ServiceError) -> [Int32]? {
        let path = "\(path).loss_fn_inputs.\(name)"
        guard let data = try data(of: fields[name], type: "int64", path: path, count: count) else { return nil }
        return try TokenDecoder(limits: limits).tokens(data, path: path + ".data")
    }

    private func floats(
        _ name: String, in fields: JSONObject, path: String, count: Int
    ) throws(ServiceError) -> [Float]? {
        let path = "\(path).loss_fn_inputs.\(name)"
        guard let data = try data(of: fields[name], type: "float32", path: path, count: count) else { return nil }
        guard let values = data.floatsValue else {
            throw .invalid("`\(path).data` should be an array of numbers")
        }
        if let bad = values.firstIndex(where: { !$0.isFinite }) {
            throw .invalid("`\(path).data[\(bad)]` does not fit a finite float32")
        }
        return values
    }

    /// The `data` of a dense tensor with one dimension of `count` elements; `nil` where there is no tensor.
    private func data(
        of tensor: JSONValue?, type: String, path: String, count: Int
    ) throws(ServiceError) -> JSONValue? {
        guard let tensor, tensor != .null else { return nil }
        for key in ["sparse_crow_indices", "sparse_col_indices"] where tensor[key] ?? .null != .null {
            throw .invalid("`\(path)` is sparse; this backend takes dense tensors")
        }
        try tensor.refuseUnknownMembers(
            ["data", "dtype", "shape", "sparse_crow_indices", "sparse_col_indices"], path: path)
        if let stated = tensor["dtype"]?.stringValue, stated != type {
            throw .invalid("`\(path).dtype` is \(stated); expected \(type)")
        }
        guard let data = tensor["data"], let elements = data.arrayValue else {
            throw .invalid("`\(path).data` should be an array of \(count) elements")
        }
        guard elements.count == count else {
            throw .invalid("`\(path).data` has \(elements.count) elements; model_input has \(count) tokens")
        }
        if let shape = tensor["shape"], shape != .null, shape != [.integer(Int64(count))] {
            throw .invalid("`\(path).shape` is \(shape.text); expected [\(count)]")
        }
        return data
    }
}
