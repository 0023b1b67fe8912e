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

    @Test(arguments: ["ZeliumA", "Name of.", "the place of things", "What is {x}?"])
    func readsTheAnchorBack(anchor: String) {
        for opening in QuestionWording.openings.indices {
            let question = wording.question(anchor: anchor, steps: steps, opening: opening)
            #expect(wording.anchor(in: question, steps: steps) == anchor)
        }
    }

    @Test(arguments: ["Where is the place of ZeliumA?", "What is the place of ZeliumA?", "What is ", ""])
    func readsNoAnchorFromOtherTexts(text: String) {
        #expect(wording.anchor(in: text, steps: steps) == nil)
    }

    @Test func namesWhatAStepLooksFor() {
        #expect(wording.wanted(by: Step(relation: 1)) == "place of")
        #expect(wording.wanted(by: Step(relation: 1, isInverse: true)) == "gene at")
    }
}
