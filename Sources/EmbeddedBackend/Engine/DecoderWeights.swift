import Primitives
import Storage

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// All parameters of a decoder; immutable once made.
public final class DecoderWeights: Sendable {
    public let configuration: DecoderConfiguration
    let layout: ParameterLayout
    let parameters: FloatBuffer

    init(configuration: DecoderConfiguration, parameters: FloatBuffer) {
        self.configuration = configuration
        self.layout = ParameterLayout(configuration)
        self.parameters = parameters
        precondition(parameters.count == layout.count)
    }

    /// The number of parameters.
    public var count: Int { layout.count }

    /// Reads `config.json` and `model.safetensors` of a Hugging Face model directory.
    public static func load(directory: String) throws -> DecoderWeights {
        let configurationFile = directory + "/config.json"
        let json = try JSONValue.parse(FileStore.read(configurationFile))
        var configuration = try DecoderConfiguration(json: json, file: configurationFile)
        let generationFile = directory + "/generation_config.json"
        if FileStore.exists(generationFile) {
            configuration.generation = try JSONValue.parse(FileStore.read(generationFile)).objectValue
        }
        let layout = ParameterLayout(configuration)
        let parameters = FloatBuffer(count: layout.count)
        try read(directory + "/model.safetensors", layout: layout, into: parameters)
        return DecoderWeights(configuration: configuration, parameters: parameters)
    }

    static func read(_ file: String, layout: ParameterLayout, prefix: String = "", into buffer: FloatBuffer) throws {
        let stored = try SafeTensors.read(file)
        for tensor in layout.tensors {
            guard let found = stored[prefix + tensor.name] else {
                throw EngineError.model("\(file): tensor \"\(prefix + tensor.name)\" is missing")
            }
            guard found.shape == tensor.shape, let values = found.floats else {
                throw EngineError.model(
                    "\(file): tensor \"\(found.name)\" has shape \(found.shape), expected \(tensor.shape) of a float type"
                )
            }
            (buffer.pointer + tensor.offset).update(from: values, count: values.count)
        }
    }

    static func tensors(_ buffer: FloatBuffer, layout: ParameterLayout, prefix: String = "") -> [SafeTensors.Tensor] {
        layout.tensors.map { tensor in
            let values = Array(UnsafeBufferPointer(start: buffer.pointer + tensor.offset, count: tensor.count))
            return SafeTensors.Tensor(name: prefix + tensor.name, shape: tensor.shape, elements: .float32(values))
        }
    }

    /// Writes `config.json`, `generation_config.json` and `model.safetensors` into an existing directory.
    public func save(directory: String) throws {
        let weights = SafeTensors(
            tensors: Self.tensors(parameters, layout: layout), metadata: ["format": "pt"])
        try weights.write(to: directory + "/model.safetensors")
        try FileStore.writeAtomically(configuration.json.serialized(), to: directory + "/config.json")
        try FileStore.writeAtomically(
            configuration.generationJSON.serialized(), to: directory + "/generation_config.json")
    }

    /// Untrained weights.
    ///
    /// Matrices are normal with standard deviation `1 / sqrt(inputs)`, those that write to the residual stream divided
    /// by `sqrt(2 · layers)`; biases are zero; `copying` adds ``CopyingStart``; embeddings have `embeddingDeviation` (0.2 brings copying early in small models,
    /// `research/embedded.md`) and the final norm is scaled so that logits start with a deviation near 1.
    public static func random(
        _ configuration: DecoderConfiguration, seed: UInt64, embeddingDeviation: Float = 0.2, copying: Bool = false
    ) -> DecoderWeights {
        let layout = ParameterLayout(configuration)
        let buffer = FloatBuffer(count: layout.count)
        let residual = 1 / Float(2 * configuration.layerCount).squareRoot()
        for (index, tensor) in layout.tensors.enumerated() {
            let target = buffer.pointer + tensor.offset
            guard tensor.shape.count == 2 else {
                if tensor.name.hasSuffix(".bias") { continue }
                // Untied, the output matrix is as narrow as any other and the norm need not make up for it.
                let scalesLogits = tensor.name == "model.norm.weight" && configuration.tiesEmbeddings
                let gain = scalesLogits ? 1 / (embeddingDeviation * Float(configuration.hiddenSize).squareRoot()) : 1
                target.update(repeating: gain, count: tensor.count)
                continue
            }
            var deviation = 1 / Float(tensor.shape[1]).squareRoot()
            if tensor.name.hasSuffix("embed_tokens.weight") { deviation = embeddingDeviation }
            if tensor.name.hasSuffix("o_proj.weight") || tensor.name.hasSuffix("down_proj.weight") {
                deviation *= residual
            }
            var random = CounterRandom(seed: seed, stage: .initialization, step: index)
            for i in 0..<tensor.count { target[i] = deviation * random.normal() }
        }
        if copying {
            CopyingStart(shape: configuration, layout: layout, seed: seed, deviation: embeddingDeviation)
                .apply(to: buffer.pointer)
        }
        return DecoderWeights(configuration: configuration, parameters: buffer)
    }
}

extension CounterRandom {
    /// A standard normal number (Box–Muller).
    mutating func normal() -> Float {
        let radius = (-2 * log(1 - uniform())).squareRoot()
        return Float(radius * cos(2 * Double.pi * uniform()))
    }
}
