/// How often and for how long one request has been sent without success, and what that means for its fate.
struct SubmissionAttempts {
    var call: TinkerCall
    private let policy: RetryPolicy
    private let budget: Duration
    private let start = ContinuousClock.now
    /// Failures of the server or of the way to it.
    private(set) var failures = 0
    private var conflicts = 0
    private var mayHaveRun = false
    private var hasRenewedCredential = false

    init(call: TinkerCall, policy: RetryPolicy, budget: Duration) {
        self.call = call
        self.policy = policy
        self.budget = budget
    }

    var elapsed: Duration { start.duration(to: .now) }

    /// How long to wait after a failure before the next attempt; throws where the time is up.
    mutating func wait(after error: BackendError, mayHaveRun: Bool) throws(BackendError) -> Duration {
        if mayHaveRun { self.mayHaveRun = true }
        failures += 1
        guard elapsed < budget else { throw final(error) }
        return policy.delay(afterFailures: failures)
    }

    mutating func wait(throttledBy error: BackendError) throws(BackendError) -> Duration {
        failures += 1
        guard elapsed < (call.sampling == nil ? budget : policy.silenceBudget) else { throw final(error) }
        return policy.delay(afterFailures: failures)
    }

    /// The same for answers that a few repetitions settle.
    mutating func waitBriefly(after error: BackendError) throws(BackendError) -> Duration {
        conflicts += 1
        guard conflicts <= policy.conflictRetries else { throw final(error) }
        return policy.delay(afterFailures: conflicts)
    }

    /// A credential is renewed once for each request.
    mutating func mayRenewCredential() -> Bool {
        defer { hasRenewedCredential = true }
        return !hasRenewedCredential
    }

    /// The error with which to give up. Where an earlier attempt may have run, nothing that comes later proves that it did
    /// not.
    func final(_ error: BackendError) -> BackendError {
        guard mayHaveRun, call.repetition == .recognised else { return error }
        return .fateUnknown(operation: call.operation, detail: "\(error)")
    }
}
