import Backends
import Primitives
import Testing

@testable import Training

@Suite struct InFlightLimitTests {
    /// A turnover of a house that is full all the time.
    private static func turnover(_ limit: inout InFlightLimit, pressure: SamplerPressure = .none) {
        for _ in 0..<limit.current { limit.completed(inFlight: limit.current, pressure: pressure) }
    }

    @Test func aQuietTurnoverRaisesTheLimitByAQuarter() {
        var limit = InFlightLimit(initial: 16, maximum: 1000)
        for _ in 0..<15 { limit.completed(inFlight: 16, pressure: .none) }
        #expect(limit.current == 16)
        limit.completed(inFlight: 16, pressure: .none)
        #expect(limit.current == 20)
        Self.turnover(&limit)
        #expect(limit.current == 25)
    }

    @Test func theSmallestLimitGrowsToo() {
        var limit = InFlightLimit(initial: 1, maximum: 10)
        var seen: [Int] = []
        for _ in 0..<6 {
            Self.turnover(&limit)
            seen.append(limit.current)
        }
        #expect(seen == [2, 3, 4, 5, 6, 7])
    }

    @Test(arguments: [
        SamplerPressure(refusals: 1), SamplerPressure(pausedSeconds: 0.5),
        SamplerPressure(refusals: 3, pausedSeconds: 9),
    ])
    func whatPushesBackCutsTheLimitAtOnceAndOnce(pressure: SamplerPressure) {
        var limit = InFlightLimit(initial: 100, maximum: 100)
        limit.completed(inFlight: 100, pressure: .none)
        limit.completed(inFlight: 100, pressure: pressure)
        #expect(limit.current == 80)
        // The other 99 were started under the old limit.
        var grown = pressure
        for number in 0..<99 {
            grown.refusals += 1
            limit.completed(inFlight: 99 - number, pressure: grown)
            #expect(limit.current == 80)
        }
        grown.refusals += 1
        limit.completed(inFlight: 80, pressure: grown)
        #expect(limit.current == 64)
    }

    @Test func whatWasThereBeforeIsNoNews() {
        var limit = InFlightLimit(initial: 8, maximum: 64)
        let old = SamplerPressure(refusals: 7, pausedSeconds: 3)
        limit.completed(inFlight: 8, pressure: old)
        #expect(limit.current == 6)
        for _ in 0..<7 { limit.completed(inFlight: 6, pressure: old) }
        for _ in 0..<6 { limit.completed(inFlight: 6, pressure: old) }
        #expect(limit.current == 7)
        // A new connection counts from 0.
        for _ in 0..<7 { limit.completed(inFlight: 7, pressure: .none) }
        #expect(limit.current == 8)
    }

    @Test func aHouseThatIsNotFullProvesNothing() {
        var limit = InFlightLimit(initial: 10, maximum: 100)
        for _ in 0..<100 { limit.completed(inFlight: 9, pressure: .none) }
        #expect(limit.current == 10)
        for number in 0..<10 { limit.completed(inFlight: number % 2 == 0 ? 10 : 9, pressure: .none) }
        #expect(limit.current == 12)
    }

    @Test func boundsAreKeptWhateverIsAsked() {
        #expect(InFlightLimit(initial: 0, maximum: 8).current == 1)
        #expect(InFlightLimit(initial: 99, maximum: 8).current == 8)
        #expect(InFlightLimit(initial: 5, minimum: 9, maximum: 2).current == 9)
        var limit = InFlightLimit(initial: 1, maximum: 1)
        Self.turnover(&limit)
        limit.completed(inFlight: 1, pressure: SamplerPressure(refusals: 1))
        #expect(limit.current == 1)
    }

    /// Random histories of a backend that pushes back above a capacity of its own: the limit stays within its bounds, never
    /// rises by more than a quarter (or 1) at a time nor falls but by a fifth (or 1), and ends near the capacity.
    @Test(arguments: 0..<12) func theLimitFindsWhatTheBackendCanTake(seed: Int) {
        var random = CounterRandom(seed: UInt64(seed), stage: .evaluation, group: 3)
        let capacity = 8 + random.integer(below: 200)
        let maximum = 16 + random.integer(below: 400)
        var limit = InFlightLimit(initial: 1 + random.integer(below: maximum), minimum: 2, maximum: maximum)
        var pressure = SamplerPressure.none
        var inFlight = 0
        var late: [Int] = []
        for number in 0..<60_000 {
            inFlight = max(1, min(inFlight, maximum))
            while inFlight < limit.current { inFlight += 1 }
            if inFlight > capacity { pressure.refusals += 1 }
            let before = limit.current
            limit.completed(inFlight: inFlight, pressure: pressure)
            inFlight -= 1
            #expect(2...maximum ~= limit.current)
            if limit.current > before { #expect(limit.current <= max(before + 1, before * 5 / 4)) }
            if limit.current < before { #expect(limit.current >= min(before - 1, before * 4 / 5)) }
            if number >= 30_000 { late.append(limit.current) }
        }
        let expected = min(capacity, maximum)
        let mean = Double(late.reduce(0, +)) / Double(late.count)
        #expect(mean >= 0.75 * Double(expected) && mean <= 1.3 * Double(expected) + 1, "\(mean) of \(expected)")
        #expect(late.allSatisfy { $0 <= expected * 5 / 4 + 1 })
    }
}
