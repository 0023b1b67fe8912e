import Knowledge
import Testing

@Suite struct KnowledgeGraphTests {
    static let located = Step(relation: 0)
    static let causedBy = Step(relation: 1)
    static let treats = Step(relation: 2)
    static let isA = Step(relation: 3)

    @Test func neighboursFollowBothDirections() throws {
        let graph = try SmallGraph.graph()
        #expect(graph.neighbours(of: 1, by: Self.causedBy) == [3, 4])
        #expect(graph.neighbours(of: 3, by: Self.causedBy.reversed) == [0, 1])
        #expect(graph.neighbours(of: 7, by: Self.causedBy).isEmpty)
    }

    @Test func stepsAreThoseThatLeadSomewhere() throws {
        let graph = try SmallGraph.graph()
        #expect(graph.steps(from: 0) == [Self.causedBy, Self.treats.reversed, Self.isA])
        #expect(graph.steps(from: 5) == [Self.located.reversed])
    }

    @Test func looksUpByIDNameAndSynonym() throws {
        let graph = try SmallGraph.graph()
        #expect(graph.index(id: "g:1") == 3)
        #expect(graph.index(name: "gen1") == 3 && graph.index(name: "Generator One") == 3)
        #expect(graph.index(name: "nothing") == nil)
    }

    @Test func stepNamesRoundTrip() throws {
        let graph = try SmallGraph.graph()
        #expect(graph.name(of: Self.causedBy.reversed) == "^caused_by")
        for step in graph.allSteps { #expect(graph.step(named: graph.name(of: step)) == step) }
        #expect(graph.step(named: "^unknown") == nil)
    }

    @Test func answersAreTheCandidatesAfterEachStep() throws {
        let graph = try SmallGraph.graph()
        let query = ChainQuery(anchor: 1, steps: [Self.causedBy, Self.located])
        #expect(graph.answers(query) == [[3, 4], [5, 6]])
        let dead = ChainQuery(anchor: 1, steps: [Self.treats, Self.located])
        #expect(graph.answers(dead) == [[]])
    }

    @Test func distanceIgnoresDirection() throws {
        let graph = try SmallGraph.graph()
        #expect(graph.distance(from: 7, to: 7, atMost: 0) == 0)
        #expect(graph.distance(from: 7, to: 5, atMost: 9) == 3)
        #expect(graph.distance(from: 5, to: 7, atMost: 3) == 3)
        #expect(graph.distance(from: 7, to: 5, atMost: 2) == nil)
    }

    @Test func digestDependsOnFactsButNotOnTheirOrder() throws {
        let graph = try SmallGraph.graph()
        var triples = SmallGraph.triples
        triples[0].licence = "other"
        let changed = try KnowledgeGraph(
            relations: SmallGraph.relations, entities: SmallGraph.entities, triples: triples)
        #expect(graph.digest != changed.digest)
        let reordered = try KnowledgeGraph(
            relations: SmallGraph.relations, entities: SmallGraph.entities, triples: SmallGraph.triples.reversed())
        #expect(graph.digest == reordered.digest)
    }

    @Test func errorsNameArrayPositions() throws {
        let triples = SmallGraph.triples + [SmallGraph.triple(99, 1, 3)]
        let error = try #require(throws: KnowledgeError.self) {
            try KnowledgeGraph(relations: SmallGraph.relations, entities: SmallGraph.entities, triples: triples)
        }
        #expect("\(error)".contains("triples[8], column head"))
    }

    @Test func phrasesFillOnlyTheTemplate() {
        let phrases = RelationPhrases(sentence: "{subject} hits {object}.", phrase: "the {y} of {x}")
        #expect(phrases.sentence(subject: "{object}", objects: ["a", "{x}"]) == "{object} hits a, {x}.")
        #expect(phrases.phrase(from: "the b of {x}") == "the {y} of the b of {x}")
    }
}
