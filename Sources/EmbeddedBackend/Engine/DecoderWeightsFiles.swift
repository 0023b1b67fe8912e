import Primitives
import Storage

/// Weights on disk: the layout of Hugging Face transformers, and that of PEFT for adapters.
extension DecoderWeights {
    /// Reads `config.json` and `model.safetensors`, or the shards of `model.safetensors.index.json`, of a Hugging Face
    /// model directory. Throws ``EngineError/model(_:)`` naming the file and the field or tensor.
    public static func load(directory: String) throws -> DecoderWeights {
        let file = directory + "/config.json"
        var configuration = try DecoderConfiguration(json: try Self.json(file), file: file)
        let generation = directory + "/generation_config.json"
        if FileStore.exists(generation) {
            guard let members = try Self.json(generation).objectValue else {
                throw EngineError.model("\(generation): expected an object")
            }
            configuration.generation = members
        }
        let layout = ParameterLayout(configuration)
        let parameters = FloatBuffer(count: layout.count)
        let reader = try TensorReader(modelDirectory: directory)
        let tied = ParameterLayout.outputMatrix
        try reader.read(layout.tensors, into: parameters) { name in
            // Llama checkpoints of old hold the rotary frequencies, which follow from the configuration.
            name.hasSuffix(".rotary_emb.inv_freq") || configuration.tiesEmbeddings && name == tied
        }
        if configuration.tiesEmbeddings {
            try checkTied(reader, configuration, embedding: parameters.pointer + layout.embedding, directory: directory)
        }
        return DecoderWeights(configuration: configuration, parameters: parameters)
    }

    static func json(_ file: String) throws(EngineError) -> JSONValue {
        do { return try JSONValue.parse(try FileStore.read(file)) } catch let error as JSONError {
            throw .model("\(file): \(error)")
        } catch { throw .model("\(error)") }
    }

    /// Some tied checkpoints hold the output matrix as well; it must be the embedding then.
    private static func checkTied(
        _ reader: TensorReader, _ shape: DecoderConfiguration, embedding: UnsafePointer<Float>, directory: String
    ) throws(EngineError) {
        let tensor = ParameterLayout.Tensor(
            name: ParameterLayout.outputMatrix, shape: [shape.vocabularySize, shape.hiddenSize], offset: 0)
        let stored = FloatBuffer(count: 0)
        guard try reader.readIfPresent(tensor, reserving: stored) else { return }
        for i in 0..<tensor.count where stored.pointer[i] != embedding[i] {
            throw .model(
                "\(directory): \"tie_word_embeddings\" is true, but \"\(tensor.name)\" differs from the embedding")
        }
    }

    /// Writes into an existing directory: `config.json`, `generation_config.json` and `model.safetensors`, or, with an
    /// adapter, `adapter_config.json` and `adapter_model.safetensors` in PEFT layout.
    public func save(directory: String) throws {
        if let adapter {
            try adapter.save(directory: directory)
        } else {
            try saveModel(directory: directory)
        }
    }

    /// Writes the Hugging Face layout, with the adapter's part added to the matrices.
    ///
    /// A tied model whose output matrix is adapted is written untied.
    public func saveMerged(directory: String) throws { try merged().saveModel(directory: directory) }

    private func saveModel(directory: String) throws {
        try SafeTensorsFile.write(Self.sources(parameters, layout.tensors), to: directory + "/model.safetensors")
        try FileStore.writeAtomically(configuration.json.serialized(), to: directory + "/config.json")
        try FileStore.writeAtomically(
            configuration.generationJSON.serialized(), to: directory + "/generation_config.json")
    }

    static func sources(
        _ buffer: FloatBuffer, _ tensors: [ParameterLayout.Tensor], prefix: String = ""
    ) -> [SafeTensorsFile.Source] {
        tensors.map { .init(name: prefix + $0.name, shape: $0.shape, values: buffer.pointer + $0.offset) }
    }
}
