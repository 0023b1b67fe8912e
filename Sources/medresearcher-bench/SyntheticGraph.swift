import Knowledge
import Primitives

/// Graphs of any size in the shape of a disease graph: a hierarchy of diseases with inherited symptoms, and genes, loci and
/// drugs around them, some far more often than others.
enum SyntheticGraph {
    static func make(facts: Int, seed: UInt64) throws -> KnowledgeGraph {
        var random = CounterRandom(seed: seed, stage: .worlds)
        let counts = ["disease": facts / 5, "drug": facts / 20, "gene": facts / 10, "symptom": max(50, facts / 200)]
        var entities: [Entity] = []
        var members: [String: Range<Int>] = [:]
        for (type, count) in counts.sorted(by: { $0.key < $1.key }) {
            members[type] = entities.count..<entities.count + count
            for number in 0..<count {
                entities.append(Entity(id: "\(type):\(number)", name: "\(type) no. \(number)", type: type))
            }
        }
        let relations = [
            relation("caused_by", "disease", "gene"), relation("has_symptom", "disease", "symptom", inherited: "is_a"),
            relation("is_a", "disease", "disease", isHierarchy: true), relation("targets", "drug", "gene"),
            relation("treats", "drug", "disease"),
        ]
        let shares = [0.2, 0.3, 0.3, 0.1, 0.1]
        var known: Set<Fact> = []
        var triples: [Triple] = []
        known.reserveCapacity(facts)
        triples.reserveCapacity(facts)
        for (number, relation) in relations.enumerated() {
            let heads = members[relation.domain[0]] ?? 0..<1
            let tails = members[relation.range[0]] ?? 0..<1
            var left = Int(Double(facts) * shares[number])
            while left > 0 {
                left -= 1
                let head = heads.lowerBound + random.integer(below: heads.count)
                // Squaring makes the first ones hubs; parents come before their children, in a tree that is not deep.
                let share = random.uniform()
                var tail = tails.lowerBound + Int(share * share * Double(tails.count))
                if relation.isAcyclic {
                    guard head > heads.lowerBound else { continue }
                    tail = heads.lowerBound + (head - heads.lowerBound) / (4 + random.integer(below: 8))
                    if tail == head { continue }
                }
                let fact = Fact(head: EntityIndex(head), relation: RelationIndex(number), tail: EntityIndex(tail))
                guard known.insert(fact).inserted else { continue }
                triples.append(
                    Triple(
                        head: fact.head, relation: fact.relation, tail: fact.tail,
                        evidence: Evidence(source: "synthetic", licence: "CC0-1.0", document: "doc:\(head)")))
            }
        }
        return try KnowledgeGraph(relations: relations, entities: entities, triples: triples)
    }

    private static func relation(
        _ name: String, _ domain: String, _ range: String, isHierarchy: Bool = false, inherited: String? = nil
    ) -> Relation {
        Relation(
            name: name, inverseName: "inverse_of_" + name, domain: [domain], range: [range], isTransitive: isHierarchy,
            isAcyclic: isHierarchy, inheritedAlong: inherited,
            forward: RelationPhrases(sentence: "{subject} \(name) {object}.", phrase: "the \(name) of {x}"),
            inverse: RelationPhrases(sentence: "{subject} inverse {object}.", phrase: "the inverse \(name) of {x}"))
    }
}
