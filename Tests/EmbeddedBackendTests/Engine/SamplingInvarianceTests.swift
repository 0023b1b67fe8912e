import Primitives
import Testing

@testable import EmbeddedBackend

/// A completion is a function of weights and request, and its logprobs are the trainer's bits.
struct SamplingInvarianceTests {
    typealias Fixture = SamplingFixture

    @Test(arguments: 0..<6 as Range<UInt64>)
    func everythingSampledIsTheTrainersBits(seed: UInt64) async throws {
        let shape = Fixture.configuration(seed)
        let weights = try Fixture.weights(shape, seed: seed)
        let trainer = DecoderTrainer(weights: weights, threads: 1)
        let requests = Fixture.requests(18, vocabulary: shape.vocabularySize, seed: seed)
        let engine = SamplingEngine(weights: weights, threads: 1 + Int(seed % 4))
        defer { engine.shutdown() }
        let order = Fixture.shuffled(requests.count, seed: seed)
        let completions = try await Fixture.sample(requests, engine, order: order)
        #expect(completions.count == requests.count)
        for (request, completion) in zip(requests, completions) {
            let expected = try Fixture.trainerLogprobs(request.prompt + completion.tokens, trainer)
            #expect(completion.logprobs == Array(expected.suffix(completion.tokens.count)))
            #expect(!completion.tokens.isEmpty)
            guard request.wantsPromptLogprobs else { continue }
            #expect(completion.promptLogprobs == Array(expected.prefix(request.prompt.count - 1)))
        }
    }

    /// The same requests one at a time without a cache, all at once in any order, over few and many threads that work
    /// side by side or together, and with hardly any memory.
    @Test(arguments: 20..<26 as Range<UInt64>)
    func nothingButTheRequestMatters(seed: UInt64) async throws {
        let shape = Fixture.configuration(seed)
        let weights = try Fixture.weights(shape, seed: seed)
        let requests = Fixture.requests(10, vocabulary: shape.vocabularySize, seed: seed)
        var expected: [Fixture.Completion] = []
        for request in requests {
            let cold = SamplingEngine(weights: weights, threads: 1)
            expected.append(try await cold.sample(request))
            cold.shutdown()
        }
        let pageBytes = CachePage.Layout(shape).count * MemoryLayout<Float>.stride
        for threads in [1, 2 + Int(seed % 3)] {
            for (plan, pages) in [
                (ThreadPlan(workers: threads, threadsPerWorker: 1), 4096),
                (ThreadPlan(workers: 1, threadsPerWorker: threads), 4096),
                (ThreadPlan(workers: threads, threadsPerWorker: 1), 20),
            ] {
                let engine = SamplingEngine(weights: weights, plan: plan, cacheBytes: pages * pageBytes)
                let order = Fixture.shuffled(requests.count, seed: seed &+ UInt64(threads))
                let found = try await Fixture.sample(requests, engine, order: order, width: 3 * threads + 5)
                #expect(found == expected, "\(plan), \(pages) pages")
                #expect(try await Fixture.sample(requests, engine) == expected, "again, \(plan), \(pages) pages")
                #expect(engine.statistics.mostUsedPages <= pages)
                engine.shutdown()
            }
        }
    }

    @Test func mostProbableTokensAreInOrderAndHoldTheDrawnOne() async throws {
        let shape = Fixture.configuration(3)
        let weights = DecoderWeights.random(shape, seed: 3)
        let engine = SamplingEngine(weights: weights, threads: 1)
        defer { engine.shutdown() }
        let request = Fixture.Request(
            prompt: [5, 6, 7, 8], maxTokens: 12, temperature: 0, topkPromptLogprobs: 20, topkSampleLogprobs: 3)
        let completion = try await engine.sample(request)
        let sampled = try #require(completion.topLogprobs)
        #expect(sampled.map(\.count) == Array(repeating: 3, count: 12))
        #expect(sampled.map { $0[0].token } == completion.tokens)
        #expect(sampled.map { $0[0].logprob } == completion.logprobs)
        let prompt = try #require(completion.topPromptLogprobs)
        #expect(prompt.map(\.count) == [20, 20, 20])
        for list in sampled + prompt { #expect(list == list.sorted { $0.logprob > $1.logprob }) }
        #expect(completion.promptLogprobs == nil)
        let score = try await engine.sample(.init(prompt: [5, 6, 7, 8], maxTokens: 1, wantsPromptLogprobs: true))
        for (index, list) in prompt.enumerated() {
            guard let own = list.first(where: { $0.token == [6, 7, 8][index] }) else { continue }
            #expect(own.logprob == score.promptLogprobs?[index])
        }
    }
}
