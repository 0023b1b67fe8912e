import Knowledge
import Primitives

/// Small random graphs with every law, and slow definitions of what is computed on them.
struct RandomGraph {
    let graph: KnowledgeGraph
    let entityCount: Int

    /// `below` is a hierarchy, `before` transitive with cycles, `has` inherited along `below`, `near` inherited and
    /// transitive, `plain` without laws.
    static let relations = [
        relation("before", transitive: true), relation("below", transitive: true, acyclic: true),
        relation("has", inherited: "below"), relation("near", transitive: true, inherited: "below"), relation("plain"),
    ]

    private static func relation(
        _ name: String, transitive: Bool = false, acyclic: Bool = false, inherited: String? = nil
    ) -> Relation {
        Relation(
            name: name, inverseName: name + "_of", domain: ["thing"], range: ["thing"], isTransitive: transitive,
            isAcyclic: acyclic, inheritedAlong: inherited,
            forward: RelationPhrases(sentence: "{subject} \(name) {object}.", phrase: "\(name) {x}"),
            inverse: RelationPhrases(sentence: "{subject} inverse {object}.", phrase: "inverse \(name) {x}"))
    }

    init(seed: UInt64, entities entityCount: Int = 9, facts: Int = 16) throws {
        var random = CounterRandom(seed: seed, stage: .synthesis)
        var known: Set<Fact> = []
        var triples: [Triple] = []
        for _ in 0..<facts {
            var head = EntityIndex(random.integer(below: entityCount))
            let relation = RelationIndex(random.integer(below: Self.relations.count))
            var tail = EntityIndex(random.integer(below: entityCount))
            if relation == 1 {
                if head == tail { continue }
                if head < tail { swap(&head, &tail) }
            }
            guard known.insert(Fact(head: head, relation: relation, tail: tail)).inserted else { continue }
            let document = "doc:\(random.integer(below: 4))"
            triples.append(
                Triple(
                    head: head, relation: relation, tail: tail,
                    evidence: Evidence(source: "test", licence: "CC0-1.0", document: document)))
        }
        self.entityCount = entityCount
        graph = try KnowledgeGraph(
            relations: Self.relations,
            entities: (0..<entityCount).map { Entity(id: "e:\($0)", name: "Entity \($0)", type: "thing") },
            triples: triples)
    }

    var asserted: Set<Fact> {
        Set(graph.triples.map { Fact(head: $0.head, relation: $0.relation, tail: $0.tail) })
    }

    /// Applies the laws to every pair of facts until nothing is new.
    func closed() -> Set<Fact> {
        var facts = asserted
        while true {
            var larger = facts
            for first in facts {
                for second in facts where second.head == first.tail {
                    let law = graph.relations[Int(second.relation)]
                    let isTransitive = law.isTransitive && first.relation == second.relation
                    let isInherited = law.inheritedAlong == graph.relations[Int(first.relation)].name
                    if isTransitive || isInherited {
                        larger.insert(Fact(head: first.head, relation: second.relation, tail: second.tail))
                    }
                }
            }
            if larger.count == facts.count { return facts }
            facts = larger
        }
    }

    /// Every walk along a query's steps.
    static func walks(_ query: ChainQuery, on facts: Set<Fact>) -> [[EntityIndex]] {
        query.steps.reduce([[query.anchor]]) { walks, step in
            walks.flatMap { walk -> [[EntityIndex]] in
                facts.filter { $0.relation == step.relation }.compactMap { fact in
                    let (from, to) = step.isInverse ? (fact.tail, fact.head) : (fact.head, fact.tail)
                    return walk.last == from ? walk + [to] : nil
                }
            }
        }
    }

    /// All distances by Floyd and Warshall, over facts without direction.
    func distances(on facts: Set<Fact>) -> [[Int]] {
        var distances = [[Int]](repeating: [Int](repeating: 1_000, count: entityCount), count: entityCount)
        for index in 0..<entityCount { distances[index][index] = 0 }
        for fact in facts where fact.head != fact.tail {
            distances[Int(fact.head)][Int(fact.tail)] = 1
            distances[Int(fact.tail)][Int(fact.head)] = 1
        }
        for middle in 0..<entityCount {
            for from in 0..<entityCount {
                for to in 0..<entityCount {
                    distances[from][to] = min(distances[from][to], distances[from][middle] + distances[middle][to])
                }
            }
        }
        return distances
    }

    /// Whether a conjunction deserves a certificate, by its definition: one answer; without any constraint more than
    /// one; and without any fact of the ways, or over any shorter path, none.
    func isCertifiable(_ query: ConjunctiveQuery, on facts: Set<Fact>, distances: [[Int]]) -> Bool {
        func answers(_ constraints: [ChainQuery], _ facts: Set<Fact>) -> Set<EntityIndex> {
            constraints.reduce(Set((0..<entityCount).map(EntityIndex.init))) { common, constraint in
                common.intersection(Self.walks(constraint, on: facts).compactMap(\.last))
            }
        }
        let all = answers(query.constraints, facts)
        guard all.count == 1, let answer = all.first else { return false }
        for (index, constraint) in query.constraints.enumerated() {
            guard distances[Int(constraint.anchor)][Int(answer)] == constraint.steps.count else { return false }
            var others = query.constraints
            others.remove(at: index)
            if answers(others, facts).count <= 1 { return false }
            for walk in Self.walks(constraint, on: facts) where walk.last == answer {
                for hop in constraint.steps.indices {
                    let step = constraint.steps[hop]
                    let (from, to) = (walk[hop], walk[hop + 1])
                    let fact = Fact(
                        head: step.isInverse ? to : from, relation: step.relation, tail: step.isInverse ? from : to)
                    if answers([constraint], facts.subtracting([fact])).contains(answer) { return false }
                }
            }
        }
        return true
    }
}
