import Dispatch
import Primitives
import Synchronization
import Testing

@testable import EmbeddedBackend

/// What a request can ask of the engine beside its tokens.
struct SamplingRequestTests {
    typealias Request = SamplingEngine.Request
    static let weights = DecoderWeights.random(SamplingFixture.configuration(4), seed: 4)

    @Test func aStopConditionSeesEveryTokenOnceAndEndsTheSequence() async throws {
        let engine = SamplingEngine(weights: Self.weights, threads: 1)
        defer { engine.shutdown() }
        let free = try await engine.sample(.init(prompt: [1, 2, 3], maxTokens: 30, seed: 9))
        let seen = Mutex<[Int32]>([])
        let stopped = try await engine.sample(
            .init(
                prompt: [1, 2, 3], maxTokens: 30, seed: 9,
                stopCondition: { token in
                    seen.withLock {
                        $0.append(token)
                        return $0.count == 7
                    }
                }))
        #expect(stopped.tokens == Array(free.tokens.prefix(7)))
        #expect(seen.withLock { $0 } == stopped.tokens)
        #expect(stopped.stoppedByCondition && !stopped.stoppedByToken)
        #expect(!free.stoppedByCondition && !free.stoppedByToken)
    }

    @Test func tokensComeInOrderBeforeTheAnswer() async throws {
        let engine = SamplingEngine(weights: Self.weights, threads: 2)
        defer { engine.shutdown() }
        let seen = Mutex<[SamplingEngine.SampledToken]>([])
        let completion = try await engine.sample(
            .init(
                prompt: [4, 5], maxTokens: 15, topkSampleLogprobs: 2,
                onToken: { token in seen.withLock { $0.append(token) } }))
        let tokens = seen.withLock { $0 }
        #expect(tokens.map(\.token) == completion.tokens)
        #expect(tokens.map(\.logprob) == completion.logprobs)
        #expect(tokens.map(\.top) == completion.topLogprobs)
    }

    @Test func aCancelledTaskEndsAndLeavesNothingBehind() async throws {
        let engine = SamplingEngine(weights: Self.weights, threads: 1)
        defer { engine.shutdown() }
        let (started, start) = AsyncStream<Void>.makeStream()
        let gate = DispatchSemaphore(value: 0)
        let task = Task {
            try await engine.sample(
                .init(
                    prompt: [1, 2, 3], maxTokens: 250,
                    onToken: { _ in
                        // Holds the decoding thread at the first token until the task is cancelled.
                        start.yield()
                        gate.wait()
                    }))
        }
        for await _ in started { break }
        task.cancel()
        gate.signal()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(engine.statistics.running == 0 && engine.statistics.waiting == 0)
        let dead = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await engine.sample(.init(prompt: [1, 2, 3], maxTokens: 2))
        }
        await #expect(throws: CancellationError.self) { try await dead.value }
    }

    @Test func runningRequestsFailWhenTheEngineIsShutDown() async throws {
        let engine = SamplingEngine(weights: Self.weights, threads: 1)
        let results = await withTaskGroup(of: Result<SamplingEngine.Completion, any Error>.self) { group in
            for seed in 0..<6 {
                group.addTask {
                    await Task {
                        try await engine.sample(
                            .init(
                                prompt: [1, 2, 3], maxTokens: 200, seed: Int64(seed),
                                onToken: { _ in engine.shutdown() }))
                    }.result
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        for result in results {
            guard case .failure(let error) = result else {
                Issue.record("a request was answered after the shutdown")
                continue
            }
            #expect(error as? EngineError == .stopped)
        }
        await #expect(throws: EngineError.stopped) { try await engine.sample(.init(prompt: [1], maxTokens: 1)) }
    }

    static let refused = [
        Request(prompt: [], maxTokens: 1), Request(prompt: [1], maxTokens: 0),
        Request(prompt: Array(repeating: 1, count: 256), maxTokens: 1), Request(prompt: [-1], maxTokens: 1),
        Request(prompt: [100_000], maxTokens: 1), Request(prompt: [1], maxTokens: 1, topkPromptLogprobs: 21),
        Request(prompt: [1], maxTokens: 1, topkSampleLogprobs: -1),
    ]

    @Test(arguments: refused.indices)
    func aRequestThatMeansNothingIsRefused(index: Int) async {
        let engine = SamplingEngine(weights: Self.weights, threads: 1)
        defer { engine.shutdown() }
        await #expect(throws: EngineError.self) { try await engine.sample(Self.refused[index]) }
    }

    @Test func memoryDoesNotGrowOverALongRun() async throws {
        let bytes = CachePage.Layout(Self.weights.configuration).count * MemoryLayout<Float>.stride
        let engine = SamplingEngine(weights: Self.weights, threads: 2, cacheBytes: 24 * bytes)
        defer { engine.shutdown() }
        let vocabulary = Self.weights.configuration.vocabularySize
        for round in 0..<6 {
            let requests = SamplingFixture.requests(16, vocabulary: vocabulary, seed: 70 + UInt64(round))
            #expect(try await SamplingFixture.sample(requests, engine).count == requests.count)
        }
        let statistics = engine.statistics
        #expect(statistics.pages == 24 && statistics.mostUsedPages <= 24)
        #expect(statistics.evictedPages > 0)
    }
}
