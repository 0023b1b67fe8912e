/// The intermediate results of one layer for a number of rows (tokens), kept for the backward pass.
final class LayerActivations {
    /// How much of each layer is kept from the forward to the backward pass. The results are the same bits.
    enum Kept {
        case everything
        /// What cannot be had again without a matrix product or attention.
        case products
        /// The input; the layer is computed again.
        case input
    }

    /// The residual stream entering the layer, `rows × hidden`.
    let input = FloatBuffer(count: 0)
    let inputInverseRMS: FloatBuffer
    let normalizedInput: FloatBuffer
    /// Query, key and value before their norms and rotation, `rows × projection`.
    let rawProjection: FloatBuffer
    let headInverseRMS: FloatBuffer
    /// Query and key normalised and rotated, value as it was.
    let projection: FloatBuffer
    /// Peak and inverse sum of each query head's softmax, `rows × heads` each.
    let softmaxMaximum: FloatBuffer
    let softmaxInverseSum: FloatBuffer
    let attended: FloatBuffer
    /// The residual stream between attention and feed-forward.
    let middle: FloatBuffer
    let middleInverseRMS: FloatBuffer
    let normalizedMiddle: FloatBuffer
    let gateUp: FloatBuffer
    let activated: FloatBuffer

    /// - Parameter sharing: other activations, whose buffers take the place of those that need not be kept.
    init(sharing other: LayerActivations? = nil, kept: Kept = .everything) {
        func derived(_ path: KeyPath<LayerActivations, FloatBuffer>) -> FloatBuffer {
            kept == .everything ? FloatBuffer(count: 0) : other?[keyPath: path] ?? FloatBuffer(count: 0)
        }
        func product(_ path: KeyPath<LayerActivations, FloatBuffer>) -> FloatBuffer {
            kept == .input ? derived(path) : FloatBuffer(count: 0)
        }
        normalizedInput = derived(\.normalizedInput)
        projection = derived(\.projection)
        normalizedMiddle = derived(\.normalizedMiddle)
        activated = derived(\.activated)
        inputInverseRMS = product(\.inputInverseRMS)
        rawProjection = product(\.rawProjection)
        headInverseRMS = product(\.headInverseRMS)
        softmaxMaximum = product(\.softmaxMaximum)
        softmaxInverseSum = product(\.softmaxInverseSum)
        attended = product(\.attended)
        middle = product(\.middle)
        middleInverseRMS = product(\.middleInverseRMS)
        gateUp = product(\.gateUp)
    }

    /// Bytes of one row that are kept per layer with ``Kept/products``.
    static func bytesOfProducts(_ shape: DecoderConfiguration) -> Int {
        let floats =
            2 * shape.hiddenSize + shape.projectionSize + shape.querySize + 2 * shape.intermediateSize
            + 3 * shape.headCount + shape.keyValueHeadCount + 2
        return floats * MemoryLayout<Float>.stride
    }

    func reserve(rows: Int, _ shape: DecoderConfiguration) {
        input.reserve(rows * shape.hiddenSize)
        inputInverseRMS.reserve(rows)
        normalizedInput.reserve(rows * shape.hiddenSize)
        rawProjection.reserve(rows * shape.projectionSize)
        headInverseRMS.reserve(rows * (shape.headCount + shape.keyValueHeadCount))
        projection.reserve(rows * shape.projectionSize)
        softmaxMaximum.reserve(rows * shape.headCount)
        softmaxInverseSum.reserve(rows * shape.headCount)
        attended.reserve(rows * shape.querySize)
        middle.reserve(rows * shape.hiddenSize)
        middleInverseRMS.reserve(rows)
        normalizedMiddle.reserve(rows * shape.hiddenSize)
        gateUp.reserve(rows * 2 * shape.intermediateSize)
        activated.reserve(rows * shape.intermediateSize)
    }
}
