import CKernels
import EmbeddedBackend
import Primitives

/// One matrix product, as training does it.
struct KernelShape {
    enum Kind: String {
        /// `C[m × n] = A[m × k] · Wᵀ`, with `W[n × k]`.
        case forward
        /// `G[m × n] += Dᵀ · X`, with `D[k × m]` and `X[k × n]`.
        case weightGradient = "weight_gradient"
    }

    var name: String
    var kind = Kind.forward
    var m: Int
    var n: Int
    var k: Int

    var operations: Double { 2 * Double(m) * Double(n) * Double(k) }

    var json: JSONValue {
        ["kind": .string(kind.rawValue), "m": .integer(m), "n": .integer(n), "k": .integer(k)]
    }

    /// What the peak is measured on: large cubes, the easiest products there are.
    static let cubes = [1024, 2048, 4096].map { KernelShape(name: "cube", m: $0, n: $0, k: $0) }

    /// The products that matter.
    static func all(_ shape: DecoderConfiguration) -> [KernelShape] {
        let rows = 1024
        let projection = (shape.headCount + 2 * shape.keyValueHeadCount) * shape.headSize
        let (hidden, gateUp, vocabulary) = (shape.hiddenSize, 2 * shape.intermediateSize, shape.vocabularySize)
        let logits = vocabulary > 50_000 ? 384 : 192
        return [
            .init(name: "projection", m: rows, n: projection, k: hidden),
            .init(name: "gate-up", m: rows, n: gateUp, k: hidden),
            .init(name: "down", m: rows, n: hidden, k: shape.intermediateSize),
            .init(name: "logits", m: logits, n: min(vocabulary, 32_768), k: hidden),
            .init(name: "gate-up gradient", kind: .weightGradient, m: gateUp, n: hidden, k: rows),
            .init(name: "output gradient", kind: .weightGradient, m: min(vocabulary, 32_768), n: hidden, k: logits),
        ]
    }

    /// The median seconds of one product with our kernels on one thread.
    ///
    /// - Parameter packed: whether the right operand of a forward product is packed beforehand, as for a small model.
    func seconds(repetitions: Int, packed: Bool) -> Double {
        let watch = Stopwatch(repetitions: repetitions)
        let (left, right) = (Self.matrix(m * k), Self.matrix(n * k))
        var result = [Float](repeating: 0, count: m * n)
        var scratch = [Float](repeating: 0, count: mr_product_scratch(k))
        switch kind {
        case .forward where packed:
            var panels = [Float](repeating: 0, count: mr_packed_count(k, n))
            mr_pack(right, 1, k, k, n, &panels)
            return watch.medianOfShort { mr_product_packed(m, n, k, left, k, 1, panels, &result, n, 0, &scratch) }
        case .forward:
            return watch.medianOfShort { mr_product(m, n, k, left, k, 1, right, 1, k, &result, n, 0, &scratch) }
        case .weightGradient:
            return watch.medianOfShort { mr_product(m, n, k, left, 1, m, right, n, 1, &result, n, 1, &scratch) }
        }
    }

    private static func matrix(_ count: Int) -> [Float] {
        var random = CounterRandom(seed: 3, stage: .initialization)
        return (0..<count).map { _ in Float(random.uniform() - 0.5) }
    }
}
