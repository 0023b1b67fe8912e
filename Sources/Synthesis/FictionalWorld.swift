import Knowledge
import Primitives

/// Makes knowledge graphs with a given shape whose entities are all invented.
public enum FictionalWorld {
    /// A world of about `size` entities, the same for the same arguments.
    ///
    /// Types keep their proportions (at least two entities each) and facts their distribution of degrees. Entities that
    /// get no fact are left out.
    /// - Parameter forbidden: lower-cased names that may not occur, usually ``forbiddenNames(of:)`` of the real graph.
    public static func make(
        shape: GraphShape, size: Int, forbidden: Set<String>, seed: UInt64, index: Int = 0
    ) throws(KnowledgeError) -> KnowledgeGraph {
        var random = CounterRandom(seed: seed, stage: .worlds, step: index)
        var forge = NameForge(
            random: CounterRandom(seed: seed, stage: .worlds, step: index, group: 1), forbidden: forbidden)
        let total = shape.types.reduce(0) { $0 + $1.count }
        var entities: [Entity] = []
        var members: [String: Range<Int>] = [:]
        for type in shape.types {
            let share = Double(type.count) * Double(size) / Double(max(1, total))
            let first = entities.count
            for number in 0..<max(2, Int(share.rounded())) {
                let hasSpecialty = type.name == "disease" && !shape.specialties.isEmpty
                entities.append(
                    Entity(
                        id: "fiction:\(type.name):\(number)", name: forge.name(ofType: type.name), type: type.name,
                        specialty: hasSpecialty ? random.pick(shape.specialties) : nil))
            }
            members[type.name] = first..<entities.count
        }

        var triples: [Triple] = []
        for fact in shape.facts {
            guard let heads = members[fact.headType], let tails = members[fact.tailType] else { continue }
            let relation = shape.relations[Int(fact.relation)]
            let pairs = connect(
                fact, heads: heads, tails: tails, isAcyclic: relation.isAcyclic, isFunctional: relation.isFunctional,
                random: &random)
            triples += pairs.map { head, tail in
                Triple(
                    head: EntityIndex(head), relation: fact.relation, tail: EntityIndex(tail), source: "fiction",
                    licence: "CC0-1.0")
            }
        }
        let connected = withoutLonelyEntities(entities, triples)
        return try KnowledgeGraph(
            relations: shape.relations, entities: connected.entities, triples: connected.triples)
    }

    /// The names and synonyms of a graph, lower-cased.
    public static func forbiddenNames(of graph: KnowledgeGraph) -> Set<String> {
        Set(graph.entities.flatMap { [$0.name] + $0.synonyms }.map { $0.lowercased() })
    }

    /// Draws degrees for heads and tails from the shape and matches them at random.
    private static func connect(
        _ fact: GraphShape.FactShape, heads: Range<Int>, tails: Range<Int>, isAcyclic: Bool, isFunctional: Bool,
        random: inout CounterRandom
    ) -> [(head: Int, tail: Int)] {
        var openHeads = sample(fact.outDegrees, for: heads, random: &random)
        var openTails = sample(fact.inDegrees, for: tails, random: &random)
        // A small world keeps at least one fact of every kind.
        if openHeads.isEmpty { openHeads = [heads.lowerBound + random.integer(below: heads.count)] }
        while openTails.count < openHeads.count {
            openTails.append(
                openTails.isEmpty || random.uniform() < 0.5
                    ? tails.lowerBound + random.integer(below: tails.count) : random.pick(openTails))
        }
        random.shuffle(&openTails)
        var seen: Set<SIMD2<Int>> = []
        var pairs: [(head: Int, tail: Int)] = []
        for (head, tail) in zip(openHeads, openTails) {
            var pair = SIMD2(head, tail)
            if isAcyclic, head > tail { pair = SIMD2(tail, head) }
            if pair.x != pair.y, seen.insert(pair).inserted { pairs.append((pair.x, pair.y)) }
        }
        guard isFunctional else { return pairs }
        var functionalHeads: Set<Int> = []
        return pairs.filter { functionalHeads.insert($0.head).inserted }
    }

    /// Every entity as often as its drawn degree says.
    ///
    /// Degrees are drawn at evenly spaced ranks of the sorted list with a random offset: their mean is then nearly that
    /// of the shape even for a handful of entities.
    private static func sample(_ degrees: [Int], for entities: Range<Int>, random: inout CounterRandom) -> [Int] {
        guard !degrees.isEmpty else { return [] }
        var order = Array(entities)
        random.shuffle(&order)
        let offset = random.uniform()
        var open: [Int] = []
        for (rank, entity) in order.enumerated() {
            let position = (Double(rank) + offset) / Double(order.count) * Double(degrees.count)
            let degree = degrees[min(degrees.count - 1, Int(position))]
            open += [Int](repeating: entity, count: min(degree, entities.count))
        }
        return open
    }

    private static func withoutLonelyEntities(
        _ entities: [Entity], _ triples: [Triple]
    ) -> (entities: [Entity], triples: [Triple]) {
        var isUsed = [Bool](repeating: false, count: entities.count)
        for triple in triples {
            isUsed[Int(triple.head)] = true
            isUsed[Int(triple.tail)] = true
        }
        var renumbered = [EntityIndex](repeating: -1, count: entities.count)
        var kept: [Entity] = []
        for (index, entity) in entities.enumerated() where isUsed[index] {
            renumbered[index] = EntityIndex(kept.count)
            kept.append(entity)
        }
        return (
            kept,
            triples.map {
                Triple(
                    head: renumbered[Int($0.head)], relation: $0.relation, tail: renumbered[Int($0.tail)],
                    source: $0.source, licence: $0.licence)
            }
        )
    }
}
