import Knowledge
import Testing

@testable import Synthesis

struct PracticeWorldsTests {
    private func worlds(_ count: Int, like graph: KnowledgeGraph) throws -> PracticeWorlds {
        try PracticeWorlds(
            like: graph, configuration: QuestionSynthesizer.Configuration(), count: count, size: 150, seed: 3)
    }

    @Test func noNameOccursTwice() throws {
        let graph = try ShippedGraph.load()
        let practice = try worlds(2, like: graph)
        var seen = FictionalWorld.forbiddenNames(of: graph)
        for world in practice.graphs {
            let names = FictionalWorld.forbiddenNames(of: world)
            #expect(seen.isDisjoint(with: names))
            seen.formUnion(names)
        }
    }

    @Test func questionsHaveIdentifiersOfTheirOwnAndTwoSplits() throws {
        let practice = try worlds(2, like: try ShippedGraph.load())
        #expect(Set(practice.questions.map(\.id)).count == practice.questions.count)
        #expect(practice.supervised.count + practice.reinforcement.count == practice.questions.count)
        #expect(!practice.supervised.isEmpty && !practice.reinforcement.isEmpty)
        #expect(practice.questions.allSatisfy { $0.split != .heldOut })
    }

    @Test func certificatesHoldInTheirWorlds() throws {
        let practice = try worlds(1, like: try ShippedGraph.load())
        for question in practice.questions.prefix(20) {
            #expect(practice.graphs[0].verify(question.certificate) == nil)
        }
    }

    @Test func noWorldsMeanNoQuestions() throws {
        #expect(try worlds(0, like: try ShippedGraph.load()).questions.isEmpty)
    }
}
