import CKernels
import Primitives

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// The low-rank matrices of an adapter; immutable once made.
final class AdapterWeights: Sendable {
    let layout: AdapterLayout
    let alpha: Float
    let parameters: FloatBuffer
    /// What `B · A` is multiplied by.
    var scale: Float { alpha / Float(layout.rank) }

    init(layout: AdapterLayout, alpha: Float, parameters: FloatBuffer) {
        precondition(parameters.count == layout.count)
        self.layout = layout
        self.alpha = alpha
        self.parameters = parameters
    }

    /// An adapter that changes nothing yet: `A` uniform within `± 1 / sqrt(inputs)`, as PEFT draws it, and `B` zero.
    convenience init(_ shape: DecoderConfiguration, _ configuration: AdapterConfiguration) {
        let layout = AdapterLayout(shape, rank: configuration.rank, modules: configuration.modules)
        let buffer = FloatBuffer(count: layout.count)
        for (index, tensor) in layout.tensors.enumerated() where tensor.name.hasSuffix(".lora_A.weight") {
            var random = CounterRandom(seed: configuration.seed, stage: .initialization, step: index, group: 1)
            let bound = 1 / Double(tensor.shape[1]).squareRoot()
            for i in 0..<tensor.count {
                buffer.pointer[tensor.offset + i] = Float((2 * random.uniform() - 1) * bound)
            }
        }
        self.init(layout: layout, alpha: configuration.alpha, parameters: buffer)
    }

    func a(_ target: AdapterLayout.Target) -> UnsafeMutablePointer<Float> { parameters.pointer + target.a }
    func b(_ target: AdapterLayout.Target) -> UnsafeMutablePointer<Float> { parameters.pointer + target.b }

    /// `matrix += scale · B · A` for each target, at its rows of the product's matrix.
    func add(_ targets: [AdapterLayout.Target], to matrix: UnsafeMutablePointer<Float>) {
        let rank = layout.rank
        let scaled = FloatBuffer(count: 0)
        let packed = FloatBuffer(count: 0)
        for target in targets {
            let size = rank * target.inputs
            scaled.reserve(size)
            for i in 0..<size { scaled.pointer[i] = scale * a(target)[i] }
            packed.reserve(mr_packed_count(rank, target.inputs))
            mr_pack(scaled.pointer, target.inputs, 1, rank, target.inputs, packed.pointer)
            mr_matmul(
                target.outputs, target.inputs, rank, b(target), rank, 1, packed.pointer,
                matrix + target.firstRow * target.inputs, target.inputs, 1)
        }
    }
}

extension AdapterConfiguration {
    var modules: Set<AdapterLayout.Module> {
        var modules: Set<AdapterLayout.Module> = []
        if trainsAttention { modules.formUnion(AdapterLayout.Module.attention) }
        if trainsFeedForward { modules.formUnion(AdapterLayout.Module.feedForward) }
        if trainsUnembedding { modules.insert(.unembedding) }
        return modules
    }

    /// Throws ``EngineError/request(_:)`` naming what no adapter can be made of.
    func check() throws(EngineError) {
        guard 1...Self.greatestRank ~= rank else {
            throw .request("the adapter's rank is \(rank); expected 1 to \(Self.greatestRank)")
        }
        guard alpha.isFinite, alpha > 0 else { throw .request("the adapter's alpha is \(alpha); expected above 0") }
        guard !modules.isEmpty else {
            throw .request("the adapter has no targets; train attention, feed-forward or unembedding")
        }
    }

    /// Beyond this an adapter is larger than what it adapts in most models.
    private static let greatestRank = 4096
}

/// Weights with their adapter applied.
extension DecoderWeights {
    /// These weights with a new adapter that changes nothing yet; the one they have, where it is of the same kind.
    public func adapted(by configuration: AdapterConfiguration) throws(EngineError) -> DecoderWeights {
        try configuration.check()
        guard let adapter else { return with(AdapterWeights(self.configuration, configuration)) }
        let layout = adapter.layout
        guard layout.rank == configuration.rank, layout.modules == configuration.modules,
            adapter.alpha == configuration.alpha
        else {
            throw .request(
                "the weights have an adapter of rank \(layout.rank) and alpha \(adapter.alpha) with other targets or"
                    + " sizes than the one asked for; merge it first")
        }
        return self
    }

    /// The matrix of a product with the adapter's part; `nil` where it has none.
    func adaptedMatrix(at offset: Int, count: Int, targets: [AdapterLayout.Target]) -> FloatBuffer? {
        guard let adapter, !targets.isEmpty else { return nil }
        let sum = FloatBuffer(count: count)
        sum.pointer.update(from: parameters.pointer + offset, count: count)
        adapter.add(targets, to: sum.pointer)
        return sum
    }

    /// The same model without an adapter: its part is added to the matrices. Untied where the output matrix is adapted.
    func merged() -> DecoderWeights {
        guard let adapter else { return self }
        var shape = configuration
        if !adapter.layout.unembedding.isEmpty { shape.tiesEmbeddings = false }
        let whole = ParameterLayout(shape)
        let buffer = FloatBuffer(count: whole.count)
        // An output matrix of its own comes last, so all that stands before it keeps its place.
        buffer.copy(from: parameters)
        if configuration.tiesEmbeddings && !shape.tiesEmbeddings {
            (buffer.pointer + whole.unembedding)
                .update(from: parameters.pointer + layout.embedding, count: shape.vocabularySize * shape.hiddenSize)
        }
        for (at, targets) in zip(whole.layers, adapter.layout.layers) {
            adapter.add(targets.projection, to: buffer.pointer + at.projection)
            adapter.add(targets.output, to: buffer.pointer + at.output)
            adapter.add(targets.gateUp, to: buffer.pointer + at.gateUp)
            adapter.add(targets.down, to: buffer.pointer + at.down)
        }
        adapter.add(adapter.layout.unembedding, to: buffer.pointer + whole.unembedding)
        return DecoderWeights(configuration: shape, parameters: buffer)
    }
}
