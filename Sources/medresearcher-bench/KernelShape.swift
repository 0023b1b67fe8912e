import CKernels
import EmbeddedBackend
import Primitives

/// One matrix product of the model, at the number of rows it is run with.
struct KernelShape {
    enum Kind: String {
        /// `C[m × n] = A[m × k] · Wᵀ`, with `W[n × k]` packed beforehand, as once per version of the weights.
        case forward
        /// `G[m × n] += Dᵀ · X`, with `D[k × m]` and `X[k × n]`; packing is part of the work.
        case weightGradient = "weight_gradient"
    }

    var name: String
    var kind: Kind
    var m: Int
    var n: Int
    var k: Int

    var operations: Double { 2 * Double(m) * Double(n) * Double(k) }

    var json: JSONValue {
        [
            "kind": .string(kind.rawValue), "m": .integer(m), "n": .integer(n), "k": .integer(k),
        ]
    }

    /// The products that matter: a lane's pass of training, and a worker's decoding step of 64 sequences.
    static func all(_ shape: DecoderConfiguration) -> [KernelShape] {
        let (trainingRows, logitRows, decodingRows) = (1024, 192, 64)
        let projection = (shape.headCount + 2 * shape.keyValueHeadCount) * shape.headSize
        let (hidden, gateUp, vocabulary) = (shape.hiddenSize, 2 * shape.intermediateSize, shape.vocabularySize)
        return [
            .init(name: "projection", kind: .forward, m: trainingRows, n: projection, k: hidden),
            .init(name: "gate-up", kind: .forward, m: trainingRows, n: gateUp, k: hidden),
            .init(name: "down", kind: .forward, m: trainingRows, n: hidden, k: shape.intermediateSize),
            .init(name: "logits", kind: .forward, m: logitRows, n: vocabulary, k: hidden),
            .init(name: "gate-up gradient", kind: .weightGradient, m: gateUp, n: hidden, k: trainingRows),
            .init(name: "embedding gradient", kind: .weightGradient, m: vocabulary, n: hidden, k: logitRows),
            .init(name: "decode gate-up", kind: .forward, m: decodingRows, n: gateUp, k: hidden),
            .init(name: "decode logits", kind: .forward, m: decodingRows, n: vocabulary, k: hidden),
        ]
    }

    /// The median seconds of one product with our kernel on one thread.
    func seconds(repetitions: Int) -> Double {
        let watch = Stopwatch(repetitions: repetitions)
        let (left, right) = (Self.matrix(m * k), Self.matrix(n * k))
        var packed = [Float](repeating: 0, count: mr_packed_count(k, n))
        var result = [Float](repeating: 0, count: m * n)
        switch kind {
        case .forward:
            mr_pack(right, 1, k, k, n, &packed)
            return watch.medianOfShort { mr_matmul(m, n, k, left, k, 1, packed, &result, n, 0) }
        case .weightGradient:
            return watch.medianOfShort {
                mr_pack(right, n, 1, k, n, &packed)
                mr_matmul(m, n, k, left, 1, m, packed, &result, n, 1)
            }
        }
    }

    private static func matrix(_ count: Int) -> [Float] {
        var random = CounterRandom(seed: 3, stage: .initialization)
        return (0..<count).map { _ in Float(random.uniform() - 0.5) }
    }
}
