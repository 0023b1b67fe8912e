import Storage

/// The state of a trainer on disk: weights and moments.
extension DecoderTrainer {
    private static let optimizerFile = "optimizer.safetensors"
    private static let firstPrefix = "first_moment."
    private static let secondPrefix = "second_moment."

    /// Writes the weights in Hugging Face layout (an adapter's in PEFT layout) and `optimizer.safetensors` into an
    /// existing directory.
    public func saveState(directory: String) throws {
        guard gradientsAreClear else {
            throw EngineError.request("gradients are pending: call optim_step before saving the state")
        }
        try snapshot().save(directory: directory)
        try SafeTensorsFile.write(
            DecoderWeights.sources(firstMoment, trained, prefix: Self.firstPrefix)
                + DecoderWeights.sources(secondMoment, trained, prefix: Self.secondPrefix),
            metadata: ["step": String(stepCount)], to: directory + "/" + Self.optimizerFile)
    }

    /// Reads what ``saveState(directory:)`` wrote; without `optimizer` the moments start anew. When it throws, the
    /// trainer is as it was.
    public func loadState(directory: String, optimizer: Bool) throws {
        let loaded = try loadTrained(directory)
        let moments = optimizer ? try openMoments(directory + "/" + Self.optimizerFile) : nil
        restore(parameters: loaded, step: moments?.step ?? 0)
        for (prefix, buffer) in [(Self.firstPrefix, firstMoment), (Self.secondPrefix, secondMoment)] {
            try moments?.reader.read(trained, prefix: prefix, into: buffer) { _ in true }
        }
    }

    private func loadTrained(_ directory: String) throws -> FloatBuffer {
        guard let adapter = adapted?.adapter else {
            let file = directory + "/config.json"
            guard FileStore.exists(file) || !AdapterWeights.isPresent(in: directory) else {
                throw EngineError.model("\(directory) holds an adapter; this model trains all parameters")
            }
            let weights = try DecoderWeights.load(directory: directory)
            guard weights.configuration.computesTheSame(as: configuration) else {
                throw EngineError.model("\(file) describes another model than the one being trained")
            }
            return weights.parameters
        }
        guard AdapterWeights.isPresent(in: directory) else {
            throw EngineError.model("\(directory) holds no adapter_config.json; this model trains an adapter")
        }
        let found = try AdapterWeights(directory: directory, for: configuration)
        guard found.layout == adapter.layout, found.alpha == adapter.alpha else {
            throw EngineError.model(
                "\(directory)/adapter_config.json: rank \(found.layout.rank), alpha \(found.alpha) and target_modules"
                    + " differ from the adapter being trained (rank \(adapter.layout.rank), alpha \(adapter.alpha))")
        }
        return found.parameters
    }

    /// The optimizer's file, all of it checked.
    private func openMoments(_ file: String) throws -> (reader: TensorReader, step: Int64) {
        let reader = try TensorReader(file: file)
        guard let step = reader.metadata["step"].flatMap(Int64.init), step >= 0 else {
            throw EngineError.model("\(file): the metadata has no number \"step\"")
        }
        let prefixes = [Self.firstPrefix, Self.secondPrefix]
        let names = Set(prefixes.flatMap { prefix in trained.map { prefix + $0.name } })
        for prefix in prefixes { try reader.check(trained, prefix: prefix, ignoring: names.contains) }
        return (reader, step)
    }
}
