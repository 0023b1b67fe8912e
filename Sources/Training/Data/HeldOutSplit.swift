import Primitives

/// Which examples of a data set are kept from training to measure the loss on.
public enum HeldOutSplit {
    /// A share of a number of things, rounded up.
    public static func count(share: Double, of total: Int) -> Int {
        let count = share * Double(total)
        // 0.07 · 100 is a little more than 7 in binary, which is not meant to be an eighth.
        return Int((count - count.magnitude * 1e-12).rounded(.up))
    }

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
