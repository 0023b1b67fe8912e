import Primitives

/// Counts of a graph for people and programs.
public struct GraphStatistics: Sendable {
    public struct RelationCount: Sendable, Hashable {
        public var name: String
        public var asserted: Int
        public var entailed: Int
        public var laws: [String]
    }

    public let graph: KnowledgeGraph
    public let entailedCount: Int
    /// By number, the largest first.
    public let types: [(name: String, count: Int)]
    public let specialties: [(name: String, count: Int)]
    public let sources: [(name: String, count: Int)]
    /// In the graph's order.
    public let relations: [RelationCount]
    /// Facts with at least one document as evidence.
    public let documentedCount: Int
    public let rareCount: Int
    public let countedCount: Int
    public let largestDegree: (entity: EntityIndex, count: Int)?
    public let componentCount: Int
    public let largestComponent: Int

    /// - Parameter rareBelow: the corpus frequency below which an entity is rare.
    public init(of graph: KnowledgeGraph, rareBelow: Double = 1e-6) throws(KnowledgeError) {
        self.graph = graph
        let entailed = try graph.facts(.entailed)
        entailedCount = entailed.count
        let entities = graph.entities
        types = Self.ranked(entities.indices.map { entities.type($0) })
        specialties = Self.ranked(entities.indices.compactMap { entities.specialty($0) })
        let triples = graph.triples
        sources = Self.ranked(
            triples.provenanceNumbers.map { number in
                triples.provenances[2 * Int(number)] + ", " + triples.provenances[2 * Int(number) + 1]
            })
        var counts = [(asserted: Int, entailed: Int)](repeating: (0, 0), count: graph.relations.count)
        for relation in triples.relations { counts[Int(relation)].asserted += 1 }
        for code in entailed.adjacency.steps where code % 2 == 0 { counts[Int(code / 2)].entailed += 1 }
        relations = graph.relations.enumerated().map { number, relation in
            var laws: [String] = []
            if relation.isTransitive { laws.append("transitive") }
            if relation.isFunctional { laws.append("functional") }
            if relation.isAcyclic { laws.append("acyclic") }
            if let hierarchy = relation.inheritedAlong { laws.append("inherited along \(hierarchy)") }
            return RelationCount(
                name: relation.name, asserted: counts[number].asserted, entailed: counts[number].entailed, laws: laws)
        }
        documentedCount =
            triples.documentNumbers.isEmpty
            ? 0
            : triples.indices.count { fact in triples.statements(fact).contains { triples.documentNumbers[$0] >= 0 } }
        let frequencies = entities.indices.compactMap { entities.frequency($0) }
        countedCount = frequencies.count
        rareCount = frequencies.count { $0 < rareBelow }
        let degrees = entities.indices.map { graph.adjacency.edges(of: EntityIndex($0)).count }
        largestDegree = degrees.indices.max { (degrees[$0], -$0) < (degrees[$1], -$1) }.map {
            (EntityIndex($0), degrees[$0])
        }
        let components = Self.components(of: graph.adjacency)
        componentCount = components.count
        largestComponent = components.max() ?? 0
    }

    private static func ranked(_ names: [String]) -> [(name: String, count: Int)] {
        var counts: [String: Int] = [:]
        for name in names { counts[name, default: 0] += 1 }
        return counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { ($0.key, $0.value) }
    }

    /// The sizes of the connected parts.
    private static func components(of adjacency: Adjacency) -> [Int] {
        var isSeen = [Bool](repeating: false, count: adjacency.entityCount)
        var sizes: [Int] = []
        for start in isSeen.indices where !isSeen[start] {
            var open = [EntityIndex(start)]
            isSeen[start] = true
            var size = 0
            while let entity = open.popLast() {
                size += 1
                for neighbour in adjacency.neighbours(of: entity) where !isSeen[Int(neighbour)] {
                    isSeen[Int(neighbour)] = true
                    open.append(neighbour)
                }
            }
            sizes.append(size)
        }
        return sizes
    }

    public var text: String {
        var lines = [
            "graph \(graph.digest)",
            "\(graph.entities.count) entities, \(graph.triples.count) facts, \(entailedCount) with what they entail",
            "\(componentCount) connected parts, the largest of \(largestComponent) entities",
            "\(documentedCount) facts with a document as evidence",
        ]
        if let largestDegree {
            lines.append("most facts: \(graph.name(of: largestDegree.entity)), \(largestDegree.count)")
        }
        if countedCount > 0 { lines.append("\(rareCount) of \(countedCount) counted entities are rare") }
        lines.append("relations (asserted, entailed):")
        lines += relations.map { relation in
            "  \(relation.name)  \(relation.asserted)  \(relation.entailed)"
                + (relation.laws.isEmpty ? "" : "  (\(relation.laws.joined(separator: ", ")))")
        }
        for (title, counts) in [("types", types), ("specialties", specialties), ("sources", sources)]
        where !counts.isEmpty {
            lines.append("\(title):")
            lines += counts.map { "  \($0.name)  \($0.count)" }
        }
        return lines.joined(separator: "\n")
    }

    public var json: JSONValue {
        func object(_ counts: [(name: String, count: Int)]) -> JSONValue {
            var object = JSONObject()
            for (name, count) in counts { object[name] = .integer(Int64(count)) }
            return .object(object)
        }
        return [
            "graph": .string(graph.digest), "entities": .integer(Int64(graph.entities.count)),
            "facts": .integer(Int64(graph.triples.count)), "entailed_facts": .integer(Int64(entailedCount)),
            "documented_facts": .integer(Int64(documentedCount)), "counted_entities": .integer(Int64(countedCount)),
            "rare_entities": .integer(Int64(rareCount)), "components": .integer(Int64(componentCount)),
            "largest_component": .integer(Int64(largestComponent)),
            "relations": .array(
                relations.map { relation in
                    [
                        "name": .string(relation.name), "asserted": .integer(Int64(relation.asserted)),
                        "entailed": .integer(Int64(relation.entailed)),
                        "laws": .array(relation.laws.map { .string($0) }),
                    ]
                }), "types": object(types), "specialties": object(specialties), "sources": object(sources),
        ]
    }
}
