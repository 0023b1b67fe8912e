#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif
import Primitives

/// Random weights whose first two layers already hold a weak copying circuit.
///
/// Copying from the context is what a small decoder learns last when it starts from plain noise
/// (`research/embedded.md`). The circuit is the known one of induction heads, with two tokens of memory: in the first
/// layer the query heads of each key-value head look one and two positions back and write the identities of those tokens
/// to the residual stream; in the second layer the current token and the one before it are compared with the tokens one
/// and two before each position, and the token at the position that fits is copied to the output. Identities are random
/// projections; rotary pairs with high frequency carry positions, those with low frequency carry identities. Everything
/// stays trainable, and plain noise is added everywhere.
struct CopyingStart {
    let shape: DecoderConfiguration
    let layout: ParameterLayout
    let seed: UInt64
    /// The deviation of the embeddings' components.
    let deviation: Float
    /// Component of the embeddings that is the same for all tokens, so that heads can look at positions alone.
    private static let constantComponent = 0
    private static let constantSize: Float = 4
    /// Gain of the head norms in the two layers; sharpens their attention.
    private static let sharpness: Float = 2
    private static let previousTokenStrength: Float = 2
    private static let copyStrength: Float = 1.5

    /// Lays the circuit over weights that are plain noise. Leaves them as they are where the circuit has no place: with
    /// fewer than two layers, small heads, heads without norms (their gain sharpens the attention), or an output matrix
    /// of its own (copies are written in terms of the embeddings).
    func apply(to parameters: UnsafeMutablePointer<Float>) {
        guard shape.layerCount >= 2, shape.headSize >= 16, shape.tiesEmbeddings, shape.normalizesHeads else {
            return
        }
        let embedding = parameters + layout.embedding
        for token in 0..<shape.vocabularySize {
            embedding[token * shape.hiddenSize + Self.constantComponent] = Self.constantSize * deviation
        }
        for layer in 0..<2 {
            let at = layout.layers[layer]
            guard let queryNorm = at.queryNorm, let keyNorm = at.keyNorm else { continue }
            for i in 0..<shape.headSize {
                parameters[queryNorm + i] = Self.sharpness
                parameters[keyNorm + i] = Self.sharpness
            }
        }
        for keyHead in 0..<shape.keyValueHeadCount {
            lookBack(layout.layers[0], keyHead: keyHead, parameters)
            matchAndCopy(layout.layers[1], keyHead: keyHead, parameters)
        }
    }

    /// Rotary pairs that turn fast enough to tell neighbouring positions apart.
    private var positionPairs: Range<Int> { 0..<max(1, shape.headSize / 8) }
    /// Rotary pairs that hardly turn within a few hundred positions.
    private var identityPairs: Range<Int> {
        let half = shape.headSize / 2
        let first = (0..<half).first { frequency($0) < 0.004 } ?? half / 2
        return min(first, half - 2)..<half
    }

    private func frequency(_ pair: Int) -> Double {
        pow(shape.ropeTheta, -Double(2 * pair) / Double(shape.headSize))
    }

    /// The head components that carry identities: both halves of each identity pair.
    private var identityComponents: [Int] { identityPairs.flatMap { [$0, $0 + shape.headSize / 2] } }

    /// First layer: the query heads of the group attend one and two positions back.
    private func lookBack(_ at: ParameterLayout.Layer, keyHead: Int, _ parameters: UnsafeMutablePointer<Float>) {
        let hidden = shape.hiddenSize
        let half = shape.headSize / 2
        let firstQuery = keyHead * shape.headsPerGroup
        let key = parameters + at.projection + (shape.querySize + keyHead * shape.headSize) * hidden
        let value = key + shape.keyValueSize * hidden
        for pair in positionPairs { key[pair * hidden + Self.constantComponent] = 1 }
        for (slot, component) in identityComponents.enumerated() {
            let reading = direction(slot, keyHead: keyHead, group: Self.readingGroup)
            for i in 0..<hidden { value[component * hidden + i] = reading[i] }
        }
        for distance in 1...min(2, shape.headsPerGroup) {
            let head = firstQuery + distance - 1
            let query = parameters + at.projection + head * shape.headSize * hidden
            let output = parameters + at.output + head * shape.headSize
            for pair in positionPairs {
                // Rotated back, so that query and key align at this distance.
                let angle = frequency(pair) * Double(distance)
                query[pair * hidden + Self.constantComponent] = Float(cos(angle))
                query[(pair + half) * hidden + Self.constantComponent] = Float(-sin(angle))
            }
            for (slot, component) in identityComponents.enumerated() {
                let writing = direction(slot, keyHead: keyHead, group: Self.writingGroup + distance)
                for i in 0..<hidden {
                    output[i * shape.querySize + component] = Self.previousTokenStrength * deviation * writing[i]
                }
            }
        }
    }

    /// Second layer: finds the position that the last two tokens led to before, and copies the token there.
    private func matchAndCopy(_ at: ParameterLayout.Layer, keyHead: Int, _ parameters: UnsafeMutablePointer<Float>) {
        let hidden = shape.hiddenSize
        let firstQuery = keyHead * shape.headsPerGroup
        let query = parameters + at.projection + firstQuery * shape.headSize * hidden
        let key = parameters + at.projection + (shape.querySize + keyHead * shape.headSize) * hidden
        let components = identityComponents
        for (slot, component) in components.enumerated() {
            // Half of the components compare the current token, the others the one before it.
            let isCurrent = slot % 2 == 0 || shape.headsPerGroup < 2
            let present =
                isCurrent
                ? direction(slot, keyHead: keyHead, group: Self.readingGroup)
                : direction(slot, keyHead: keyHead, group: Self.writingGroup + 1)
            let past = direction(slot, keyHead: keyHead, group: Self.writingGroup + (isCurrent ? 1 : 2))
            for i in 0..<hidden {
                query[component * hidden + i] = present[i]
                key[component * hidden + i] = past[i]
            }
        }
        let value = key + shape.keyValueSize * hidden
        let output = parameters + at.output + firstQuery * shape.headSize
        for component in 0..<shape.headSize {
            let copied = direction(component, keyHead: keyHead, group: Self.copyingGroup)
            for i in 0..<hidden {
                value[component * hidden + i] = copied[i]
                output[i * shape.querySize + component] = Self.copyStrength * deviation * copied[i]
            }
        }
    }

    /// Keys of the random directions: one set for reading identities, one for each distance of writing, one for copying.
    private static let readingGroup = 1
    private static let writingGroup = 10
    private static let copyingGroup = 3

    /// A random direction of length 1 that ignores the constant component.
    private func direction(_ slot: Int, keyHead: Int, group: Int) -> [Float] {
        var random = CounterRandom(
            seed: seed, stage: .initialization, step: 1 << 20, group: group, sample: keyHead, turn: slot)
        var vector = (0..<shape.hiddenSize).map { _ in random.normal() }
        vector[Self.constantComponent] = 0
        let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return vector.map { $0 / length }
    }
}
