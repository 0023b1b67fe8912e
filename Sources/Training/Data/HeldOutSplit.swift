import Primitives

/// Which examples of a data set are kept from training to measure the loss on.
public enum HeldOutSplit {
    /// Draws `count` of the examples by the seed.
    /// - Returns: the indices of both parts, each ascending. At least one example is left to train on.
    public static func indices(
        of exampleCount: Int, count: Int, seed: UInt64, stage: StageName = .supervised
    ) -> (training: [Int], heldOut: [Int]) {
        var order = Array(0..<exampleCount)
        var random = EpochOrder(itemCount: exampleCount, seed: seed, stage: stage).random(epoch: 0, purpose: 2)
        random.shuffle(&order)
        let count = min(max(0, count), max(0, exampleCount - 1))
        return (order[count...].sorted(), order[..<count].sorted())
    }
}
