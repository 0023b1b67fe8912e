/// What the server needs of an immutable set of weights.
protocol ModelWeights: AnyObject, Sendable {
    var vocabularySize: Int { get }
    /// The greatest number of tokens in one sequence.
    var maximumPositions: Int { get }
    /// Writes into an existing, empty directory: the Hugging Face layout, or, for weights with an adapter, the PEFT layout
    /// (`adapter_config.json`, `adapter_model.safetensors`).
    func save(directory: String) throws
    /// These weights with the adapter that a directory of PEFT layout holds.
    func adapted(by directory: String) throws -> any ModelWeights
    /// The Hugging Face layout with any adapter merged into the matrices.
    func saveMerged(directory: String) throws
    /// - Parameter adapter: what to train besides frozen weights, or `nil` to train all parameters.
    func makeTrainer(threads: Int, adapter: AdapterConfiguration?) throws -> any TrainingEngine
    func makeSampler(threads: Int) throws -> any SequenceSampler
}

/// One trainable model. Not `Sendable`: it lives and dies inside its ``ModelWorker``.
protocol TrainingEngine {
    /// The logprob of every target.
    func forward(_ batch: [TrainingSequence]) throws -> [[Float]]
    /// The same, and adds the gradient of the loss to the accumulated one.
    func forwardBackward(_ batch: [TrainingSequence], loss: DecoderLoss) throws -> (
        logprobs: [[Float]], lossSum: Double
    )
    /// Applies and clears the accumulated gradient; returns its norm before clipping. A clip norm of 0 does not clip.
    func optimizerStep(
        learningRate: Double, beta1: Double, beta2: Double, epsilon: Double, weightDecay: Double,
        gradientClipNorm: Double
    ) -> Double
    /// Clears the accumulated gradient without a step.
    func discardGradients()
    func saveState(directory: String) throws
    func loadState(directory: String, optimizer: Bool) throws
    func currentWeights() -> any ModelWeights
}

/// A sampler of one immutable set of weights.
protocol SequenceSampler: AnyObject, Sendable {
    /// Draws one sequence.
    func sample(_ request: SamplingEngine.Request) async throws -> SamplingEngine.Completion
    /// Ends the worker threads; may block until they are done.
    func shutdown()
}

/// Reads the weights in a directory of Hugging Face layout. Blocking.
typealias ModelLoader = @Sendable (_ directory: String) throws -> any ModelWeights
