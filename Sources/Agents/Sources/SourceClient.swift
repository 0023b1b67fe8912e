import Primitives
import Storage
import Transport

/// What all tools of one source share: how it is reached, how often it may be asked, what is kept of its answers.
///
/// Answers come from the cache, from the same request under way for somebody else, or from the source; only the last goes
/// through the rate limit. What repeating can help (no connection, a broken one, 408, 429, 5xx) is repeated within the
/// call's time.
public struct SourceClient: Sendable {
    /// The source's name, for errors and citations.
    public let name: String
    /// The time of one call of a tool, with all its requests and waits.
    public let timeout: Duration
    let maximumBytes: Int
    let time: SourceTime
    private let exchange: any SourceExchange
    private let pacer: SourcePacer
    private let cache: SourceCache?
    private let retry: SourceRetry
    private let keyVariable: String?
    private let refusal: @Sendable (HTTPResponse) -> ToolFailure?
    private let flights = SingleFlight<Result<HTTPResponse, ToolFailure>>()

    /// - Parameters:
    ///   - keyVariable: the environment variable that the key is read from, for advice in errors.
    ///   - refusal: reads what the source means by an answer that is no success; `nil` where its status says all.
    public init(
        name: String, exchange: any SourceExchange, rate: SourceRate, cache: SourceCache? = nil,
        retry: SourceRetry = SourceRetry(), timeout: Duration = .seconds(30), maximumBytes: Int = 8 << 20,
        keyVariable: String? = nil, time: SourceTime = .live,
        refusal: @escaping @Sendable (HTTPResponse) -> ToolFailure? = { _ in nil }
    ) {
        self.name = name
        self.timeout = timeout
        self.maximumBytes = maximumBytes
        self.time = time
        self.exchange = exchange
        pacer = SourcePacer(rate, source: name, time: time)
        self.cache = cache
        self.retry = retry
        self.keyVariable = keyVariable
        self.refusal = refusal
    }

    /// Begins a call; its time runs from now.
    func call() -> SourceCall { SourceCall(client: self, deadline: time.now() + timeout) }

    /// The answer to a request: a success, or one with a status in `accepted`.
    func fetch(
        _ request: SourceRequest, accepted: Set<Int>, until deadline: ContinuousClock.Instant
    ) async throws(ToolFailure) -> HTTPResponse {
        let key = request.key
        while true {
            if let kept = await cache?.answer(to: request, key: key) { return kept }
            let flight = await flights.value(for: key) {
                do throws(ToolFailure) {
                    let answer = try await ask(request, accepted: accepted, until: deadline)
                    await cache?.keep(answer, of: request, key: key)
                    return .success(answer)
                } catch {
                    return .failure(error)
                }
            }
            guard let flight else { throw givenUp }
            // Whoever began had less time than this caller.
            if case .failure(let failure) = flight.value, !flight.began,
                failure.kind == .timeout || failure.kind == .rateLimited, time.now() < deadline
            {
                continue
            }
            return try flight.value.get()
        }
    }

    // MARK: Asking the source

    private enum Outcome {
        case answer(HTTPResponse)
        case fail(ToolFailure)
        case again(ToolFailure, after: Duration)
    }

    private func ask(
        _ request: SourceRequest, accepted: Set<Int>, until deadline: ContinuousClock.Instant
    ) async throws(ToolFailure) -> HTTPResponse {
        var random = CounterRandom(seed: UInt64(request.key.prefix(16), radix: 16) ?? 0, stage: .evaluation)
        var delay = retry.firstDelay
        var attempt = 1
        while true {
            try await pacer.admit(until: deadline)
            let failure: ToolFailure
            let least: Duration
            switch await once(request, accepted: accepted, until: deadline) {
            case .answer(let answer): return answer
            case .fail(let error): throw error
            case .again(let error, let after): (failure, least) = (error, after)
            }
            let wait = max(least, min(delay, retry.longestDelay) * (0.5 + 0.5 * random.uniform()))
            guard attempt < retry.attempts, time.now() + wait < deadline else { throw failure }
            do { try await time.sleep(wait) } catch { throw givenUp }
            attempt += 1
            delay = delay * 2
        }
    }

