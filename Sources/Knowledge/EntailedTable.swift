import Synchronization

/// The verifier's own closure of the facts, made when it is first asked for.
final class EntailedTable: Sendable {
    private let graph: KnowledgeGraph
    private let asserted: Set<Fact>
    private let made = Mutex<CertificateVerifier.Table?>(nil)

    init(graph: KnowledgeGraph, asserted: Set<Fact>) {
        self.graph = graph
        self.asserted = asserted
    }

    var table: CertificateVerifier.Table {
        made.withLock { made in
            if let made { return made }
            let table = CertificateVerifier.Table(Self.closed(asserted, relations: graph.relations))
            made = table
            return table
        }
    }

    /// The facts with all that follow: hierarchies first, then what is inherited along them, over and over while a law
    /// still adds a fact.
    static func closed(_ facts: Set<Fact>, relations: [Relation]) -> Set<Fact> {
        var tails = [[EntityIndex: Set<EntityIndex>]](repeating: [:], count: relations.count)
        for fact in facts { tails[Int(fact.relation)][fact.head, default: []].insert(fact.tail) }
        let hierarchies = relations.map { relation in
            relation.inheritedAlong.flatMap { name in relations.firstIndex { $0.name == name } }
        }
        // A hierarchy is not inherited itself, so that it is complete after its own law.
        let order = relations.indices.sorted {
            (hierarchies[$0] == nil ? 0 : 1, $0) < (hierarchies[$1] == nil ? 0 : 1, $1)
        }
        for relation in order {
            var hasGrown = true
            while hasGrown {
                hasGrown = false
                if relations[relation].isTransitive { hasGrown = compose(&tails[relation]) }
                if let hierarchy = hierarchies[relation] {
                    let isNew = inherit(&tails[relation], along: tails[hierarchy])
                    hasGrown = hasGrown || isNew
                }
            }
        }
        var closed: Set<Fact> = []
        for (relation, table) in tails.enumerated() {
            for (head, reached) in table {
                for tail in reached { closed.insert(Fact(head: head, relation: RelationIndex(relation), tail: tail)) }
            }
        }
        return closed
    }

    /// a → b and b → c give a → c, once over.
    private static func compose(_ tails: inout [EntityIndex: Set<EntityIndex>]) -> Bool {
        var hasGrown = false
        for (head, reached) in tails {
            let larger = reached.reduce(into: reached) { $0.formUnion(tails[$1] ?? []) }
            if larger.count > reached.count {
                tails[head] = larger
                hasGrown = true
            }
        }
        return hasGrown
    }

    /// What holds for an ancestor holds for its descendants.
    private static func inherit(
        _ tails: inout [EntityIndex: Set<EntityIndex>], along ancestors: [EntityIndex: Set<EntityIndex>]
    ) -> Bool {
        var hasGrown = false
        for (entity, above) in ancestors {
            let own = tails[entity] ?? []
            let larger = above.reduce(into: own) { $0.formUnion(tails[$1] ?? []) }
            if larger.count > own.count {
                tails[entity] = larger
                hasGrown = true
            }
        }
        return hasGrown
    }
}
