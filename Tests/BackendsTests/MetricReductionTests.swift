import Testing

@testable import Backends

@Suite struct MetricReductionTests {
    /// Values worked out by hand from the definitions in the protocol's notes; the chunks have 3 and 1 datums.
    @Test(arguments: [
        ("loss:sum", 2.0, 6.0, 8.0), ("mfu:mean", 2, 6, 3), ("a:min", 2, 6, 2), ("a:max", 2, 6, 6),
        ("wait:slack", 2, 6, 3), ("order:hash2", 2, 6, 8), ("order:hash2", -1, 3, 2),
    ])
    func valuesOfChunksAreCombinedByTheirSuffix(name: String, first: Double, second: Double, expected: Double) {
        let combined = MetricReduction.combine([([name: first], 3), ([name: second], 1)])
        #expect(combined == [name: expected])
    }

    @Test func valuesThatAreUniqueAreKeptApart() {
        let combined = MetricReduction.combine([(["id:unique": 5], 1), (["id:unique": 7], 1), (["id:unique": 5], 2)])
        #expect(combined == ["id:unique": 5, "id:unique_1": 7, "id:unique_2": 5])
    }

    @Test(arguments: ["skyrl.ai/grad_norm", "a:b:sum", "a:median", "plain"])
    func namesWithoutAKnownReductionAreLeftOut(name: String) {
        #expect(MetricReduction.combine([([name: 1], 1), ([name: 2], 1)]).isEmpty)
        #expect(MetricReduction.combine([([name: 1], 1)]) == [name: 1])
    }

    @Test func whatNotEveryChunkReportsIsLeftOut() {
        #expect(MetricReduction.combine([(["a:sum": 1, "b:sum": 2], 1), (["b:sum": 3], 1)]) == ["b:sum": 5])
        #expect(MetricReduction.combine([]).isEmpty)
    }
}
