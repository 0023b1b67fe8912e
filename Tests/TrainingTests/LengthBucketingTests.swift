import Primitives
import Testing

@testable import Training

@Suite struct LengthBucketingTests {
    private func examples(_ count: Int, seed: UInt64 = 5) -> [SupervisedSequence] {
        var random = CounterRandom(seed: seed, stage: .supervised)
        return (0..<count).map { number in
            let length = 2 + random.integer(below: 200)
            return SupervisedSequence(
                tokens: [TokenID(number)] + [TokenID](repeating: 7, count: length - 1),
                weights: [Float](repeating: 1, count: length))
        }
    }

    private func padding(_ source: ShuffledExamples, epoch: Int) -> Double {
        var (used, padded) = (0, 0)
        for step in epoch * source.stepsPerEpoch + 1...(epoch + 1) * source.stepsPerEpoch {
            let lengths = source.batch(step: step).map(\.tokens.count)
            used += lengths.reduce(0, +)
            padded += lengths.count * (lengths.max() ?? 0)
        }
        return 1 - Double(used) / Double(padded)
    }

    @Test(arguments: [(1, 1), (7, 3), (64, 8), (65, 8), (100, 7)], [1, 2, 5, 1000, Int.max])
    func everyEpochVisitsEachExampleOnce(size: (count: Int, batch: Int), window: Int) throws {
        let source = try ShuffledExamples(
            examples: examples(size.count), batchSize: size.batch, bucketBatches: window, seed: 3)
        for epoch in 0..<3 {
            let steps = epoch * source.stepsPerEpoch + 1...(epoch + 1) * source.stepsPerEpoch
            #expect(steps.flatMap { source.indices(step: $0) }.sorted() == Array(0..<size.count))
            #expect(steps.dropLast().allSatisfy { source.indices(step: $0).count == size.batch })
        }
    }

    @Test func aBatchIsAFunctionOfSeedAndStep() throws {
        let examples = examples(50)
        let source = try ShuffledExamples(examples: examples, batchSize: 4, bucketBatches: 5, seed: 3)
        let steps = Array(1...30)
        let read = steps.map { source.indices(step: $0) }
        let other = try ShuffledExamples(examples: examples, batchSize: 4, bucketBatches: 5, seed: 3)
        #expect(steps.reversed().map { other.indices(step: $0) }.reversed() == read)
        let seeded = try ShuffledExamples(examples: examples, batchSize: 4, bucketBatches: 5, seed: 4)
        #expect(steps.map { seeded.indices(step: $0) } != read)
        #expect(Set(read[0..<13]) != Set(read[13..<26]), "another epoch has other batches")
    }

    /// A window of one batch is no bucketing; the whole epoch sorted wastes least.
    @Test func widerWindowsWasteLess() throws {
        func waste(_ window: Int) throws -> Double {
            padding(
                try ShuffledExamples(examples: examples(256), batchSize: 8, bucketBatches: window, seed: 1), epoch: 0)
        }
        let (none, some, all) = (try waste(0), try waste(8), try waste(32))
        #expect(try waste(1) == none)
        #expect(some < none / 2 && all < some)
    }

    /// Brute force: the batches of an epoch sorted whole are the consecutive slices of the sorted lengths.
    @Test func theWholeEpochSortedIsSlicesOfTheSortedLengths() throws {
        let examples = examples(48)
        let source = try ShuffledExamples(examples: examples, batchSize: 6, bucketBatches: 8, seed: 9)
        let sorted = examples.map(\.tokens.count).sorted()
        let expected = Set(stride(from: 0, to: 48, by: 6).map { Array(sorted[$0..<$0 + 6]) })
        #expect(Set((1...8).map { source.batch(step: $0).map(\.tokens.count) }) == expected)
        #expect((1...8).map { source.batch(step: $0).map(\.tokens.count) } != expected.sorted { $0[0] < $1[0] })
    }

    @Test(arguments: [(0, 5), (1, 5), (2, 5), (5, 5), (9, 5), (3, 1), (4, 0)])
    func aHeldOutPartIsDisjointAndLeavesSomethingToTrainOn(wanted: Int, count: Int) {
        let split = HeldOutSplit.indices(of: count, count: wanted, seed: 2)
        #expect((split.training + split.heldOut).sorted() == Array(0..<count))
        #expect(split.heldOut.count == min(wanted, max(0, count - 1)))
        #expect(split.heldOut == HeldOutSplit.indices(of: count, count: wanted, seed: 2).heldOut)
    }

    @Test func stepsOfFractionsOfEpochs() {
        for (epochs, steps) in [(1.0, 30), (0.1, 3), (1.5, 45), (0.01, 1), (2.34, 71)] {
            #expect(ShuffledExamples.steps(epochs: epochs, examples: 240, batchSize: 8) == steps, "\(epochs)")
        }
        #expect(ShuffledExamples.steps(epochs: 1.1, examples: 400, batchSize: 8) == 55)
        #expect(HeldOutSplit.count(share: 0.07, of: 100) == 7)
    }
}
