import Knowledge

/// A hand-made graph of two diseases, their genes, a drug and loci.
enum SmallGraph {
    static let located = relation("located_at", from: ["gene"], to: ["locus"], functional: true)
    static let causes = relation("caused_by", from: ["disease"], to: ["gene"])
    static let treats = relation("treats", from: ["drug"], to: ["disease"])
    static let isA = relation("is_a", from: ["disease"], to: ["disease"], transitive: true, acyclic: true)

    static let relations = [located, causes, treats, isA]

    static let entities = [
        Entity(id: "d:a", name: "Alpha disease", type: "disease", specialty: "Neurology"),
        Entity(id: "d:b", name: "Beta disease", type: "disease"),
        Entity(id: "d:c", name: "Group disease", type: "disease"),
        Entity(id: "g:1", name: "GEN1", type: "gene", synonyms: ["generator one"], crossReferences: ["X:1", "Y:2"]),
        Entity(id: "g:2", name: "GEN2", type: "gene"),
        Entity(id: "l:1", name: "1p11", type: "locus"),
        Entity(id: "l:2", name: "2q22", type: "locus"),
        Entity(id: "r:x", name: "Xanomab", type: "drug"),
    ]

    /// Xanomab treats Alpha, which GEN1 (1p11) causes; GEN1 and GEN2 (2q22) cause Beta; both belong to Group.
    static let triples = [
        triple(7, 2, 0), triple(0, 1, 3), triple(1, 1, 3), triple(1, 1, 4), triple(3, 0, 5), triple(4, 0, 6),
        triple(0, 3, 2), triple(1, 3, 2),
    ]

    static func graph() throws -> KnowledgeGraph {
        try KnowledgeGraph(relations: relations, entities: entities, triples: triples)
    }

    static func relation(
        _ name: String, from domain: [String], to range: [String], transitive: Bool = false, functional: Bool = false,
        acyclic: Bool = false
    ) -> Relation {
        Relation(
            name: name, inverseName: name + "_of", domain: domain, range: range, isTransitive: transitive,
            isFunctional: functional, isAcyclic: acyclic,
            forward: RelationPhrases(sentence: "{subject} \(name) {object}.", phrase: "the \(name) of {x}"),
            inverse: RelationPhrases(sentence: "{subject} inverse {object}.", phrase: "the inverse \(name) of {x}"))
    }

    static func triple(_ head: Int32, _ relation: Int32, _ tail: Int32) -> Triple {
        Triple(head: head, relation: relation, tail: tail, source: "test", licence: "CC0-1.0")
    }
}
