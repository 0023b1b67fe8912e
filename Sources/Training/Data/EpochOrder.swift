import Primitives
import Synchronization

/// The order in which an epoch visits its items: a permutation that depends on seed, stage and epoch only.
struct EpochOrder: Sendable {
    let itemCount: Int
    let seed: UInt64
    let stage: StageName

    func permutation(epoch: Int) -> [Int] {
        var order = Array(0..<itemCount)
        var random = random(epoch: epoch, purpose: 0)
        random.shuffle(&order)
        return order
    }

    /// The stream of random numbers for one purpose in an epoch; 0 is the permutation itself.
    func random(epoch: Int, purpose: Int) -> CounterRandom {
        // The last turn number keeps the stream apart from those of the episodes, which are named by the same counters.
        CounterRandom(seed: seed, stage: stage.randomStage, step: epoch, sample: purpose, turn: (1 << 12) - 1)
    }
}

/// Remembers the order of the epoch that was asked for last, which a stage asks for at every step.
final class EpochMemory: Sendable {
    private let last = Mutex<(epoch: Int, order: [Int])?>(nil)

    func order(epoch: Int, make: () -> [Int]) -> [Int] {
        last.withLock { last in
            if let last, last.epoch == epoch { return last.order }
            let order = make()
            last = (epoch, order)
            return order
        }
    }
}
