import Knowledge
import Primitives
import Testing

@testable import Synthesis

struct HeldOutSelectionTests {
    private func selection(
        _ entities: [[EntityIndex]], count: Int, hops: [Int]? = nil
    ) -> HeldOutSelection {
        var random = CounterRandom(seed: 5, stage: .synthesis)
        let candidates = entities.enumerated().map { index, entities in
            HeldOutSelection.Candidate(entities: entities, hops: hops?[index] ?? 2, specialty: nil)
        }
        return HeldOutSelection(candidates: candidates, count: count, random: &random)
    }

    @Test func wholeGroupsCostNoQuestion() {
        let result = selection([[1, 2], [2, 3], [4, 5], [5, 6], [7, 8], [9, 9]], count: 4)
        #expect(result.chosen.count == 4)
        #expect(result.entangled.isEmpty)
    }

    @Test func takesTheLeastEntangledQuestionWhereGroupsAreTooLarge() {
        // One chain of questions, each sharing an entity with the next: an end costs one, the middle two.
        let result = selection((0..<30).map { [EntityIndex($0), EntityIndex($0 + 1)] }, count: 1)
        #expect(result.chosen.count == 1)
        #expect(result.entangled.count == 1)
    }

    @Test func nothingEntangledIsChosen() {
        let result = selection((0..<40).map { [EntityIndex($0 % 7), EntityIndex(50 + $0 % 11)] }, count: 12)
        #expect(result.chosen.count >= 12)
        #expect(result.chosen.isDisjoint(with: result.entangled))
    }

    @Test func spreadsOverHops() {
        let hops = (0..<60).map { $0 < 50 ? 2 : $0 < 55 ? 3 : 4 }
        let result = selection((0..<60).map { [EntityIndex($0)] }, count: 9, hops: hops)
        #expect(Set(result.chosen.map { hops[$0] }) == [2, 3, 4])
    }
}
