/// A request on its way through a worker.
final class ActiveSequence {
    let request: SamplingEngine.Request
    let cache: SequenceCache
    /// Prompt and sampled tokens.
    var tokens: [Int32]
    var logprobs: [Float] = []
    var promptLogprobs: [Float] = []
    private let limit: Int
    private var continuation: CheckedContinuation<SamplingEngine.Completion, any Error>?

    init(
        request: SamplingEngine.Request, cache: SequenceCache, limit: Int,
        continuation: CheckedContinuation<SamplingEngine.Completion, any Error>
    ) {
        self.request = request
        self.cache = cache
        self.limit = limit
        self.continuation = continuation
        tokens = request.prompt
    }

    /// Tokens whose keys and values are not stored yet.
    var pending: ArraySlice<Int32> { tokens[cache.tokens.count...] }
    private var sampledCount: Int { tokens.count - request.prompt.count }

    var isFinished: Bool {
        guard sampledCount > 0 else { return false }
        return stoppedByToken || sampledCount >= request.maxTokens || tokens.count >= limit
    }

    private var stoppedByToken: Bool { tokens.last.map(request.stopTokens.contains) ?? false }

    func append(_ token: Int32, logprob: Float) {
        tokens.append(token)
        logprobs.append(logprob)
    }

    func finish() {
        continuation?.resume(
            returning: .init(
                tokens: Array(tokens[request.prompt.count...]), logprobs: logprobs, stoppedByToken: stoppedByToken,
                promptLogprobs: request.wantsPromptLogprobs ? promptLogprobs : nil))
        continuation = nil
    }

    func fail(_ error: EngineError) {
        continuation?.resume(throwing: error)
        continuation = nil
    }
}
