import Primitives
import Testing

@testable import EmbeddedBackend

/// Prefixes are computed once; counters prove it.
struct SamplingPrefixTests {
    typealias Fixture = SamplingFixture
    static let shape = Fixture.configuration(1)
    static let weights = DecoderWeights.random(shape, seed: 1)

    static func tokens(_ count: Int, seed: UInt64) -> [Int32] {
        var random = CounterRandom(seed: seed, stage: .supervised)
        return (0..<count).map { _ in Int32(random.integer(below: shape.vocabularySize)) }
    }

    @Test(arguments: [1, 15, 16, 17, 32, 75], [1, 3])
    func aGroupComputesItsPromptOnce(length: Int, threads: Int) async throws {
        let engine = SamplingEngine(weights: Self.weights, threads: threads)
        defer { engine.shutdown() }
        let prompt = Self.tokens(length, seed: 1)
        let group = (0..<16).map { Fixture.Request(prompt: prompt, maxTokens: 20, seed: $0) }
        let completions = try await Fixture.sample(group, engine)
        #expect(engine.statistics.computedPromptTokens == length)
        #expect(engine.statistics.reusedPromptTokens == 15 * length)
        #expect(Set(completions.map(\.tokens)).count > 8)
        _ = try await Fixture.sample(group, engine)
        #expect(engine.statistics.computedPromptTokens == length)
    }

    @Test func aTurnComputesItsNewTokensOnly() async throws {
        let engine = SamplingEngine(weights: Self.weights, threads: 2)
        defer { engine.shutdown() }
        var prompt = Self.tokens(40, seed: 2)
        var expected = 40
        for turn in 0..<5 {
            let completion = try await engine.sample(.init(prompt: prompt, maxTokens: 9, seed: Int64(turn)))
            #expect(engine.statistics.computedPromptTokens == expected)
            let new = Self.tokens(7, seed: 100 + UInt64(turn))
            prompt += completion.tokens + new
            // The last sampled token was never an input, so it is new too.
            expected += 1 + new.count
        }
    }

    @Test func episodesShareTheirSystemPrompt() async throws {
        let engine = SamplingEngine(weights: Self.weights, threads: 2)
        defer { engine.shutdown() }
        let system = Self.tokens(53, seed: 3)
        let requests = (0..<12).map { index in
            Fixture.Request(prompt: system + [Int32(index)] + Self.tokens(10, seed: UInt64(index)), maxTokens: 5)
        }
        _ = try await engine.sample(requests[0])
        _ = try await Fixture.sample(requests, engine)
        #expect(engine.statistics.computedPromptTokens == 53 + 12 * 11)
    }

    @Test func scoringComputesEveryPosition() async throws {
        let engine = SamplingEngine(weights: Self.weights, threads: 1)
        defer { engine.shutdown() }
        let prompt = Self.tokens(50, seed: 4)
        _ = try await engine.sample(.init(prompt: prompt, maxTokens: 1))
        let scored = try await engine.sample(.init(prompt: prompt, maxTokens: 1, wantsPromptLogprobs: true))
        #expect(engine.statistics.computedPromptTokens == 100)
        #expect(scored.promptLogprobs?.count == 49)
        _ = try await engine.sample(.init(prompt: prompt + [1, 2], maxTokens: 1))
        #expect(engine.statistics.computedPromptTokens == 102)
    }

    @Test func aScoredPromptIsThereForOthers() async throws {
        let engine = SamplingEngine(weights: Self.weights, threads: 1)
        defer { engine.shutdown() }
        let prompt = Self.tokens(50, seed: 5)
        _ = try await engine.sample(.init(prompt: prompt, maxTokens: 1, wantsPromptLogprobs: true))
        _ = try await engine.sample(.init(prompt: prompt, maxTokens: 3))
        #expect(engine.statistics.computedPromptTokens == 50)
    }
}
