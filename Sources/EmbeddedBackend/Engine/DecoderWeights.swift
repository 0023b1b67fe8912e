import Primitives

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// All parameters of a decoder; immutable once made.
///
/// Invariant: weights with an adapter share the parameters of the weights they adapt.
public final class DecoderWeights: Sendable {
    public let configuration: DecoderConfiguration
    let layout: ParameterLayout
    /// Without the adapter's part.
    let parameters: FloatBuffer
    let adapter: AdapterWeights?

    init(configuration: DecoderConfiguration, parameters: FloatBuffer, adapter: AdapterWeights? = nil) {
        self.configuration = configuration
        self.layout = ParameterLayout(configuration)
        self.parameters = parameters
        self.adapter = adapter
        precondition(parameters.count == layout.count)
    }

    /// The number of parameters, those of an adapter aside.
    public var count: Int { layout.count }

    /// These weights with another adapter, or without one.
    func with(_ adapter: AdapterWeights?) -> DecoderWeights {
        DecoderWeights(configuration: configuration, parameters: parameters, adapter: adapter)
    }

    /// Untrained weights.
    ///
    /// Matrices are normal with standard deviation `1 / sqrt(inputs)`, those that write to the residual stream divided
    /// by `sqrt(2 · layers)`; biases are zero; `copying` adds ``CopyingStart``; embeddings have `embeddingDeviation`
    /// (0.2 brings copying early in small models, `research/embedded.md`) and, where they are the output matrix too, the
    /// final norm is scaled so that logits start with a deviation near 1.
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
