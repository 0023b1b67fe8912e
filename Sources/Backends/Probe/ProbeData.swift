import Primitives

/// The tiny batches that a probe sends. Token ids stay below 64, which every vocabulary has.
enum ProbeData {
    static let tokens: [TokenID] = [3, 10, 20, 30, 40, 50, 60, 7]
    /// Positions of a datum made of ``tokens``.
    static let count = tokens.count - 1

    /// The whole sequence as a supervised datum.
    static func supervised(weight: Float = 1) -> Datum {
        Datum(supervised: tokens, weights: tokens.map { _ in weight })
    }

    /// A policy datum of the same sequence.
    /// - Parameters:
    ///   - logprobs: what the sampler is said to have said.
    ///   - weights, advantages: the default is 1 everywhere.
    static func policy(logprobs: [Float], weights: [Float]? = nil, advantages: [Float]? = nil) -> Datum {
        let ones = [Float](repeating: 1, count: count)
        return Datum(
            inputTokens: Array(tokens.dropLast()), targetTokens: Array(tokens.dropFirst()), weights: weights ?? ones,
            logprobs: logprobs, advantages: advantages ?? ones)
    }

    /// 1 on the last `ones` positions, 0 before.
    static func mask(last ones: Int) -> [Float] { (0..<count).map { $0 < count - ones ? 0 : 1 } }
}
