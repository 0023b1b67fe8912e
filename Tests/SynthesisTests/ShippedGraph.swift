import Foundation
import Knowledge

@testable import Synthesis

/// The graph of the quickstart, as it is in the repository.
enum ShippedGraph {
    static let packageRoot = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    static func load() throws -> KnowledgeGraph {
        try KnowledgeGraph.load(directory: packageRoot.appending(path: "Recipes/quickstart/knowledge").path)
    }

    static func questions(of graph: KnowledgeGraph, seed: UInt64 = 1) throws -> QuestionSet {
        try QuestionSynthesizer().questions(of: graph, seed: seed)
    }
}

/// A graph of a few invented facts for tests that want to know every one of them.
enum SmallGraph {
    static let relations = [
        Relation(
            name: "caused_by", inverseName: "causes", domain: ["disease"], range: ["gene"],
            forward: RelationPhrases(sentence: "{subject} is caused by {object}.", phrase: "the gene that causes {x}"),
            inverse: RelationPhrases(sentence: "{subject} causes {object}.", phrase: "the disease caused by {x}")),
        Relation(
            name: "located_at", inverseName: "is_place_of", domain: ["gene"], range: ["cytoband"], isFunctional: true,
            forward: RelationPhrases(sentence: "{subject} is located at {object}.", phrase: "the place of {x}"),
            inverse: RelationPhrases(sentence: "{subject} is the place of {object}.", phrase: "the gene at {x}")),
        Relation(
            name: "treats", inverseName: "is_treated_by", domain: ["drug"], range: ["disease"],
            forward: RelationPhrases(sentence: "{subject} treats {object}.", phrase: "the disease treated by {x}"),
            inverse: RelationPhrases(
                sentence: "{subject} is treated by {object}.", phrase: "the drug that treats {x}")),
    ]

    /// drug A treats vorosis A, which is caused by gene GA at 1p1A, and so on for every letter.
    static func make(letters: String = "ABCDEF") throws -> KnowledgeGraph {
        var entities: [Entity] = []
        var triples: [Triple] = []
        for (number, letter) in letters.enumerated() {
            let first = EntityIndex(entities.count)
            entities += [
                Entity(id: "drug:\(letter)", name: "Zelium\(letter)", type: "drug"),
                Entity(
                    id: "disease:\(letter)", name: "vorosis \(letter)", type: "disease",
                    specialty: number % 2 == 0 ? "Even" : "Odd"),
                Entity(id: "gene:\(letter)", name: "GQ\(letter)", type: "gene"),
                Entity(id: "cytoband:\(letter)", name: "1p\(number + 1).1", type: "cytoband"),
            ]
            for (head, relation, tail) in [(0, 2, 1), (1, 0, 2), (2, 1, 3)] as [(Int32, Int32, Int32)] {
                triples.append(
                    Triple(
                        head: first + head, relation: relation, tail: first + tail, source: "invented",
                        licence: "CC0-1.0"))
            }
        }
        return try KnowledgeGraph(relations: relations, entities: entities, triples: triples)
    }
}
