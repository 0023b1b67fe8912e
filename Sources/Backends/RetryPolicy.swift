/// How long to wait before and between repeated requests, and when to give up.
public struct RetryPolicy: Sendable, Equatable {
    /// The n-th wait in a row is `initialDelay · 2ⁿ`, at most `maximumDelay`.
    public var initialDelay: Duration = .seconds(1)
    public var maximumDelay: Duration = .seconds(30)
    /// How long the first request to a server may keep failing.
    public var connectBudget: Duration = .seconds(5)
    /// How long any later request may keep failing without one good answer.
    public var outageBudget: Duration = .seconds(300)
    /// How long a promise may stay without any answer from a server that accepts connections.
    public var silenceBudget: Duration = .seconds(1800)
    /// The deadline of a request that is not a long poll.
    public var requestTimeout: Duration = .seconds(120)
    /// The deadline of one long poll; running into it means "poll again".
    public var pollTimeout: Duration = .seconds(45)
    /// The least time between two polls of one promise, against servers that answer "try again" at once.
    public var minimumPollInterval: Duration = .milliseconds(50)
    /// How often a poll answered with 400 is repeated; proxies cause it, and SkyRL reports failures so.
    public var badRequestRetries = 3
    /// How often a conflict (409) or a checkpoint still being written (425) is tried again.
    public var conflictRetries = 3
    /// How often a promise that the server has forgotten (410) is submitted again.
    public var resubmissions = 3
    /// The wait between two requests answered with 402, and how long to wait in all.
    public var billingDelay: Duration = .seconds(5)
    public var billingBudget: Duration = .seconds(3600)
    /// The pause of all sampling after a 429: for short prompts, and for prompts of more than 128 KiB.
    public var samplingPause: Duration = .seconds(1)
    public var longPromptSamplingPause: Duration = .seconds(5)
    public var heartbeatInterval: Duration = .seconds(10)
    /// The deadline of one heartbeat, and after how long without a success the user is warned.
    public var heartbeatTimeout: Duration = .seconds(30)
    public var heartbeatWarning: Duration = .seconds(120)

    public init() {}

    /// The wait after `failures` failures in a row (at least 1).
    func delay(afterFailures failures: Int) -> Duration {
        min(maximumDelay, initialDelay * (1 << min(max(failures - 1, 0), 20)))
    }

    /// For farewells, which must not hold up the end of a run.
    var hasty: RetryPolicy {
        var policy = self
        policy.outageBudget = .zero
        policy.silenceBudget = min(silenceBudget, .seconds(10))
        policy.requestTimeout = min(requestTimeout, .seconds(5))
        policy.pollTimeout = min(pollTimeout, .seconds(5))
        policy.badRequestRetries = 0
        policy.conflictRetries = 0
        policy.resubmissions = 0
        policy.billingBudget = .zero
        return policy
    }
}
