import CKernels
import Primitives

/// Draws a token from logits.
///
/// The draw of token *i* of a sequence depends on its seed, *i* and the logits alone, never on what else is sampled.
struct TokenChoice {
    private let scratch = FloatBuffer(count: 0)

    /// - Returns: the token and its raw logprob (temperature 1, nothing cut off).
    func draw(
        _ logits: UnsafePointer<Float>, count: Int, request: SamplingEngine.Request, index: Int
    ) -> (token: Int32, logprob: Float) {
        let normalizer = mr_log_sum_exp(logits, count)
        let token = request.temperature <= 0 ? greatest(logits, count) : sample(logits, count, request, index)
        return (Int32(token), logits[token] - normalizer)
    }

    /// The first token with the greatest logit.
    private func greatest(_ logits: UnsafePointer<Float>, _ count: Int) -> Int {
        var best = 0
        for i in 1..<count where logits[i] > logits[best] { best = i }
        return best
    }

    private func sample(
        _ logits: UnsafePointer<Float>, _ count: Int, _ request: SamplingEngine.Request, _ index: Int
    ) -> Int {
        scratch.reserve(count)
        let weights = scratch.pointer
        mr_exp_shifted(logits, logits[greatest(logits, count)], 1 / request.temperature, count, weights)
        if request.topK > 0 && request.topK < count || request.topP < 1 { truncate(weights, count, request) }
        var total = 0.0
        for i in 0..<count { total += Double(weights[i]) }
        var random = CounterRandom(seed: UInt64(bitPattern: request.seed), stage: .sampling, step: index)
        let threshold = random.uniform() * total
        var sum = 0.0
        var last = 0
        for i in 0..<count where weights[i] > 0 {
            sum += Double(weights[i])
            last = i
            if sum > threshold { return i }
        }
        return last
    }

    /// Sets the weights outside the top k, then outside the nucleus of mass p, to zero.
    private func truncate(_ weights: UnsafeMutablePointer<Float>, _ count: Int, _ request: SamplingEngine.Request) {
        var order = Array(0..<count)
        order.sort { (weights[$0], $1) > (weights[$1], $0) }
        var kept = request.topK > 0 ? min(request.topK, count) : count
        let mass = order[..<kept].reduce(0.0) { $0 + Double(weights[$1]) } * Double(request.topP)
        var sum = 0.0
        for (rank, token) in order[..<kept].enumerated() {
            sum += Double(weights[token])
            if sum >= mass {
                kept = rank + 1
                break
            }
        }
        for token in order[kept...] { weights[token] = 0 }
    }
}
