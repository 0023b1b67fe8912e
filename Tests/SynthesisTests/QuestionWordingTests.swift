import Knowledge
import Testing

@testable import Synthesis

struct QuestionWordingTests {
    private let wording = QuestionWording(relations: SmallGraph.relations)
    private let steps = [Step(relation: 2), Step(relation: 0), Step(relation: 1)]

    @Test func nestsPhrasesFromTheAnchorOutwards() {
        #expect(
            wording.question(anchor: "ZeliumA", steps: steps, opening: 0)
                == "What is the place of the gene that causes the disease treated by ZeliumA?")
        #expect(
            wording.question(anchor: "1p1.1", steps: [Step(relation: 1, isInverse: true)], opening: 1)
                == "Name the gene at 1p1.1.")
    }

    @Test func namesWhatAStepLooksFor() {
        #expect(wording.wanted(by: Step(relation: 1)) == "place of")
        #expect(wording.wanted(by: Step(relation: 1, isInverse: true)) == "gene at")
    }
}
