import CKernels
import Primitives

/// Draws a token from logits.
///
/// The draw of token *i* of a sequence depends on its seed, *i* and the logits alone, never on what else is sampled.
struct TokenChoice {
    typealias Scored = SamplingEngine.ScoredToken

    private let weights = FloatBuffer(count: 0)

    /// - Returns: the token and its raw logprob (temperature 1, nothing cut off).
    func draw(
        _ logits: UnsafePointer<Float>, count: Int, request: SamplingEngine.Request, index: Int
    ) -> SamplingEngine.SampledToken {
        let normalizer = mr_log_sum_exp(logits, count)
        let greatest = mr_greatest(logits, count)
        // A temperature whose inverse is infinite is 0 for all that matters.
        let isGreedy = request.temperature <= 0 || !(1 / request.temperature).isFinite
        let token = isGreedy ? greatest : sample(logits, count, logits[greatest], request, index)
        return .init(
            token: Int32(token), logprob: logits[token] - normalizer,
            top: top(request.topkSampleLogprobs, logits, count: count, normalizer: normalizer))
    }

    /// The `k` most probable tokens with their raw logprobs, equal ones by id.
    func top(_ k: Int, _ logits: UnsafePointer<Float>, count: Int, normalizer: Float) -> [Scored] {
        guard k > 0 else { return [] }
        let kept = min(k, count)
        let indices = [Int32](unsafeUninitializedCapacity: kept) { buffer, filled in
            guard let base = buffer.baseAddress else { return }
            mr_top(logits, count, kept, base)
            filled = kept
        }
        return indices.map { Scored(token: $0, logprob: logits[Int($0)] - normalizer) }
    }

    /// The first token at which the running sum of the weights exceeds a uniform share of their total.
    private func sample(
        _ logits: UnsafePointer<Float>, _ count: Int, _ greatest: Float, _ request: SamplingEngine.Request, _ index: Int
    ) -> Int {
        weights.reserve(count)
        var random = CounterRandom(seed: UInt64(bitPattern: request.seed), stage: .sampling, step: index)
        let share = random.uniform()
        let blocks = (count + Int(MR_WEIGHT_BLOCK) - 1) / Int(MR_WEIGHT_BLOCK)
        return withUnsafeTemporaryAllocation(of: Double.self, capacity: blocks) { sums in
            guard let base = sums.baseAddress else { return 0 }
            let total = mr_weights(logits, greatest, 1 / request.temperature, count, weights.pointer, base)
            guard request.topK > 0 && request.topK < count || request.topP < 1 else {
                return mr_draw(weights.pointer, base, count, share * total)
            }
            let kept = nucleus(count, request, total: total).sorted()
            let threshold = share * kept.reduce(0.0) { $0 + Double(weights.pointer[$1]) }
            var sum = 0.0
            for token in kept {
                sum += Double(weights.pointer[token])
                if sum > threshold { return token }
            }
            return kept.last ?? 0
        }
    }

    /// The top k tokens, of these the nucleus of mass p: the most probable ones, equal ones by id, up to the first at
    /// which their sum reaches p.
    ///
    /// Weights are counted by their leading bits first, so that only those near the top are sorted.
    private func nucleus(_ count: Int, _ request: SamplingEngine.Request, total: Double) -> [Int] {
        let limit = request.topK > 0 ? min(request.topK, count) : count
        /// Weights are at most 1: sign, exponent and 3 bits of the fraction make 1,017 classes.
        func classOf(_ weight: Float) -> Int { Int(min(weight, 1).bitPattern >> 20) & 1023 }
        var counts = [Int](repeating: 0, count: 1024)
        var masses = [Double](repeating: 0, count: 1024)
        for token in 0..<count {
            let weight = weights.pointer[token]
            let place = classOf(weight)
            counts[place] += 1
            masses[place] += Double(weight)
        }
        var lowest = counts.count
        var (found, mass) = (0, 0.0)
        // A little more mass than asked for, since the sums below are rounded in another order.
        let enough = request.topK > 0 ? Double.infinity : total * Double(request.topP) * (1 + 1e-9)
        while lowest > 0, found < limit, mass <= enough {
            lowest -= 1
            found += counts[lowest]
            mass += masses[lowest]
        }
        var order = (0..<count).filter { classOf(weights.pointer[$0]) >= lowest }
        order.sort { (weights.pointer[$0], $1) > (weights.pointer[$1], $0) }
        order = Array(order.prefix(limit))
        let all = limit < count ? order.reduce(0.0) { $0 + Double(weights.pointer[$1]) } : total
        let wanted = all * Double(request.topP)
        var sum = 0.0
        for (rank, token) in order.enumerated() {
            sum += Double(weights.pointer[token])
            if sum >= wanted { return Array(order[...rank]) }
        }
        return order
    }
}
