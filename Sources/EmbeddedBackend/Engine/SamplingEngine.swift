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
        /// How many of the most probable tokens to report at each prompt position but the first; 0 for none.
        public var topkPromptLogprobs: Int
        /// How many of the most probable tokens to report for each sampled token, at most ``maximumTopLogprobs``.
        public var topkSampleLogprobs: Int
        /// Asked once for each sampled token, in order, after `stopTokens`; true ends the sequence with that token.
        ///
        /// Runs on the thread that decodes, so it has to be quick and must not block.
        public var stopCondition: (@Sendable (_ token: Int32) -> Bool)?
        /// Told of each sampled token, in order, as soon as it is drawn; before the answer of `sample`.
        ///
        /// Runs on the thread that decodes, so it has to be quick and must not block.
        public var onToken: (@Sendable (SampledToken) -> Void)?

        public init(
            prompt: [Int32], maxTokens: Int, temperature: Float = 1, topK: Int = -1, topP: Float = 1,
            stopTokens: [Int32] = [], seed: Int64 = 0, wantsPromptLogprobs: Bool = false,
            topkPromptLogprobs: Int = 0, topkSampleLogprobs: Int = 0,
            stopCondition: (@Sendable (_ token: Int32) -> Bool)? = nil,
            onToken: (@Sendable (SampledToken) -> Void)? = nil
        ) {
            self.prompt = prompt
            self.maxTokens = maxTokens
            self.temperature = temperature
            self.topK = topK
            self.topP = topP
            self.stopTokens = stopTokens
            self.seed = seed
            self.wantsPromptLogprobs = wantsPromptLogprobs
            self.topkPromptLogprobs = topkPromptLogprobs
            self.topkSampleLogprobs = topkSampleLogprobs
            self.stopCondition = stopCondition
            self.onToken = onToken
        }
    }

    /// The greatest `topkSampleLogprobs` and `topkPromptLogprobs`.
    public static let maximumTopLogprobs = 20

    /// A token and its raw logprob.
    public struct ScoredToken: Sendable, Equatable {
        public var token: Int32
        public var logprob: Float
    }

    /// A drawn token.
    public struct SampledToken: Sendable, Equatable {
        public var token: Int32
        /// At temperature 1, with nothing cut off.
        public var logprob: Float
        /// The most probable tokens, most probable first; empty unless asked for.
        public var top: [ScoredToken]
    }

    public struct Completion: Sendable, Equatable {
        /// The sampled tokens, the stop token included.
        public var tokens: [Int32]
        /// Raw logprobs of `tokens`.
        public var logprobs: [Float]
        public var stoppedByToken: Bool
        /// Whether the request's `stopCondition` ended the sequence.
        public var stoppedByCondition = false
        /// The logprob of each prompt token but the first, when asked for.
        public var promptLogprobs: [Float]?
        /// The most probable tokens at each prompt position but the first, most probable first, when asked for.
        public var topPromptLogprobs: [[ScoredToken]]?
        /// The most probable tokens at the place of each of `tokens`, most probable first, when asked for.
        public var topLogprobs: [[ScoredToken]]?
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
    /// - Throws: ``EngineError`` when the prompt is empty or too long, or when the engine is shut down meanwhile;
    ///   `CancellationError` when the task is cancelled, which frees the sequence's place between two tokens.
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
