/// The decoder of this room as the server's engine.
extension DecoderWeights: ModelWeights {
    var vocabularySize: Int { configuration.vocabularySize }
    var maximumPositions: Int { configuration.maximumPositions }

    func makeTrainer(threads: Int) -> any TrainingEngine { DecoderTrainer(weights: self, threads: threads) }
    func makeSampler(threads: Int) -> any SequenceSampler { SamplingEngine(weights: self, threads: threads) }
}

extension DecoderTrainer: TrainingEngine {
    func discardGradients() { clearGradients() }
    func currentWeights() -> any ModelWeights { snapshot() }
}

extension SamplingEngine: SequenceSampler {}

extension EngineError {
    /// What a client is told.
    var serviceError: ServiceError {
        switch self {
        case .request, .model: .invalid(description)
        case .stopped: .failed(description)
        }
    }
}
