import Primitives
import Synchronization

/// An immutable version of a policy on a Tinker API server. Where the server takes that, the version stays there exactly as
/// long as this lives.
public final class TinkerSampler: PolicySampler {
    public let policyVersion: Int
    /// The server's name for the weights.
    public let samplingSession: String
    let session: TinkerSession
    /// Where the server wants the end of samples awaited for all of them at once.
    private let announcements: SampleAnnouncements?
    private let nextSequence = Mutex(0)

    init(session: TinkerSession, samplingSession: String, policyVersion: Int) {
        self.session = session
        self.samplingSession = samplingSession
        self.policyVersion = policyVersion
        announcements =
            session.wire.settings.announcesSamples
            ? SampleAnnouncements(wire: session.wire, samplingSession: samplingSession) : nil
    }

    /// Frees the weights on servers that know when a sampler is no longer asked.
    deinit {
        guard session.wire.settings.closesSamplers else { return }
        Task { [session, samplingSession] in await session.close(sampler: samplingSession) }
    }

    public var pressure: SamplerPressure { session.samplingGate.gauge.pressure }

    /// Draws continuations; cancelling the task stops waiting for them, and their making where the server takes that.
    ///
    /// Sampling changes nothing on the server, so that it is repeated on every kind of outage.
    public func sample(
        prompt: [TokenID], count: Int, parameters: SamplingParameters
    ) async throws(BackendError) -> [SampledSequence] {
        let result = try await request(SampleRequest(prompt: prompt, count: count, parameters: parameters))
        return try result.sequences(count: count, maximumTokens: parameters.maxTokens)
    }

    /// The raw logprob of each token of a text, given those before it; `nil` for the first, which nothing predicts.
    public func logprobs(of tokens: [TokenID]) async throws(BackendError) -> [Float?] {
        var request = SampleRequest(scoring: tokens)
        request.wantsPromptLogprobs = true
        return try await self.request(request).promptLogprobs(length: tokens.count)
    }

    /// The logprob of each token of a text, and the `k` likeliest tokens at its place.
    /// - Throws: ``BackendError/unsupported(detail:)`` where the server does not report the likeliest tokens.
    public func topLogprobs(of tokens: [TokenID], k: Int) async throws(BackendError) -> PromptLogprobs {
        guard k > 0 else {
            throw .invalidRequest(detail: "the likeliest \(k) tokens are asked for; ask for at least 1")
        }
        var request = SampleRequest(scoring: tokens)
        request.wantsPromptLogprobs = true
        request.topPromptLogprobs = k
        let result = try await self.request(request)
        return PromptLogprobs(
            logprobs: try result.promptLogprobs(length: tokens.count),
            likeliest: try result.topPromptLogprobs(length: tokens.count, k: k))
    }

    func request(_ request: SampleRequest) async throws(BackendError) -> TinkerResult {
        try request.check()
        let wire = session.wire
        let gate = session.samplingGate
        guard await ServiceClock.waiting({ await gate.permits.acquire() }) else {
            throw .cancelled(operation: "asample")
        }
        defer { gate.permits.release() }
        let sequence = nextSequence.withLock { next in
            defer { next += 1 }
            return next
        }
        var request = request
        request.parameters.seed = wire.endpoint.profile.seedWidth.seed(request.parameters.seed)
        let policy = wire.endpoint.retryPolicy
        // The threshold is on the prompt's size in the protocol's binary form, 4 bytes a token.
        let isLong = request.prompt.count * 4 > 128 << 10
        let call = TinkerCall(
            path: "asample", body: request.body(samplingSession: samplingSession, sequence: sequence),
            requestType: "Sample", sampling: (gate, isLong ? policy.longPromptSamplingPause : policy.samplingPause))
        let promise = try await wire.promise(call)
        if let names = promise.sampleSequences, names.count != request.count {
            throw .garbage(
                url: wire.endpoint.url(call.path), expected: "`sample_sequence_ids` with \(request.count) strings",
                received: "\(names.count)")
        }
        do throws(BackendError) {
            return TinkerResult(answer: try await promise.result(announcements: announcements), call: call, wire: wire)
        } catch {
            if case .cancelled = error, wire.settings.cancelsSamples { Task { await session.cancel(promise) } }
            throw error
        }
    }
}
