/// How a trainer spends memory and threads on a model, chosen by the model's size alone.
///
/// * A **small** model (up to ``smallParameters``) is trained by four lanes that share nothing: each has its own gradients
///   and runs whole sequences, so threads never wait for each other inside a pass. Its matrices are kept packed, and so
///   are all activations.
/// * A **large** model has one lane, one gradient and one copy of the weights, which products pack block by block; all
///   threads share the work inside each operation. What the backward pass needs again beside the results of products
///   and attention is computed again; passes too long for the budget keep the input of each layer only.
///
/// Invariant: nothing here depends on the number of threads, so results do not either. Which activations are kept
/// changes no result; lanes and `rowsPerLogits` set the order in which gradients are summed.
struct TrainingPlan: Sendable {
    /// Tokens that go through the layers together, unless one sequence is longer.
    static let rowsPerPass = 1024
    static let smallParameters = 16 << 20
    static let smallRowsPerLogits = 192
    /// Weights, gradients and two moments in single precision.
    static let bytesPerParameter = 16
    /// Of the bytes of a large model's parameters, gradients and moments.
    private static let activationShare = 0.18
    private static let logitsShare = 0.05
    private static let leastActivationBytes = 256 << 20

    let isSmall: Bool
    /// The most rows whose logits exist at a time.
    let rowsPerLogits: Int
    private let activationBytes: Int
    private let bytesPerRow: Int

    var laneCount: Int { isSmall ? 4 : 1 }

    /// - Parameter smallParameters: the limit of small models; tests lower it.
    init(_ shape: DecoderConfiguration, smallParameters: Int = Self.smallParameters, activationBytes: Int? = nil) {
        let parameters = ParameterLayout(shape).count
        isSmall = parameters <= smallParameters
        let state = Double(parameters * Self.bytesPerParameter)
        self.activationBytes =
            activationBytes ?? max(Self.leastActivationBytes, Int(state * Self.activationShare))
        bytesPerRow = shape.layerCount * LayerActivations.bytesOfProducts(shape)
        let fitting = Int(state * Self.logitsShare) / (shape.vocabularySize * MemoryLayout<Float>.stride)
        rowsPerLogits =
            isSmall ? Self.smallRowsPerLogits : min(Self.rowsPerPass / 2, max(Self.smallRowsPerLogits, fitting))
    }

    func kept(rows: Int) -> LayerActivations.Kept {
        if isSmall { return .everything }
        return rows * bytesPerRow <= activationBytes ? .products : .input
    }
}
