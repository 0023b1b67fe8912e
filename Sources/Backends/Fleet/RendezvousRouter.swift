import Primitives

/// Chooses a replica for a key by rendezvous hashing with bounded loads.
///
/// Each key ranks all replicas by a hash of key and replica (Thaler & Ravishankar, "Using name-based mappings to increase
/// hit rates", 1998), so that a replica which leaves takes only its own keys away. A replica that carries more than 1.25
/// times the mean is passed over for the key's next choice (Mirrokni, Thorup & Zadimoghaddam, "Consistent hashing with
/// bounded loads", 2018). A pure function.
enum RendezvousRouter {
    struct Candidate: Sendable, Equatable {
        /// The replica's place in the fleet.
        var index: Int
        /// A hash of the replica's name; it must outlive the fleet's order and size.
        var identity: UInt64
        /// Sequences in flight.
        var load: Int
        /// The most sequences that may be in flight.
        var limit: Int
    }

    static let loadFactor = 1.25

    /// The index of the chosen candidate; `nil` where all are at their limits.
    /// - Parameter cost: the sequences that the request will add.
    static func choose(key: UInt64, cost: Int, among candidates: [Candidate]) -> Int? {
        let bound = allowedLoad(total: candidates.reduce(0) { $0 + $1.load } + cost, replicas: candidates.count)
        var best: (score: UInt64, index: Int)?
        var leastLoaded: (load: Int, score: UInt64, index: Int)?
        for candidate in candidates {
            // An idle replica takes a request of any size, which otherwise could never be sent.
            guard candidate.load == 0 || candidate.load + cost <= candidate.limit else { continue }
            let score = score(key: key, identity: candidate.identity)
            if candidate.load + cost <= bound, best.map({ score > $0.score }) ?? true {
                best = (score, candidate.index)
            }
            if leastLoaded.map({ (candidate.load, $0.score) < ($0.load, score) }) ?? true {
                leastLoaded = (candidate.load, score, candidate.index)
            }
        }
        return best?.index ?? leastLoaded?.index
    }

    /// The most sequences that a replica may hold when `total` are in flight: 1.25 times the mean, rounded up.
    static func allowedLoad(total: Int, replicas: Int) -> Int {
        guard replicas > 0 else { return 0 }
        return Int((loadFactor * Double(total) / Double(replicas)).rounded(.up))
    }

    /// The rank of a replica for a key; the highest wins.
    static func score(key: UInt64, identity: UInt64) -> UInt64 {
        let counter = SIMD4(
            UInt32(truncatingIfNeeded: key), UInt32(truncatingIfNeeded: key >> 32),
            UInt32(truncatingIfNeeded: identity), UInt32(truncatingIfNeeded: identity >> 32))
        let block = Philox.block(counter: counter, key: SIMD2(0, 0))
        return UInt64(block.y) << 32 | UInt64(block.x)
    }

    /// A hash of text that is the same in every process.
    static func identity(of name: String) -> UInt64 {
        name.utf8.reduce(PrefixAffinity.seed) { PrefixAffinity.chained($0, UInt64($1)) }
    }
}
