/// What facts entail: transitive relations are followed to their ends, and inherited ones hold for everything below
/// their heads.
///
/// The entailed tails of a head are found by walking asserted facts from it; each is found once, so the cost is that of
/// the result times the parents of an entity.
struct Closure {
    private struct Law {
        var isTransitive: Bool
        /// The step that climbs the hierarchy along which the relation is inherited.
        var climb: Step?
    }

    private let graph: KnowledgeGraph
    private let laws: [Law]

    init(graph: KnowledgeGraph) {
        self.graph = graph
        laws = graph.relations.map { relation in
            Law(
                isTransitive: relation.isTransitive,
                climb: relation.inheritedAlong.flatMap { graph.relationIndex(name: $0) }.map { Step(relation: $0) })
        }
    }

    /// The closed index, or `nil` where the graph entails more than `limit` facts.
    func adjacency(atMost limit: Int) -> Adjacency? {
        var (heads, relations, tails): ([EntityIndex], [RelationIndex], [EntityIndex]) = ([], [], [])
        let entityCount = graph.entities.count
        // Entity `i` was met as a tail, or as a place to go on from, of head and relation number `round` when its mark is that.
        var tailMarks = [Int32](repeating: -1, count: entityCount)
        var placeMarks = tailMarks
        var round: Int32 = -1
        var places: [EntityIndex] = []
        for (number, law) in laws.enumerated() {
            let step = Step(relation: RelationIndex(number))
            for head in 0..<EntityIndex(entityCount) {
                let climbs = law.climb.map { !graph.adjacency.edges(of: head, by: $0).isEmpty } ?? false
                let direct = graph.adjacency.neighbours(of: head, by: step)
                if !climbs && direct.isEmpty { continue }
                if round == .max - 1 {
                    round = -1
                    for index in 0..<entityCount { (tailMarks[index], placeMarks[index]) = (-1, -1) }
                }
                round += 1
                places.removeAll(keepingCapacity: true)
                places.append(head)
                placeMarks[Int(head)] = round
                var next = 0
                while next < places.count {
                    let place = places[next]
                    next += 1
                    if let climb = law.climb {
                        for parent in graph.adjacency.neighbours(of: place, by: climb)
                        where placeMarks[Int(parent)] != round {
                            placeMarks[Int(parent)] = round
                            places.append(parent)
                        }
                    }
                    for tail in graph.adjacency.neighbours(of: place, by: step) where tailMarks[Int(tail)] != round {
                        tailMarks[Int(tail)] = round
                        heads.append(head)
                        relations.append(RelationIndex(number))
                        tails.append(tail)
                        if law.isTransitive && placeMarks[Int(tail)] != round {
                            placeMarks[Int(tail)] = round
                            places.append(tail)
                        }
                    }
                }
                if heads.count > limit { return nil }
            }
        }
        return Adjacency(entityCount: entityCount, heads: heads, relations: relations, tails: tails)
    }

    /// Asserted facts that entail `head —relation→ tail`, of which the shortest such list; `nil` where none do.
    func derivation(head: EntityIndex, relation: RelationIndex, tail: EntityIndex) -> [Fact]? {
        let law = laws[Int(relation)]
        let step = Step(relation: relation)
        /// The fact that led to a place, and the place it came from.
        var origin: [EntityIndex: (fact: Fact, from: EntityIndex)] = [:]
        func facts(to place: EntityIndex) -> [Fact] {
            var facts: [Fact] = []
            var current = place
            while current != head, let way = origin[current] {
                facts.append(way.fact)
                current = way.from
            }
            return facts.reversed()
        }
        var places = [head]
        var known: Set<EntityIndex> = [head]
        var next = 0
        while next < places.count {
            let place = places[next]
            next += 1
            if graph.adjacency.hasEdge(from: place, by: step, to: tail) {
                return facts(to: place) + [Fact(head: place, relation: relation, tail: tail)]
            }
            if let climb = law.climb {
                for parent in graph.adjacency.neighbours(of: place, by: climb) where known.insert(parent).inserted {
                    origin[parent] = (Fact(head: place, relation: climb.relation, tail: parent), place)
                    places.append(parent)
                }
            }
            if law.isTransitive {
                for middle in graph.adjacency.neighbours(of: place, by: step) where known.insert(middle).inserted {
                    origin[middle] = (Fact(head: place, relation: relation, tail: middle), place)
                    places.append(middle)
                }
            }
        }
        return nil
    }
}

extension KnowledgeGraph {
    /// The asserted facts or all entailed ones, indexed. The entailed index of a graph costs time and memory in the
    /// number of its facts: make it once.
    /// - Parameter limit: the most facts that an entailed index may hold.
    public func facts(
        _ entailment: Certificate.Entailment, atMost limit: Int = 1 << 28
    ) throws(KnowledgeError) -> FactIndex {
        switch entailment {
        case .asserted: return asserted
        case .entailed:
            guard let closed = Closure(graph: self).adjacency(atMost: min(limit, 1 << 30 - 1)) else {
                throw .tooManyEntailedFacts(limit: limit)
            }
            return FactIndex(graph: self, entailment: .entailed, adjacency: closed)
        }
    }
}
