import Primitives

/// Streams of ``CounterRandom`` that curricula draw from. They are told apart from those of the episodes and of
/// ``EpochOrder`` by turn numbers that neither has.
enum CurriculumTurn: Int {
    case deal = 4094
    case extras = 4093
    case lastResort = 4092
    case replay = 4091
}

/// A permutation of `0..<count` whose elements are computed one by one, without the others.
///
/// A Feistel network over the smallest even number of bits that holds `count`; results outside are sent through again
/// until they fall inside, which permutes the inside (Black and Rogaway, "Ciphers with Arbitrary Finite Domains", 2002).
struct KeyedPermutation {
    private static let rounds = 8

    let count: Int
    private let halfBits: Int
    private let seed: UInt64
    private let step: Int
    private let turn: CurriculumTurn

    init(count: Int, seed: UInt64, step: Int, turn: CurriculumTurn) {
        precondition(count < 1 << 32, "a permutation of fewer than 2^32 elements")
        self.count = count
        let bits = Int.bitWidth - max(1, count - 1).leadingZeroBitCount
        halfBits = (bits + 1) / 2
        self.seed = seed
        self.step = step
        self.turn = turn
    }

    /// - Precondition: `0 ≤ index < count`.
    subscript(index: Int) -> Int {
        precondition(0..<count ~= index, "a permutation has an image for each of its elements")
        var value = index
        repeat { value = permuted(value) } while value >= count
        return value
    }

    private func permuted(_ value: Int) -> Int {
        let mask = 1 << halfBits - 1
        var (left, right) = (value >> halfBits, value & mask)
        for round in 0..<Self.rounds {
            var random = CounterRandom(
                seed: seed, stage: .reinforcement, step: step, group: right, sample: round, turn: turn.rawValue)
            (left, right) = (right, left ^ Int(truncatingIfNeeded: random.next()) & mask)
        }
        return left << halfBits | right
    }
}
