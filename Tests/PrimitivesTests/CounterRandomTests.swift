import Primitives
import Testing

@Suite struct CounterRandomTests {
    /// Known-answer vectors of the Random123 distribution (`kat_vectors`, philox4x32 with 10 rounds).
    static let knownAnswers: [(SIMD4<UInt32>, SIMD2<UInt32>, [UInt32])] = [
        (
            SIMD4<UInt32>(repeating: 0), SIMD2<UInt32>(repeating: 0),
            [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]
        ),
        (SIMD4(repeating: .max), SIMD2(repeating: .max), [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]),
        (
            SIMD4(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344), SIMD2(0xa409_3822, 0x299f_31d0),
            [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
        ),
    ]

    @Test(arguments: knownAnswers)
    func philoxKnownAnswers(counter: SIMD4<UInt32>, key: SIMD2<UInt32>, expected: [UInt32]) {
        #expect(Philox.block(counter: counter, key: key) == SIMD4(expected))
    }

    @Test func theFirstNumbersAreTheBlockOfTheName() {
        var random = CounterRandom(seed: 0, stage: .synthesis)
        #expect(random.next() == 0xe169_c58d_6627_e8d5)
        #expect(random.next() == 0x9b00_dbd8_bc57_ac4c)
    }

    @Test func everyPartOfTheNameMatters() {
        let streams = [
            CounterRandom(seed: 1, stage: .evaluation), CounterRandom(seed: 1 << 32, stage: .evaluation),
            CounterRandom(seed: 1, stage: .supervised), CounterRandom(seed: 1, stage: .evaluation, step: 1),
            CounterRandom(seed: 1, stage: .evaluation, group: 1), CounterRandom(seed: 1, stage: .evaluation, sample: 1),
            CounterRandom(seed: 1, stage: .evaluation, turn: 1),
        ]
        let first = streams.map { stream in
            var stream = stream
            return stream.next()
        }
        #expect(Set(first).count == streams.count)
        #expect(Set(streams.map(\.seed63)).count == streams.count)
    }

    @Test func seed63IsNonNegativeAndIndependentOfDraws() {
        for step in 0..<200 {
            var random = CounterRandom(seed: 9, stage: .reinforcement, step: step)
            let seed = random.seed63
            _ = random.next()
            #expect(seed >= 0)
            #expect(random.seed63 == seed)
        }
    }

    @Test func uniformIsInTheUnitIntervalWithTheRightMean() {
        var random = CounterRandom(seed: 3, stage: .worlds)
        let values = (0..<20_000).map { _ in random.uniform() }
        #expect(values.allSatisfy { (0..<1).contains($0) })
        #expect(abs(values.reduce(0, +) / 20_000 - 0.5) < 0.01)
    }

    @Test func integersCoverTheirRangeEvenly() {
        var random = CounterRandom(seed: 4, stage: .worlds)
        var counts = [Int](repeating: 0, count: 7)
        for _ in 0..<70_000 { counts[random.integer(below: 7)] += 1 }
        // Six standard deviations of a binomial count.
        #expect(counts.allSatisfy { abs($0 - 10_000) < 560 })
        #expect(random.integer(below: 1) == 0)
        #expect(random.integer(below: .max) >= 0)
    }

    @Test func shuffleKeepsElementsAndReachesEveryOrder() {
        var random = CounterRandom(seed: 5, stage: .worlds)
        var orders: Set<[Int]> = []
        for _ in 0..<200 {
            var elements = [1, 2, 3]
            random.shuffle(&elements)
            #expect(elements.sorted() == [1, 2, 3])
            orders.insert(elements)
        }
        #expect(orders.count == 6)
        #expect([1, 2, 3].contains(random.pick([1, 2, 3])))
    }
}
