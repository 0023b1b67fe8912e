#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Cosines and sines of the rotary position embedding, `headSize / 2` of each for every position.
final class RotaryTable: Sendable {
    private let cosines: FloatBuffer
    private let sines: FloatBuffer
    private let half: Int

    init(_ shape: DecoderConfiguration) {
        half = shape.headSize / 2
        cosines = FloatBuffer(count: shape.maximumPositions * half)
        sines = FloatBuffer(count: shape.maximumPositions * half)
        for i in 0..<half {
            let frequency = Float(pow(shape.ropeTheta, -Double(2 * i) / Double(shape.headSize)))
            for position in 0..<shape.maximumPositions {
                let angle = Float(position) * frequency
                cosines.pointer[position * half + i] = cosf(angle)
                sines.pointer[position * half + i] = sinf(angle)
            }
        }
    }

    func cosine(_ position: Int) -> UnsafePointer<Float> { UnsafePointer(cosines.pointer + position * half) }
    func sine(_ position: Int) -> UnsafePointer<Float> { UnsafePointer(sines.pointer + position * half) }
}
