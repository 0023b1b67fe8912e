/// The decoder of this room as the server's engine.
extension DecoderWeights: ModelWeights {
    var vocabularySize: Int { configuration.vocabularySize }
    var maximumPositions: Int { configuration.maximumPositions }

    func makeTrainer(threads: Int, adapter: AdapterConfiguration?) throws -> any TrainingEngine {
        guard let adapter else { return DecoderTrainer(weights: merged(), threads: threads) }
        return DecoderTrainer(weights: try adapted(by: adapter), threads: threads)
    }
    func adapted(by directory: String) throws -> any ModelWeights { try adapted(byAdapterIn: directory) }
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
