import Foundation

/// Samples one version of a model for many requests at a time.
///
/// Each worker thread decodes its own sequences in one batch, admits new ones between tokens, and keeps the keys and
/// values of finished sequences, so that the next turn of an episode computes its new tokens only.
///
/// Invariant: a request's result depends on the weights and the request alone.
public final class SamplingEngine: Sendable {
    public struct Request: Sendable {
        public var prompt: [Int32]
        public var maxTokens: Int
        /// 0 takes the most probable token.
        public var temperature: Float
        /// 0 or less means no limit.
        public var topK: Int
        public var topP: Float
        public var stopTokens: [Int32]
        public var seed: Int64
        public var wantsPromptLogprobs: Bool

        public init(
            prompt: [Int32], maxTokens: Int, temperature: Float = 1, topK: Int = -1, topP: Float = 1,
            stopTokens: [Int32] = [], seed: Int64 = 0, wantsPromptLogprobs: Bool = false
        ) {
            self.prompt = prompt
            self.maxTokens = maxTokens
            self.temperature = temperature
            self.topK = topK
            self.topP = topP
            self.stopTokens = stopTokens
            self.seed = seed
            self.wantsPromptLogprobs = wantsPromptLogprobs
        }
    }

    public struct Completion: Sendable, Equatable {
        /// The sampled tokens, the stop token included.
        public var tokens: [Int32]
        /// Raw logprobs of `tokens`.
        public var logprobs: [Float]
        public var stoppedByToken: Bool
        /// The logprob of each prompt token but the first, when asked for.
        public var promptLogprobs: [Float]?
    }

    /// Sequences kept for reuse, over all workers.
    static let cachedSequences = 192

    public let weights: DecoderWeights
    private let workers: [DecodeWorker]
    private let pool: CachePool

    /// - Parameter threads: the number of worker threads, at least 1.
    public init(weights: DecoderWeights, threads: Int) {
        self.weights = weights
        let model = PackedDecoder(weights, forTraining: false, rotary: RotaryTable(weights.configuration))
        let pool = CachePool(
            shape: weights.configuration, workerCount: max(1, threads), limit: Self.cachedSequences)
        self.pool = pool
        workers = (0..<max(1, threads)).map { DecodeWorker(index: $0, model: model, pool: pool) }
    }

    deinit { shutdown() }

    /// Samples one continuation.
    /// - Throws: ``EngineError`` when the prompt is empty or too long, or when the engine is shut down meanwhile.
    public func sample(_ request: Request) async throws -> Completion {
        let limit = weights.configuration.maximumPositions
        guard !request.prompt.isEmpty, request.prompt.count < limit, request.maxTokens > 0 else {
            throw EngineError.request(
                "a prompt needs 1 to \(limit - 1) tokens and max_tokens at least 1; got \(request.prompt.count) tokens"
                    + " and max_tokens \(request.maxTokens)")
        }
        return try await withCheckedThrowingContinuation { continuation in
            let place = pool.take(for: request)
            workers[place.worker].submit(
                ActiveSequence(request: request, cache: place.cache, limit: limit, continuation: continuation))
        }
    }

    /// Fails waiting requests and ends the threads. Safe to call twice.
    public func shutdown() {
        for worker in workers { worker.stop() }
    }
}
