import Storage

/// The state of a trainer on disk: weights and moments.
extension DecoderTrainer {
    private static let optimizerFile = "optimizer.safetensors"

    /// Writes the weights in Hugging Face layout (an adapter's in PEFT layout) and `optimizer.safetensors` into an
    /// existing directory.
    public func saveState(directory: String) throws {
        guard gradientsAreClear else {
            throw EngineError.request("gradients are pending: call optim_step before saving the state")
        }
        try snapshot().save(directory: directory)
        try SafeTensorsFile.write(
            DecoderWeights.sources(firstMoment, trained, prefix: "first_moment.")
                + DecoderWeights.sources(secondMoment, trained, prefix: "second_moment."),
            metadata: ["step": String(stepCount)], to: directory + "/" + Self.optimizerFile)
    }

    /// Reads what ``saveState(directory:)`` wrote; without `optimizer` the moments start anew. When it throws, the
    /// trainer is as it was.
    public func loadState(directory: String, optimizer: Bool) throws {
        let loaded = try loadTrained(directory)
        var moments: (first: FloatBuffer, second: FloatBuffer, step: Int64)?
        if optimizer { moments = try loadMoments(directory + "/" + Self.optimizerFile) }
        parameters.copy(from: loaded)
        stepCount = moments?.step ?? 0
        if let moments {
            firstMoment.copy(from: moments.first)
            secondMoment.copy(from: moments.second)
        } else {
            firstMoment.clear()
            secondMoment.clear()
        }
        parametersChanged()
    }

    private func loadTrained(_ directory: String) throws -> FloatBuffer {
        guard let adapter = base.adapter else {
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

    private func loadMoments(_ file: String) throws -> (first: FloatBuffer, second: FloatBuffer, step: Int64) {
        let reader = try TensorReader(file: file)
        guard let step = reader.metadata["step"].flatMap(Int64.init), step >= 0 else {
            throw EngineError.model("\(file): the metadata has no number \"step\"")
        }
        let (first, second) = (FloatBuffer(count: parameters.count), FloatBuffer(count: parameters.count))
        try reader.read(trained, prefix: "first_moment.", into: first) { $0.hasPrefix("second_moment.") }
        try reader.read(trained, prefix: "second_moment.", into: second) { $0.hasPrefix("first_moment.") }
        return (first, second, step)
    }
}
