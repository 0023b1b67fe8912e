/// Puts a datum's tokens and tensors together, whatever form they came in, and refuses what a loss could not use.
struct SequenceAssembler {
    static let fields = ["target_tokens", "weights", "logprobs", "advantages"]

    let limits: ModelLimits
    /// Whether a gradient is wanted; a mere forward pass needs only the targets.
    let trains: Bool

    /// - Parameter path: the datum's, for errors.
    func checkLength(_ tokens: [Int32], path: String) throws(ServiceError) {
        guard tokens.count <= limits.maximumPositions else {
            throw .invalid("`\(path)` has \(tokens.count) tokens; the model has \(limits.maximumPositions) positions")
        }
    }

    static func unknownField(_ name: String, path: String) -> ServiceError {
        .invalid(
            "`\(path).loss_fn_inputs.\(name)` is unknown; known are \(fields.joined(separator: ", "))")
    }

    /// Whether a tensor may have several elements per token: the targets of a cross-entropy and their weights.
    static func takesColumns(_ name: String, loss: DecoderLoss) -> Bool {
        loss == .crossEntropy && (name == "target_tokens" || name == "weights")
    }

    /// All tensors have a row for every one of `tokens`, and their elements are checked.
    func sequence(
        tokens: [Int32], targets: LossTensor<Int32>?, weights: LossTensor<Float>?, logprobs: LossTensor<Float>?,
        advantages: LossTensor<Float>?, loss: DecoderLoss, path: String
    ) throws(ServiceError) -> (sequence: TrainingSequence, columns: Int?) {
        guard let targets else { throw .invalid("`\(path).loss_fn_inputs.target_tokens` is missing") }
        if trains {
            if case .crossEntropy = loss {
                if weights == nil {
                    throw .invalid(
                        "`\(path).loss_fn_inputs.weights` is missing; cross_entropy needs one weight per target")
                }
            } else {
                for (name, value) in [("logprobs", logprobs), ("advantages", advantages)] where value == nil {
                    throw .invalid("`\(path).loss_fn_inputs.\(name)` is missing; policy losses need it")
                }
            }
        }
        if let weights, weights.shape != targets.shape {
            throw .invalid(
                "`\(path).loss_fn_inputs.weights` has the shape \(weights.shape), but target_tokens has \(targets.shape); "
                    + "every target needs its weight")
        }
        let count = targets.shape.count
        let zeros = [Float](repeating: 0, count: count)
        // A cross-entropy reads neither, and a policy loss has one target per token.
        func read(_ tensor: LossTensor<Float>?) -> [Float] {
            tensor?.shape == targets.shape ? tensor?.elements ?? zeros : zeros
        }
        let sequence = TrainingSequence(
            inputTokens: tokens, targetTokens: targets.elements,
            weights: weights?.elements ?? [Float](repeating: 1, count: count), logprobs: read(logprobs),
            advantages: read(advantages))
        return (sequence, targets.shape.columns)
    }
}
