import Testing

@testable import Training

@Suite struct PolicyUpdaterTests {
    /// No batch arithmetic to get wrong: parts are contiguous, cover everything, and differ by one at most.
    @Test func anyNumberOfGroupsIsDividedIntoAnyNumberOfParts() {
        for count in 0..<40 {
            for parts in 1...12 {
                let ranges = (0..<parts).map { PolicyUpdater<FakeEnvironment>.range($0, of: parts, count: count) }
                #expect(ranges.flatMap(Array.init) == Array(0..<count))
                let sizes = ranges.map(\.count)
                #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
            }
        }
    }
}
