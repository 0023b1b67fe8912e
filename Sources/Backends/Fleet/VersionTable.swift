/// Which replica holds which weights, and what is still being drawn from them. A value.
///
/// Invariants: weights are sampled only on replicas that hold them; they are removed from a replica only when they are
/// retired and none of their sequences is in flight there; where weights replace one another (`Form.full`) a replica holds
/// at most one version.
struct VersionTable: Sendable {
    let form: FleetWeights.Form
    /// Published and not retired, oldest first.
    private(set) var live: [FleetWeights] = []
    private var held: [Set<String>]
    /// Sequences in flight, per replica and version.
    private var flying: [[String: Int]]

    init(replicas: Int, form: FleetWeights.Form) {
        self.form = form
        held = Array(repeating: [], count: replicas)
        flying = Array(repeating: [:], count: replicas)
    }

    func isLive(_ name: String) -> Bool { live.contains { $0.name == name } }
    func holds(_ name: String, on replica: Int) -> Bool { held[replica].contains(name) }
    func held(on replica: Int) -> Set<String> { held[replica] }
    func inFlight(on replica: Int) -> Int { flying[replica].values.reduce(0, +) }

    mutating func publish(_ weights: FleetWeights) {
        if !isLive(weights.name) { live.append(weights) }
    }

    /// No new sequences will be drawn from these weights.
    mutating func retire(_ name: String) { live.removeAll { $0.name == name } }

    mutating func loaded(_ name: String, on replica: Int) {
        if form == .full { held[replica] = [] }
        held[replica].insert(name)
    }

    mutating func lost(_ name: String, on replica: Int) { held[replica].remove(name) }

    /// What a replica was found to hold, after it was out of sight.
    mutating func found(_ names: Set<String>, on replica: Int) { held[replica] = names }

    mutating func begin(_ count: Int, of name: String, on replica: Int) { flying[replica][name, default: 0] += count }

    mutating func end(_ count: Int, of name: String, on replica: Int) {
        let rest = (flying[replica][name] ?? 0) - count
        flying[replica][name] = rest > 0 ? rest : nil
    }

    /// What a replica must load to catch up, in the order of publication.
    func missing(on replica: Int) -> [FleetWeights] {
        let wanted = form == .full ? Array(live.suffix(1)) : live
        return wanted.filter { !held[replica].contains($0.name) }
    }

    /// Retired weights of which nothing is in flight. Whole models are never removed: the next one replaces them.
    func removable(on replica: Int) -> [String] {
        guard form == .adapter else { return [] }
        return held[replica].filter { !isLive($0) && flying[replica][$0] == nil }.sorted()
    }
}