    private func once(
        _ request: SourceRequest, accepted: Set<Int>, until deadline: ContinuousClock.Instant
    ) async -> Outcome {
        if Task.isCancelled { return .fail(givenUp) }
        let rest = time.now().duration(to: deadline)
        guard rest > .zero else { return .fail(outOfTime) }
        do throws(SourceExchangeError) {
            let response = try await exchange.send(
                request, ExchangeLimits(timeout: rest, maximumBytes: maximumBytes))
            if response.isSuccess || accepted.contains(response.status) { return .answer(response) }
            return refused(response)
        } catch {
            return outage(error)
        }
    }

    private var givenUp: ToolFailure { ToolFailure(.timeout, "\(name): the call was given up") }
    private var outOfTime: ToolFailure {
        ToolFailure(.timeout, "\(name) did not answer within \(Int(timeout.seconds.rounded())) seconds")
    }

    private func outage(_ error: SourceExchangeError) -> Outcome {
        switch error {
        case .notRecorded(let problem): .fail(ToolFailure(.unavailable, "\(name): \(problem)"))
        case .notKept(let problem): .fail(ToolFailure(.unavailable, "\(name): \(problem)"))
        case .transport(.cancelled): .fail(givenUp)
        case .transport(.timedOut): .fail(outOfTime)
        case .transport(.tooLarge(_, let limit)):
            .fail(ToolFailure(.tooLarge, "\(name) answered with more than \(limit) bytes, which is not read"))
        case .transport(.unreachable(_, HTTPClientConfiguration.refusedAddress)):
            .fail(ToolFailure(.invalidCall, "\(name): the host is not on the public internet; it is not read"))
        case .transport(.unreachable):
            .again(ToolFailure(.unavailable, "\(name) could not be reached"), after: .zero)
        case .transport(.interrupted):
            .again(
                ToolFailure(.unavailable, "\(name): the connection broke before the answer was complete"), after: .zero)
        case .transport(.tls):
            .fail(ToolFailure(.unavailable, "\(name): no trusted connection to the server"))
        case .transport(.other):
            .fail(ToolFailure(.unavailable, "\(name): the request could not be sent"))
        }
    }

    /// What a status other than success means.
    private func refused(_ response: HTTPResponse) -> Outcome {
        if let failure = refusal(response) { return .fail(failure) }
        let reason = SourceText.reason(response)
        let said = reason.isEmpty ? "" : ": \(reason)"
        switch response.status {
        case 401, 403:
            guard let keyVariable else {
                return .fail(
                    ToolFailure(.unavailable, "\(name) refused the request (status \(response.status))\(said)"))
            }
            return .fail(
                ToolFailure(
                    .unauthorized,
                    "\(name) refused the key (status \(response.status)); check the variable \(keyVariable)"))
        case 404, 410:
            return .fail(ToolFailure(.notFound, "\(name) has nothing under what was asked for\(said)"))
        case 408, 425, 500...599:
            return .again(
                ToolFailure(.unavailable, "\(name) failed with status \(response.status)\(said)"),
                after: retryAfter(response) ?? .zero)
        case 429:
            let after = retryAfter(response) ?? .seconds(1)
            pacer.pause(for: after)
            return .again(
                ToolFailure(.rateLimited, "\(name) wants to be asked less often\(said)"), after: after)
        case 400, 405...499:
            return .fail(ToolFailure(.invalidCall, "\(name) refused the request (status \(response.status))\(said)"))
        default:
            return .fail(
                ToolFailure(.malformedAnswer, "\(name) answered with the status \(response.status); expected 200"))
        }
    }

    private func retryAfter(_ response: HTTPResponse) -> Duration? {
        RetryAfter.seconds(response.header("Retry-After"), date: time.date()).map { .seconds($0) }
    }
}
