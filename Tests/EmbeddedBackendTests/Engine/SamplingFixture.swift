import Primitives

@testable import EmbeddedBackend

/// Random models and requests for the tests of sampling.
enum SamplingFixture {
    typealias Request = SamplingEngine.Request
    typealias Completion = SamplingEngine.Completion

    static func configuration(_ seed: UInt64) -> DecoderConfiguration {
        var random = CounterRandom(seed: seed, stage: .initialization)
        let keyHeads = 1 + random.integer(below: 3)
        let architectures = DecoderConfiguration.Architecture.allCases
        return DecoderConfiguration(
            architecture: architectures[Int(seed) % architectures.count],
            vocabularySize: 33 + random.integer(below: 300), hiddenSize: 8 * (2 + random.integer(below: 6)),
            intermediateSize: 5 + random.integer(below: 90), layerCount: 1 + random.integer(below: 3),
            headCount: keyHeads * (1 + random.integer(below: 3)), keyValueHeadCount: keyHeads,
            headSize: 2 * (3 + random.integer(below: 14)), ropeTheta: 10_000,
            rotaryScaling: random.integer(below: 3) == 0 ? .linear(factor: 2) : .none, maximumPositions: 256,
            tiesEmbeddings: random.integer(below: 2) == 0, attentionBias: random.integer(below: 2) == 0,
            feedForwardBias: random.integer(below: 2) == 0, endOfTextToken: 0)
    }

    /// Random weights of a configuration, of which every second has an adapter with values of its own.
    static func weights(_ shape: DecoderConfiguration, seed: UInt64) throws -> DecoderWeights {
        let base = DecoderWeights.random(shape, seed: seed)
        guard seed % 2 == 1 else { return base }
        let adapted = try base.adapted(by: AdapterConfiguration(rank: 1 + Int(seed % 5), alpha: 3, seed: seed))
        if let adapter = adapted.adapter {
            var random = CounterRandom(seed: seed, stage: .supervised)
            for index in 0..<adapter.layout.count { adapter.parameters.pointer[index] = 0.2 * random.normal() }
        }
        return adapted
    }

    /// Prompts some of which share prefixes, repeat or extend one another, with every kind of sampling.
    static func requests(_ count: Int, vocabulary: Int, seed: UInt64) -> [Request] {
        var random = CounterRandom(seed: seed, stage: .sampling)
        var requests: [Request] = []
        for index in 0..<count {
            func tokens(_ count: Int) -> [Int32] { (0..<count).map { _ in Int32(random.integer(below: vocabulary)) } }
            var prompt = tokens(1 + random.integer(below: 70))
            if let earlier = requests.last?.prompt, random.integer(below: 3) > 0 {
                let kept = random.integer(below: 2) == 0 ? earlier.count : 1 + random.integer(below: earlier.count)
                prompt = Array(earlier.prefix(kept)) + tokens(random.integer(below: 3) * random.integer(below: 20))
            }
            var request = Request(prompt: prompt, maxTokens: 1 + random.integer(below: 24), seed: Int64(index))
            switch random.integer(below: 6) {
            case 0: request.temperature = 0
            case 1: (request.temperature, request.topK) = (0.8, 1 + random.integer(below: 12))
            case 2: (request.temperature, request.topP) = (1.2, 0.9)
            default: break
            }
            if random.integer(below: 4) == 0 { request.wantsPromptLogprobs = true }
            if random.integer(below: 4) == 0 { request.topkPromptLogprobs = 1 + random.integer(below: 5) }
            if random.integer(below: 4) == 0 { request.topkSampleLogprobs = 1 + random.integer(below: 5) }
            requests.append(request)
        }
        return requests
    }

    /// All completions, in the order of the requests, which start in the order of `order` and at most `width` at a time.
    static func sample(
        _ requests: [Request], _ engine: SamplingEngine, order: [Int]? = nil, width: Int = .max
    ) async throws -> [Completion] {
        try await withThrowingTaskGroup(of: (Int, Completion).self) { group in
            var completions = [Int: Completion]()
            var running = 0
            for index in order ?? Array(requests.indices) {
                if running == width, let (done, completion) = try await group.next() {
                    completions[done] = completion
                    running -= 1
                }
                group.addTask { (index, try await engine.sample(requests[index])) }
                running += 1
            }
            for try await (done, completion) in group { completions[done] = completion }
            return requests.indices.compactMap { completions[$0] }
        }
    }

    static func shuffled(_ count: Int, seed: UInt64) -> [Int] {
        var random = CounterRandom(seed: seed, stage: .evaluation)
        var order = Array(0..<count)
        for index in order.indices.reversed() { order.swapAt(index, random.integer(below: index + 1)) }
        return order
    }

    /// What the trainer computes for a prompt and its continuation: the logprobs of all tokens but the first.
    static func trainerLogprobs(_ tokens: [Int32], _ trainer: DecoderTrainer) throws -> [Float] {
        let zeros = [Float](repeating: 0, count: tokens.count - 1)
        return try trainer.forward([
            TrainingSequence(
                inputTokens: Array(tokens.dropLast()), targetTokens: Array(tokens.dropFirst()), weights: zeros,
                logprobs: zeros, advantages: zeros)
        ])[0]
    }
}
