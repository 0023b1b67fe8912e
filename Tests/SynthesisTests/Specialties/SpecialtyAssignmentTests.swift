import Knowledge
import Primitives
import Testing

@testable import Synthesis

struct SpecialtyAssignmentTests {
    private static func graph(_ facts: [(String, String, String)], given: [String: String]) throws -> KnowledgeGraph {
        let names = Set(facts.flatMap { [$0.0, $0.2] }).sorted()
        let phrases = RelationPhrases(sentence: "{subject} x {object}.", phrase: "the thing of {x}")
        let relations = ["is_a", "caused_by"].map { name in
            Relation(
                name: name, inverseName: "inverse_" + name, domain: ["disease"], range: ["disease"], forward: phrases,
                inverse: phrases)
        }
        let entities = names.map { Entity(id: "d:\($0)", name: $0, type: "disease", specialty: given[$0]) }
        let triples = facts.map { head, relation, tail in
            Triple(
                head: EntityIndex(names.firstIndex(of: head) ?? 0), relation: relation == "is_a" ? 0 : 1,
                tail: EntityIndex(names.firstIndex(of: tail) ?? 0), source: "test", licence: "CC0-1.0")
        }
        return try KnowledgeGraph(relations: relations, entities: entities, triples: triples)
    }

    private static func field(
        of name: String, _ facts: [(String, String, String)], given: [String: String]
    ) throws -> String? {
        let graph = try graph(facts, given: given)
        return SpecialtyAssignment(graph: graph).specialty(of: try #require(graph.index(name: name)))
    }

    @Test func aGivenFieldStands() throws {
        #expect(
            try Self.field(of: "a", [("a", "is_a", "b")], given: ["a": "Neurology", "b": "Oncology"]) == "Neurology")
    }

    @Test func theNearestBroaderDiseaseDecides() throws {
        let facts = [("a", "is_a", "b"), ("b", "is_a", "c"), ("a", "caused_by", "g")]
        #expect(
            try Self.field(of: "a", facts, given: ["b": "Neurology", "c": "Oncology", "g": "Hematology"]) == "Neurology"
        )
        #expect(try Self.field(of: "a", facts, given: ["c": "Oncology", "g": "Hematology"]) == "Oncology")
    }

    @Test func branchesOfTheDiseaseOntologyHaveFields() throws {
        let facts = [("a", "is_a", "nervous system disease")]
        #expect(try Self.field(of: "a", facts, given: [:]) == "Neurology")
    }

    @Test func whatHasNoHierarchyFollowsItsNeighbours() throws {
        let facts = [("a", "caused_by", "g"), ("b", "caused_by", "g"), ("c", "caused_by", "g")]
        #expect(
            try Self.field(of: "g", facts, given: ["a": "Neurology", "b": "Oncology", "c": "Oncology"]) == "Oncology")
        #expect(try Self.field(of: "g", facts, given: ["a": "Neurology", "b": "Dermatology"]) == "Dermatology")
    }

    @Test func whatIsFarFromAnyFieldHasNone() throws {
        let facts = [
            ("a", "caused_by", "b"), ("b", "caused_by", "c"), ("c", "caused_by", "d"), ("d", "caused_by", "e"),
        ]
        #expect(try Self.field(of: "e", facts, given: ["a": "Neurology"]) == nil)
    }

    @Test func mostOfAChainDecides() throws {
        let facts = [("a", "caused_by", "b"), ("b", "caused_by", "c"), ("c", "caused_by", "d")]
        func field(_ given: [String: String]) throws -> String? {
            let graph = try Self.graph(facts, given: given)
            return SpecialtyAssignment(graph: graph).specialty(ofChain: [0, 1, 2, 3])
        }
        #expect(try field(["a": "Neurology", "b": "Oncology", "c": "Neurology"]) == "Neurology")
        #expect(try field(["a": "Neurology", "d": "Oncology"]) == "Oncology")
        #expect(try field(["a": "Neurology"]) == "Neurology")
        #expect(try field([:]) == nil)
    }

    @Test func everyShippedQuestionHasOneOfTwelve() throws {
        let graph = try LoadedGraph.graph.get()
        #expect(Set(graph.entities.compactMap(\.specialty)) == Set(SpecialtyAssignment.names))
        let assignment = SpecialtyAssignment(graph: graph)
        let questions = try LoadedGraph.questions.get().questions
        let assigned = questions.compactMap { assignment.specialty(ofChain: $0.certificate.entities) }
        #expect(assigned.allSatisfy(SpecialtyAssignment.names.contains))
        #expect(assigned.count * 100 >= questions.count * 99)
    }
}
