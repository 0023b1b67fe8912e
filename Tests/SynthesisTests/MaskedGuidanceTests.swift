import Knowledge
import Testing

@testable import Synthesis

struct MaskedGuidanceTests {
    @Test func keepsRelationsAndMasksEntities() throws {
        let graph = try SmallGraph.make()
        let anchor = try #require(graph.index(name: "1p1.1"))
        let query = ChainQuery(
            anchor: anchor, steps: [Step(relation: 1, isInverse: true), Step(relation: 0, isInverse: true)])
        let guidance = MaskedGuidance(certificate: try graph.certify(query).get(), relations: graph.relations)
        #expect(guidance.text == "[MASK] —is_place_of→ [MASK] —causes→ [MASK]")
        #expect(guidance.paths == [query.steps])
    }

    @Test func namesNoEntityOfTheShippedGraph() throws {
        let graph = try ShippedGraph.load()
        for question in try ShippedGraph.questions(of: graph).questions {
            let text = NameLeak(
                text: MaskedGuidance(certificate: question.certificate, relations: graph.relations).text)
            #expect(!question.chains[0].contains { text.contains($0) }, "\(question.id)")
        }
    }
}
