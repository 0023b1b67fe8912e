import CKernels
import Primitives
import Testing

@testable import EmbeddedBackend

/// The kernels of sampling against the plain computations that they speed up.
struct SamplingKernelTests {
    static func floats(_ count: Int, _ random: inout CounterRandom, scale: Float = 1) -> [Float] {
        (0..<count).map { _ in scale * random.normal() }
    }

    @Test(arguments: 0..<24 as Range<UInt64>)
    func attentionOverPagesIsAttentionOverOneStretch(seed: UInt64) {
        var random = CounterRandom(seed: seed, stage: .evaluation)
        let (size, count) = (2 * (1 + random.integer(below: 40)), 1 + random.integer(below: 150))
        let padded = mr_padded(size)
        let pageCount = (count + 15) / 16
        let keys = Self.floats(pageCount * 16 * size, &random)
        let values = Self.floats(pageCount * 16 * padded, &random)
        let query = Self.floats(size, &random)
        let scratch = FloatBuffer(count: pageCount * 16)
        var expected = [Float](repeating: 0, count: size)
        mr_attend(query, keys, values, count, size, 0.25, scratch.pointer, &expected, nil, nil)
        let pages = (0..<pageCount).map { page in
            FloatBuffer(
                [7, 7, 7] + keys[(page * 16 * size)..<((page + 1) * 16 * size)]
                    + values[(page * 16 * padded)..<((page + 1) * 16 * padded)])
        }
        let addresses = pages.map { UnsafePointer($0.pointer) as UnsafePointer<Float>? }
        var found = [Float](repeating: 0, count: size)
        mr_attend_paged(query, addresses, 3, 3 + 16 * size, count, size, 0.25, scratch.pointer, &found)
        #expect(found == expected)
    }

    @Test(arguments: 0..<24 as Range<UInt64>)
    func theGreatestValuesAreThoseOfASort(seed: UInt64) {
        var random = CounterRandom(seed: seed, stage: .evaluation)
        let count = 1 + random.integer(below: 500)
        // Few different values, so that ties are common.
        let values = (0..<count).map { _ in Float(random.integer(below: 1 + Int(seed) * 8)) - 50 }
        let order = values.indices.sorted { (values[$0], $1) > (values[$1], $0) }
        #expect(mr_greatest(values, count) == order[0])
        let k = 1 + random.integer(below: min(count, 30))
        var found = [Int32](repeating: -1, count: k)
        mr_top(values, count, k, &found)
        #expect(found.map(Int.init) == Array(order.prefix(k)))
    }

    /// The definition: sort, keep the top k, of these the nucleus, then the first token at which the running sum exceeds
    /// the share of the total.
    static func definition(
        _ logits: [Float], _ request: SamplingEngine.Request, index: Int
    ) -> Int {
        let top = logits.max() ?? 0
        var weights = [Float](repeating: 0, count: logits.count)
        mr_exp_shifted(logits, top, 1 / request.temperature, logits.count, &weights)
        if request.topK > 0 && request.topK < logits.count || request.topP < 1 {
            let order = weights.indices.sorted { (weights[$0], $1) > (weights[$1], $0) }
            var kept = request.topK > 0 ? min(request.topK, logits.count) : logits.count
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
        var random = CounterRandom(seed: UInt64(bitPattern: request.seed), stage: .sampling, step: index)
        let threshold = random.uniform() * weights.reduce(0.0) { $0 + Double($1) }
        var sum = 0.0
        for (token, weight) in weights.enumerated() where weight > 0 {
            sum += Double(weight)
            if sum > threshold { return token }
        }
        return weights.lastIndex { $0 > 0 } ?? 0
    }

    @Test(arguments: 0..<24 as Range<UInt64>)
    func drawsAreThoseOfTheDefinition(seed: UInt64) {
        var random = CounterRandom(seed: seed, stage: .evaluation)
        let count = 1 + random.integer(below: 1500)
        let logits = Self.floats(count, &random, scale: Float(1 + random.integer(below: 8)))
        var request = SamplingEngine.Request(
            prompt: [0], maxTokens: 1, temperature: Float(0.5 + random.uniform()), seed: Int64(seed))
        if seed % 4 == 1 || seed % 4 == 3 { request.topK = 1 + random.integer(below: 60) }
        if seed % 4 == 2 || seed % 4 == 3 { request.topP = Float(0.05 + 0.95 * random.uniform()) }
        let choice = TokenChoice()
        for index in 0..<8 {
            let drawn = choice.draw(logits, count: count, request: request, index: index)
            #expect(Int(drawn.token) == Self.definition(logits, request, index: index))
        }
    }

    /// Weights that training has ruined must not end the process.
    @Test(arguments: [Float.nan, .infinity, -.infinity])
    func logitsThatAreNoNumbersGiveSomeToken(value: Float) {
        let logits = [Float](repeating: value, count: 300)
        for (topK, topP) in [(-1, Float(1)), (5, 1), (-1, 0.5)] {
            let request = SamplingEngine.Request(
                prompt: [0], maxTokens: 1, topK: topK, topP: topP, seed: 1, topkSampleLogprobs: 3)
            let drawn = TokenChoice().draw(logits, count: 300, request: request, index: 0)
            #expect(0..<300 ~= drawn.token && drawn.top.count == 3)
        }
    }
}
