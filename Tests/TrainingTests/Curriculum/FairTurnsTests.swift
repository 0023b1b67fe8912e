import Primitives
import Testing

@testable import Training

@Suite struct FairTurnsTests {
    @Test(arguments: 0..<60) func everyPrefixGivesEachItsShareWithinOne(number: Int) {
        var random = CounterRandom(seed: 17, stage: .synthesis, step: number)
        let shares = (0...random.integer(below: 8)).map { _ in
            number.isMultiple(of: 3) ? Double(1 + random.integer(below: 4)) : 0.01 + random.uniform()
        }
        let total = shares.reduce(0, +)
        var turns = FairTurns(shares: shares)
        var counts = [Double](repeating: 0, count: shares.count)
        var worst = 0.0
        for place in 1...500 {
            guard let taker = turns.next({ _ in true }) else {
                Issue.record("nobody takes place \(place)")
                return
            }
            counts[taker] += 1
            for (count, share) in zip(counts, shares) {
                worst = max(worst, abs(count - share / total * Double(place)))
            }
        }
        #expect(worst < 1 + 1e-6)
    }

    @Test func nobodyMeansNobody() {
        var turns = FairTurns(shares: [1, 2])
        #expect(turns.next { _ in false } == nil)
    }

    @Test func whoCannotTakeIsLeftOutAndTheOthersShare() {
        var turns = FairTurns(shares: [1, 1, 2])
        var counts = [0, 0, 0]
        for _ in 0..<300 { if let taker = turns.next({ $0 != 2 }) { counts[taker] += 1 } }
        #expect(counts == [150, 150, 0])
        for _ in 0..<400 { if let taker = turns.next({ _ in true }) { counts[taker] += 1 } }
        #expect(counts == [250, 250, 200])
    }
}
