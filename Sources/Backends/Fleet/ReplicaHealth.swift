/// Whether a replica may be asked, from what was seen of it. A value: the time is an argument.
///
/// Invariants: an ejected replica serves again only after a probe that succeeded, and no probe is due before its back-off
/// is over; back-offs double with each ejection in a row, up to `Rules.maximumBackOff`; they start anew once a readmitted
/// replica has answered `Rules.successesToForgive` times without a failure between them.
struct ReplicaHealth: Sendable, Equatable {
    typealias Instant = ContinuousClock.Instant

    struct Rules: Sendable, Equatable {
        /// Failures in a row, without a success between them, after which a replica is ejected.
        var failuresToEject = 3
        /// How long the first ejection lasts before a probe.
        var initialBackOff: Duration = .seconds(1)
        var maximumBackOff: Duration = .seconds(60)
        var successesToForgive = 16
    }

    private let rules: Rules
    /// In a row.
    private(set) var failures = 0
    /// Since the readmission.
    private var successes = 0
    /// In a row, without forgiveness between them.
    private(set) var ejections = 0
    /// When a probe is due; `nil` while the replica serves.
    private(set) var ejectedUntil: Instant?

    init(rules: Rules = Rules()) { self.rules = rules }

    var isServing: Bool { ejectedUntil == nil }

    /// A request was answered. An answer that arrives after the ejection does not readmit.
    mutating func succeeded() {
        guard isServing else { return }
        failures = 0
        successes += 1
        if successes >= rules.successesToForgive { ejections = 0 }
    }

    /// A request failed in a way that is the replica's fault.
    /// - Parameter isDecisive: whether one such failure is enough, as a refused connection is.
    mutating func failed(at now: Instant, isDecisive: Bool) {
        guard isServing else { return }
        failures += 1
        if isDecisive || failures >= rules.failuresToEject { eject(at: now) }
    }

    func isProbeDue(at now: Instant) -> Bool { ejectedUntil.map { $0 <= now } ?? false }

    /// A probe that was due succeeded.
    mutating func readmit() {
        guard !isServing else { return }
        (failures, successes, ejectedUntil) = (0, 0, nil)
    }

    mutating func probeFailed(at now: Instant) {
        if !isServing { eject(at: now) }
    }

    private mutating func eject(at now: Instant) {
        let backOff = min(rules.maximumBackOff, rules.initialBackOff * (1 << min(ejections, 20)))
        ejections += 1
        ejectedUntil = now.advanced(by: backOff)
        successes = 0
    }
}
