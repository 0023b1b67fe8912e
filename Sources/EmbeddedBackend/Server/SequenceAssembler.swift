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

    /// All arrays have the length of `tokens`, and their elements are checked.
    func sequence(
        tokens: [Int32], targets: [Int32]?, weights: [Float]?, logprobs: [Float]?, advantages: [Float]?,
        loss: DecoderLoss, path: String
    ) throws(ServiceError) -> TrainingSequence {
        guard let targets else { throw .invalid("`\(path).loss_fn_inputs.target_tokens` is missing") }
        if trains {
            if case .crossEntropy = loss {
                if weights == nil {
                    throw .invalid(
                        "`\(path).loss_fn_inputs.weights` is missing; cross_entropy needs one weight per token")
                }
            } else {
                for (name, value) in [("logprobs", logprobs), ("advantages", advantages)] where value == nil {
                    throw .invalid("`\(path).loss_fn_inputs.\(name)` is missing; policy losses need it")
                }
            }
        }
        let zeros = [Float](repeating: 0, count: tokens.count)
        return TrainingSequence(
            inputTokens: tokens, targetTokens: targets,
            weights: weights ?? [Float](repeating: 1, count: tokens.count), logprobs: logprobs ?? zeros,
            advantages: advantages ?? zeros)
    }
}
