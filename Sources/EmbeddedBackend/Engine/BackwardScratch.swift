/// Gradients inside a pass, of a lane; no result outlives the pass.
final class BackwardScratch {
    /// The gradient of the residual stream, `rows × hidden`.
    let stream = FloatBuffer(count: 0)
    let gradientOfNorm = FloatBuffer(count: 0)
    let gradientOfActivated = FloatBuffer(count: 0)
    let gradientOfGateUp = FloatBuffer(count: 0)
    let gradientOfAttended = FloatBuffer(count: 0)
    let gradientOfProjection = FloatBuffer(count: 0)
    let gradientOfRawProjection = FloatBuffer(count: 0)
    /// Intermediate results of an adapter's gradients, `rows × rank`.
    let low = FloatBuffer(count: 0)

    func reserve(rows: Int, _ shape: DecoderConfiguration) {
        stream.reserve(rows * shape.hiddenSize)
        gradientOfNorm.reserve(rows * shape.hiddenSize)
        gradientOfActivated.reserve(rows * shape.intermediateSize)
        gradientOfGateUp.reserve(rows * 2 * shape.intermediateSize)
        gradientOfAttended.reserve(rows * shape.querySize)
        gradientOfProjection.reserve(rows * shape.projectionSize)
        gradientOfRawProjection.reserve(rows * shape.projectionSize)
    }
}
