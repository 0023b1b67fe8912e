import Primitives

/// Gives prompts that belong together one routing key: equal prompts (the members of a group) and prompts that continue
/// an earlier one (the later turns of an episode), so that a replica's prefix cache is used. Prompts that merely begin
/// alike, as all do that share a system message, get different keys.
///
/// It remembers where earlier prompts ended, as hashes of their tokens, in two generations of bounded size. What is
/// forgotten, or collides, costs a cache miss and nothing else.
struct PrefixAffinity: Sendable {
    private struct Generation: Sendable {
        /// From the hash of a whole prompt to the key of its family.
        var keys: [UInt64: UInt64] = [:]
        /// The lengths of those prompts.
        var lengths: Set<Int> = []
    }

    private let capacity: Int
    private var young = Generation()
    private var old = Generation()

    /// - Parameter capacity: the prompts that a generation holds.
    init(capacity: Int = 8192) { self.capacity = max(1, capacity) }

    /// The key of a prompt: that of the longest earlier prompt which it equals or continues, else a new one.
    mutating func key(of prompt: [TokenID]) -> UInt64 {
        var hash = Self.seed
        var key: UInt64?
        for (index, token) in prompt.enumerated() {
            hash = Self.chained(hash, UInt64(UInt32(bitPattern: token)))
            let length = index + 1
            if young.lengths.contains(length), let known = young.keys[hash] {
                key = known
            } else if old.lengths.contains(length), let known = old.keys[hash] {
                key = known
            }
        }
        let found = key ?? hash
        if young.keys.count >= capacity {
            old = young
            young = Generation()
        }
        young.keys[hash] = found
        young.lengths.insert(prompt.count)
        return found
    }

    static let seed: UInt64 = 0x6A09_E667_F3BC_C908

    /// One step of a hash over a sequence: the finaliser of SplitMix64 (Steele, Lea & Flood, 2014).
    static func chained(_ hash: UInt64, _ next: UInt64) -> UInt64 {
        var mixed = (hash &+ 0x9E37_79B9_7F4A_7C15) ^ (next &* 0xD6E8_FEB8_6659_FD93)
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
