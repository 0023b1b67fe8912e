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

    private static let losses = ["cross_entropy", "importance_sampling", "ppo"]

    func decode(_ body: JSONValue) throws(ServiceError) -> TrainingBatch {
        guard let input = body[member], input.objectValue != nil else {
            throw .invalid("`\(member)` should be an object with `data`, `loss_fn` and perhaps `loss_fn_config`")
        }
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

    // MARK: Loss

    private func loss(of input: JSONValue) throws(ServiceError) -> DecoderLoss {
        guard let name = input["loss_fn"]?.stringValue, Self.losses.contains(name) else {
            let found = input["loss_fn"].map(\.text) ?? "missing"
            throw .invalid("`\(member).loss_fn` is \(found); supported are \(Self.losses.joined(separator: ", "))")
        }
        var bounds = ["clip_low_threshold": 0.8, "clip_high_threshold": 1.2]
        let settings = input["loss_fn_config"] ?? .null
        guard settings == .null || settings.objectValue != nil else {
            throw .invalid("`\(member).loss_fn_config` should be an object, but is \(settings.kind)")
        }
        for (key, value) in settings.objectValue?.members ?? [] {
            guard name == "ppo", bounds[key] != nil else {
                let known = name == "ppo" ? "clip_low_threshold and clip_high_threshold" : "no setting"
                throw .invalid("`\(member).loss_fn_config.\(key)` is unknown; \(name) takes \(known)")
            }
            guard let bound = value.doubleValue, bound.isFinite, bound >= 0 else {
                throw .invalid(
                    "`\(member).loss_fn_config.\(key)` should be a ratio of at least 0, but is \(value.text)")
            }
            bounds[key] = bound
        }
        switch name {
        case "cross_entropy": return .crossEntropy
        case "importance_sampling": return .importanceSampling
        default:
            let low = bounds["clip_low_threshold", default: 0.8]
            let high = bounds["clip_high_threshold", default: 1.2]
            guard low <= high else {
                throw .invalid(
                    "`\(member).loss_fn_config`: clip_low_threshold \(low) exceeds clip_high_threshold \(high)")
            }
            return .ppo(clipLow: Float(low), clipHigh: Float(high))
        }
    }

    // MARK: Datum

    private func sequence(
        from datum: JSONValue, path: String, loss: DecoderLoss
    ) throws(ServiceError) -> TrainingSequence {
        let input = try TokenDecoder(limits: limits).modelInput(datum["model_input"], path: path + ".model_input")
        let count = input.count
        guard count <= limits.maximumPositions else {
            throw .invalid("`\(path)` has \(count) tokens; the model has \(limits.maximumPositions) positions")
        }
        guard let fields = datum["loss_fn_inputs"]?.objectValue else {
            throw .invalid("`\(path).loss_fn_inputs` should be an object of tensors")
        }
        var isCrossEntropy = false
        if case .crossEntropy = loss { isCrossEntropy = true }
        for member in fields.members
        where !["target_tokens", "weights", "logprobs", "advantages"].contains(member.key) {
            throw .invalid(
                "`\(path).loss_fn_inputs.\(member.key)` is unknown; known are target_tokens, weights, logprobs, advantages"
            )
        }
        guard let targets = try tokens("target_tokens", in: fields, path: path, count: count) else {
            throw .invalid("`\(path).loss_fn_inputs.target_tokens` is missing")
        }
        let weights = try floats("weights", in: fields, path: path, count: count)
        if weights == nil, isCrossEntropy, trains {
            throw .invalid("`\(path).loss_fn_inputs.weights` is missing; cross_entropy needs one weight per token")
        }
        let logprobs = try floats("logprobs", in: fields, path: path, count: count)
        let advantages = try floats("advantages", in: fields, path: path, count: count)
        if trains, !isCrossEntropy {
            for (name, value) in [("logprobs", logprobs), ("advantages", advantages)] where value == nil {
                throw .invalid("`\(path).loss_fn_inputs.\(name)` is missing; policy losses need it")
            }
        }
        let zeros = [Float](repeating: 0, count: count)
        return TrainingSequence(
            inputTokens: input, targetTokens: targets, weights: weights ?? [Float](repeating: 1, count: count),
            logprobs: logprobs ?? zeros, advantages: advantages ?? zeros)
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
