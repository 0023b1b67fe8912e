import Knowledge
import Primitives

/// Divides conversations into training and validation by their chains: all chains that end in one answer are on one side, so
/// that no validation answer, and no chain or ending of a chain, is trained on.
///
/// Intermediate entities may be shared; ``sharedEntityCount`` says how many of the validation chains do so. A policy's
/// held-out questions are stricter (``HeldOutSelection``).
struct ChainSplit {
    let splits: [DatasetExample.Split]
    /// Validation chains with an intermediate entity that a training chain has too.
    let sharedEntityCount: Int

    /// - Parameters:
    ///   - chains: the entities that each conversation has to find, ending with the answer, in one graph.
    ///   - validationShare: the share of answers that go to validation, from 0 to 1.
    init(_ chains: [[EntityIndex]], validationShare: Double, seed: UInt64) {
        let splits = chains.map { chain -> DatasetExample.Split in
            guard let answer = chain.last else { return .train }
            var random = CounterRandom(
                seed: seed, stage: .synthesis, step: Int(answer), group: TrajectoryKey.Stream.datasetSplit.rawValue)
            return random.uniform() < validationShare ? .validation : .train
        }
        self.splits = splits
        var trained: Set<EntityIndex> = []
        for (chain, split) in zip(chains, splits) where split == .train {
            trained.formUnion(chain.dropLast())
        }
        sharedEntityCount = zip(chains, splits).count { chain, split in
            split == .validation && chain.dropLast().contains(where: trained.contains)
        }
    }
}
