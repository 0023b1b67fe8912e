import Testing

@testable import Primitives

@Suite struct ProportionTests {
    /// `statsmodels.stats.proportion.proportion_confint(…, 0.05, "wilson")`, statsmodels 0.14.
    @Test(arguments: [
        (0, 100, 0.0, 0.03699349820698569), (15, 50, 0.19103553500880943, 0.437503504644534),
        (8, 10, 0.49016247153664183, 0.9433178485456247), (83, 104, 0.7109532914424467, 0.8639647472970532),
        (100, 100, 0.9630065017930143, 1.0), (1, 1, 0.2065493143772374, 1.0),
    ])
    func intervalAgreesWithStatsmodels(successes: Int, count: Int, low: Double, high: Double) {
        let interval = Proportion(successes: successes, count: count).interval
        #expect(abs(interval.lowerBound - low) < 1e-12)
        #expect(abs(interval.upperBound - high) < 1e-12)
    }

    @Test func nothingTriedSaysNothing() {
        #expect(Proportion(successes: 0, count: 0).interval == 0...1)
        #expect(Proportion(successes: 0, count: 0).value == 0)
    }

    @Test func proportionsReadBack() throws {
        let proportion = Proportion(successes: 3, count: 7)
        #expect(try Proportion(json: proportion.json) == proportion)
        #expect(throws: JSONError.self) { try Proportion(json: ["successes": 3, "count": 2]) }
    }
}
