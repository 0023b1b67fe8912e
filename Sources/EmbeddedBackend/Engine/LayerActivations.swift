/// The intermediate results of one layer for a number of rows (tokens), kept for the backward pass.
final class LayerActivations {
    /// The residual stream entering the layer, `rows × hidden`.
    let input = FloatBuffer(count: 0)
    let inputInverseRMS = FloatBuffer(count: 0)
    let normalizedInput = FloatBuffer(count: 0)
    /// Query, key and value before their norms and rotation, `rows × projection`.
    let rawProjection = FloatBuffer(count: 0)
    let headInverseRMS = FloatBuffer(count: 0)
    /// Query and key normalised and rotated, value as it was.
    let projection = FloatBuffer(count: 0)
    /// Peak and inverse sum of each query head's softmax, `rows × heads` each.
    let softmaxMaximum = FloatBuffer(count: 0)
    let softmaxInverseSum = FloatBuffer(count: 0)
    let attended = FloatBuffer(count: 0)
    /// The residual stream between attention and feed-forward.
    let middle = FloatBuffer(count: 0)
    let middleInverseRMS = FloatBuffer(count: 0)
    let normalizedMiddle = FloatBuffer(count: 0)
    let gateUp = FloatBuffer(count: 0)
    let activated = FloatBuffer(count: 0)

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
