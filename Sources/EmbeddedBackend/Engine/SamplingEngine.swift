import Foundation

/// Samples one version of a model for many requests at a time.
///
/// Sequences join and leave the running batch between tokens. A prefix that several requests share, such as the prompt
/// of a group of samples or the earlier turns of an episode, is computed once and its keys and values are kept as long
/// as there is memory for them.
///
/// Invariant: a request's result depends on the weights and the request alone, bit for bit; not on what else is sampled,
/// the order of arrival, threads, or what is cached.
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

    /// What an engine did since it was made, and does now.
    public struct Statistics: Sendable, Equatable {
        /// Prompt tokens that went through the layers; with those of prefixes shared or kept from before, each once.
        public var computedPromptTokens = 0
        /// Prompt tokens whose keys and values were there already.
        public var reusedPromptTokens = 0
        /// How often a running sequence gave way for lack of memory.
        public var preemptions = 0
        /// Cached pages dropped for lack of memory.
        public var evictedPages = 0
        /// Pages of 16 positions that hold keys and values, the greatest number so far, and the bound.
        public var usedPages = 0
        public var mostUsedPages = 0
        public var pages = 0
        public var running = 0
        public var waiting = 0
    }

    /// Memory for keys and values where none is named: that of 256 sequences of the model's greatest length, at most an
    /// eighth of the machine's.
    public static func defaultCacheBytes(_ shape: DecoderConfiguration) -> Int {
        let page = CachePage.Layout(shape).count * MemoryLayout<Float>.stride
        let pages = (shape.maximumPositions + CachePage.positions - 1) / CachePage.positions
        let eighth = Int(clamping: ProcessInfo.processInfo.physicalMemory / 8)
        let (wanted, isTooMuch) = (256 * pages).multipliedReportingOverflow(by: page)
        return isTooMuch ? eighth : min(wanted, eighth)
    }

    public let weights: DecoderWeights
    private let scheduler: SequenceScheduler

    /// - Parameters:
    ///   - threads: the number of threads that compute, at least 1.
    ///   - cacheBytes: a bound on the memory of all keys and values, of running sequences and kept for later ones;
    ///     taken as it is needed. A page of 16 positions at least.
    public convenience init(weights: DecoderWeights, threads: Int, cacheBytes: Int? = nil) {
        let plan = ThreadPlan(weightBytes: weights.count * MemoryLayout<Float>.stride, threads: threads)
        self.init(weights: weights, plan: plan, cacheBytes: cacheBytes)
    }

    init(weights: DecoderWeights, plan: ThreadPlan, cacheBytes: Int? = nil) {
        self.weights = weights
        let shape = weights.configuration
        let model = PackedDecoder(weights, forTraining: false, rotary: RotaryTable(shape))
        let layout = CachePage.Layout(shape)
        let pages = max(1, (cacheBytes ?? Self.defaultCacheBytes(shape)) / (layout.count * MemoryLayout<Float>.stride))
        let scheduler = SequenceScheduler(
            store: PageStore(layout: layout, capacity: pages), limit: shape.maximumPositions, workers: plan.workers)
        self.scheduler = scheduler
        for index in 0..<plan.workers {
            DecodeWorker.start(
                index: index, model: model, layout: layout, scheduler: scheduler, threads: plan.threadsPerWorker)
        }
    }

    deinit { shutdown() }

    public var statistics: Statistics { scheduler.statistics }

    /// Samples one continuation.
    /// - Throws: ``EngineError`` when the prompt is empty or too long, or when the engine is shut down meanwhile;
    ///   `CancellationError` when the task is cancelled, which frees the sequence's place between two tokens.
    public func sample(_ request: Request) async throws -> Completion {
        try check(request)
        try Task.checkCancellation()
        let scheduler = scheduler
        let ticket = scheduler.nextTicket()
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                scheduler.submit(request, ticket: ticket) { continuation.resume(with: $0) }
                // The handler below finds nothing if it ran before the request was there.
                if Task.isCancelled { scheduler.cancel(ticket) }
            }
        } onCancel: {
            scheduler.cancel(ticket)
        }
    }

    private func check(_ request: Request) throws(EngineError) {
        let limit = weights.configuration.maximumPositions
        guard !request.prompt.isEmpty, request.prompt.count < limit, request.maxTokens > 0 else {
            throw .request(
                "a prompt needs 1 to \(limit - 1) tokens and max_tokens at least 1; got \(request.prompt.count) tokens"
                    + " and max_tokens \(request.maxTokens)")
        }
        let vocabulary = weights.configuration.vocabularySize
        if let wrong = request.prompt.first(where: { $0 < 0 || Int($0) >= vocabulary }) {
            throw .request("prompt token \(wrong) is not in the vocabulary of \(vocabulary) tokens")
        }
        for (name, value) in [
            ("topkPromptLogprobs", request.topkPromptLogprobs), ("topkSampleLogprobs", request.topkSampleLogprobs),
        ] where !(0...Self.maximumTopLogprobs).contains(value) {
            throw .request("\(name) is \(value); expected 0 to \(Self.maximumTopLogprobs)")
        }
    }

    /// Fails waiting and running requests and ends the threads. Safe to call twice.
    public func shutdown() { scheduler.stop() }
}
