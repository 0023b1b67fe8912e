import Primitives

/// The order in which an epoch visits its items: a permutation that depends on seed, stage and epoch only.
struct EpochOrder: Sendable {
    let itemCount: Int
    let seed: UInt64
    let stage: StageName

    func permutation(epoch: Int) -> [Int] {
        var order = Array(0..<itemCount)
        // The last turn number keeps the stream apart from those of the episodes, which are named by the same counters.
        var random = CounterRandom(seed: seed, stage: stage.randomStage, step: epoch, turn: (1 << 12) - 1)
        random.shuffle(&order)
        return order
    }
}
