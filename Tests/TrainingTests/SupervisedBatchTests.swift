import Backends
import Primitives
import Testing

@testable import Training

@Suite struct SupervisedBatchTests {
    private func random(_ sample: Int) -> CounterRandom {
        CounterRandom(seed: 11, stage: .supervised, sample: sample)
    }

    private func lengths(_ random: inout CounterRandom, count: Int) -> [Int] {
        (0..<count).map { _ in 2 + random.integer(below: 40) }
    }

    private func sequences(_ random: inout CounterRandom, count: Int) -> [SupervisedSequence] {
        lengths(&random, count: count).enumerated().map { number, length in
            SupervisedSequence(
                tokens: (0..<length).map { TokenID(1000 * number + $0) },
                weights: (0..<length).map { _ in Float(random.integer(below: 4)) / 2 })
        }
    }

    @Test func theLossIsTheMeanOverWeightedTokens() {
        let batch = SupervisedBatch([
            SupervisedSequence(tokens: [1, 2, 3], weights: [9, 1, 1]),
            SupervisedSequence(tokens: [1, 2], weights: [0, 2]),
        ])
        #expect(batch.meanLoss(logprobs: [[-1, -2], [-3]]) == 2.25)
        #expect(SupervisedBatch([]).meanLoss(logprobs: []) == nil)
    }

    // MARK: Micro-batches

    static let divisions: [MicroBatching] = [
        .whole, .parts(1), .parts(3), .parts(100), .tokens(1), .tokens(64), .tokens(500),
    ]

    @Test(arguments: divisions) func everyDatumIsInExactlyOnePass(division: MicroBatching) {
        for count in 0..<30 {
            var random = random(count)
            let passes = division.passes(lengths: lengths(&random, count: count))
            #expect(passes.flatMap { $0 }.sorted() == Array(0..<count))
            #expect(passes.allSatisfy { !$0.isEmpty })
        }
    }

    @Test func partsAreNearlyEqualAndKeepTheOrder() {
        let passes = MicroBatching.parts(4).passes(lengths: [Int](repeating: 5, count: 10))
        #expect(passes.flatMap { $0 } == Array(0..<10))
        #expect(passes.map(\.count).sorted() == [2, 2, 3, 3])
    }

    @Test(arguments: [16, 64, 300]) func noPassExceedsItsTokensUnlessOneDatumDoes(budget: Int) {
        for trial in 0..<40 {
            var random = random(trial)
            let lengths = lengths(&random, count: 25)
            for pass in MicroBatching.tokens(budget).passes(lengths: lengths) {
                let padded = pass.count * (pass.map { lengths[$0] }.max() ?? 0)
                #expect(padded <= budget || pass.count == 1)
            }
        }
    }

    @Test func paddingIsTheShareOfPositionsThatHoldNothing() {
        #expect(MicroBatching.paddingFraction(of: [[0, 1], [2]], lengths: [4, 2, 10]) == 1 - 16.0 / 18)
        #expect(MicroBatching.paddingFraction(of: [], lengths: []) == 0)
    }

    /// Dividing a batch changes neither the datums nor their weights, so neither their gradient.
    @Test(arguments: divisions) func passesHoldTheDatumsOfTheUndividedBatch(division: MicroBatching) {
        var random = random(3)
        let examples = sequences(&random, count: 17)
        let whole = SupervisedBatch(examples)
        let divided = SupervisedBatch(examples, microBatching: division)
        func key(_ datum: Datum) -> Int32 { datum.targetTokens[0] }
        let sent = divided.passes.flatMap { $0 }.sorted { key($0) < key($1) }
        #expect(sent == whole.passes[0].sorted { key($0) < key($1) })
        #expect(divided.sequences.map { $0.tokens[1] } == divided.passes.flatMap { $0 }.map(key))
    }

    // MARK: Packing

    @Test(arguments: [2, 30, 75, 1000]) func packedExamplesAreAllThereOnceAndFit(limit: Int) {
        for trial in 0..<30 {
            var random = random(trial)
            let lengths = lengths(&random, count: 20)
            let bins = ExamplePacking(maximumTokens: limit).bins(lengths: lengths)
            #expect(bins.flatMap { $0 }.sorted() == Array(0..<20))
            for bin in bins { #expect(bin.count == 1 || bin.reduce(0) { $0 + lengths[$1] } <= limit) }
            // First fit: no two sequences would fit into one.
            let loads = bins.map { $0.reduce(0) { $0 + lengths[$1] } }.sorted()
            if loads.count > 1 { #expect(loads[0] + loads[1] > limit) }
        }
    }

    /// The sum over tokens that the loss is, term by term: the same targets with the same weights.
    @Test func packingChangesNoWeight() {
        for trial in 0..<20 {
            var random = random(trial)
            let examples = sequences(&random, count: 12)
            func terms(_ batch: SupervisedBatch) -> [TokenID: Float] {
                var terms: [TokenID: Float] = [:]
                for datum in batch.passes.flatMap({ $0 }) {
                    for (target, weight) in zip(datum.targetTokens, datum.weights) where weight != 0 {
                        terms[target] = weight
                    }
                }
                return terms
            }
            let packed = SupervisedBatch(examples, packing: ExamplePacking(maximumTokens: 90))
            #expect(packed.sequences.count < examples.count)
            #expect(packed.exampleCount == examples.count)
            #expect(terms(packed) == terms(SupervisedBatch(examples)))
        }
    }
}
