/// All that a fleet knows of its replicas, and the decision where a request goes. A value.
struct FleetBook: Sendable {
    struct Replica: Sendable {
        let url: String
        let identity: UInt64
        var health: ReplicaHealth
        /// Whether weights are being replaced, during which nothing is sent.
        var isUpdating = false
        /// When loading missing weights may be tried again.
        var nextCatchUp: ContinuousClock.Instant
        var catchUpFailures = 0
        /// What went wrong last, for errors.
        var lastProblem: String?
    }

    enum Admission: Sendable, Equatable {
        case replica(Int)
        /// All replicas that could serve are busy, or have failed this request already.
        case busy
        /// No replica is healthy and holds the weights.
        case none
        /// The weights can never be sampled again.
        case retired
    }

    private(set) var replicas: [Replica]
    private(set) var versions: VersionTable
    private var affinity = PrefixAffinity()
    private let limit: Int

    /// - Parameter limit: the most sequences in flight on a replica.
    init(
        urls: [String], form: FleetWeights.Form, limit: Int, rules: ReplicaHealth.Rules, now: ContinuousClock.Instant
    ) {
        replicas = urls.map {
            Replica(
                url: $0, identity: RendezvousRouter.identity(of: $0), health: ReplicaHealth(rules: rules),
                nextCatchUp: now)
        }
        versions = VersionTable(replicas: urls.count, form: form)
        self.limit = limit
    }

    // MARK: Requests

    mutating func key(of prompt: [Int32]) -> UInt64 { affinity.key(of: prompt) }

    /// Chooses a replica and counts the sequences as in flight there.
    mutating func admit(key: UInt64, count: Int, of name: String, excluding: Set<Int>) -> Admission {
        guard versions.isLive(name) else { return .retired }
        let able = replicas.indices.filter { isAble($0, name) }
        if able.isEmpty { return .none }
        let candidates = able.filter { !excluding.contains($0) }.map {
            RendezvousRouter.Candidate(
                index: $0, identity: replicas[$0].identity, load: versions.inFlight(on: $0), limit: limit)
        }
        guard let index = RendezvousRouter.choose(key: key, cost: count, among: candidates) else { return .busy }
        versions.begin(count, of: name, on: index)
        return .replica(index)
    }

    mutating func leave(_ replica: Int, count: Int, of name: String) { versions.end(count, of: name, on: replica) }

    private func isAble(_ replica: Int, _ name: String) -> Bool {
        replicas[replica].health.isServing && !replicas[replica].isUpdating && versions.holds(name, on: replica)
    }

    /// The replicas that can be asked for these weights now.
    func able(_ name: String) -> [Int] { replicas.indices.filter { isAble($0, name) } }

    // MARK: What was seen

    mutating func succeeded(_ replica: Int) { replicas[replica].health.succeeded() }

    mutating func failed(_ replica: Int, _ problem: String, isDecisive: Bool, at now: ContinuousClock.Instant) {
        replicas[replica].lastProblem = problem
        replicas[replica].health.failed(at: now, isDecisive: isDecisive)
    }

    mutating func probeFailed(_ replica: Int, _ problem: String, at now: ContinuousClock.Instant) {
        replicas[replica].lastProblem = problem
        replicas[replica].health.probeFailed(at: now)
    }

    /// A replica answers again and holds `names`.
    mutating func readmit(_ replica: Int, holding names: Set<String>, at now: ContinuousClock.Instant) {
        versions.found(names, on: replica)
        replicas[replica].health.readmit()
        replicas[replica].nextCatchUp = now
        replicas[replica].catchUpFailures = 0
    }

    // MARK: Versions

    mutating func publish(_ weights: FleetWeights) { versions.publish(weights) }
    mutating func retire(_ name: String) { versions.retire(name) }

    mutating func setUpdating(_ isUpdating: Bool, _ replica: Int) { replicas[replica].isUpdating = isUpdating }

    mutating func loaded(_ name: String, on replica: Int) {
        versions.loaded(name, on: replica)
        replicas[replica].catchUpFailures = 0
    }

    mutating func lost(_ name: String, on replica: Int, _ problem: String) {
        versions.lost(name, on: replica)
        replicas[replica].lastProblem = problem
    }

    mutating func removed(_ name: String, on replica: Int) { versions.lost(name, on: replica) }
    mutating func forgetAll(on replica: Int) { versions.found([], on: replica) }
    mutating func noted(_ problem: String, on replica: Int) { replicas[replica].lastProblem = problem }

    mutating func loadFailed(
        _ replica: Int, _ problem: String, backOff: Duration, at now: ContinuousClock.Instant
    ) {
        replicas[replica].lastProblem = problem
        let failures = replicas[replica].catchUpFailures
        replicas[replica].catchUpFailures += 1
        replicas[replica].nextCatchUp = now.advanced(by: backOff * (1 << min(failures, 6)))
    }

    /// What a serving replica should load now.
    func catchUp(_ replica: Int, at now: ContinuousClock.Instant) -> [FleetWeights] {
        guard replicas[replica].health.isServing, replicas[replica].nextCatchUp <= now else { return [] }
        return versions.missing(on: replica)
    }
}
