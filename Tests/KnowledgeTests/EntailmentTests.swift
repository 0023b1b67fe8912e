import Knowledge
import Testing

@Suite struct EntailmentTests {
    @Test(arguments: UInt64(0)..<40) func closureIsWhatTheLawsGive(_ seed: UInt64) throws {
        let random = try RandomGraph(seed: seed, entities: 8, facts: 18)
        let facts = try random.graph.facts(.entailed)
        var found: Set<Fact> = []
        for entity in random.graph.entities.indices.map(EntityIndex.init) {
            for step in facts.steps(from: entity) {
                for target in facts.neighbours(of: entity, by: step) {
                    let (head, tail) = step.isInverse ? (target, entity) : (entity, target)
                    found.insert(Fact(head: head, relation: step.relation, tail: tail))
                }
            }
        }
        #expect(found == random.closed() && found.count == facts.count)
    }

    /// The group has a symptom, which its kinds inherit; the kind of a kind is one of the group.
    @Test func axiomsAreInheritedAlongTheHierarchyThatTheSchemaNames() throws {
        var causes = SmallGraph.causes
        causes.inheritedAlong = "is_a"
        let graph = try KnowledgeGraph(
            relations: [SmallGraph.located, causes, SmallGraph.treats, SmallGraph.isA], entities: SmallGraph.entities,
            triples: SmallGraph.triples + [SmallGraph.triple(2, 1, 4)])
        let causedBy = Step(relation: 1)
        #expect(graph.neighbours(of: 0, by: causedBy) == [3])
        let entailed = try graph.facts(.entailed)
        #expect(entailed.neighbours(of: 0, by: causedBy) == [3, 4])
        #expect(entailed.neighbours(of: 4, by: causedBy.reversed) == [0, 1, 2])
        #expect(graph.certify(ChainQuery(anchor: 0, steps: [causedBy])).failure == nil)
        #expect(
            entailed.certify(ChainQuery(anchor: 0, steps: [causedBy])).failure
                == .severalAnswers(count: 2, examples: ["GEN1", "GEN2"]))
    }

    @Test func aGraphWithoutLawsEntailsWhatItAsserts() throws {
        let relations = [SmallGraph.located, SmallGraph.causes, SmallGraph.treats].map { $0 }
        let graph = try KnowledgeGraph(
            relations: relations, entities: SmallGraph.entities, triples: Array(SmallGraph.triples.prefix(6)))
        #expect(try graph.facts(.entailed).count == 6)
    }

    @Test func theBoundOnEntailedFactsIsKept() throws {
        let random = try RandomGraph(seed: 1, entities: 8, facts: 18)
        let error = try #require(throws: KnowledgeError.self) { try random.graph.facts(.entailed, atMost: 3) }
        #expect("\(error)".contains("more than 3 facts"))
    }

    static let badHierarchies = ["caused_by", "nothing", "is_a_too"]

    @Test(arguments: badHierarchies) func inheritanceNeedsATransitiveRelation(_ name: String) throws {
        var causes = SmallGraph.causes
        causes.inheritedAlong = name
        var other = SmallGraph.relation("is_a_too", from: ["disease"], to: ["disease"], transitive: true)
        other.inheritedAlong = "is_a"
        let error = try #require(throws: KnowledgeError.self) {
            try KnowledgeGraph(
                relations: [SmallGraph.located, causes, SmallGraph.treats, SmallGraph.isA, other],
                entities: SmallGraph.entities, triples: SmallGraph.triples)
        }
        #expect("\(error)".contains("relations[1], column inherited_along: “\(name)”"))
    }

    /// A cycle of a transitive relation makes each of its members reach itself.
    @Test func cyclesOfTransitiveRelationsClose() throws {
        let before = SmallGraph.relation("before", from: ["disease"], to: ["disease"], transitive: true)
        let graph = try KnowledgeGraph(
            relations: [before], entities: SmallGraph.entities,
            triples: [SmallGraph.triple(0, 0, 1), SmallGraph.triple(1, 0, 2), SmallGraph.triple(2, 0, 0)])
        let entailed = try graph.facts(.entailed)
        for entity in EntityIndex(0)..<3 {
            #expect(entailed.neighbours(of: entity, by: Step(relation: 0)) == [0, 1, 2])
        }
    }
}

extension Result {
    var failure: Failure? { if case .failure(let failure) = self { failure } else { nil } }
}
