import Knowledge

/// The numbers of a knowledge graph without its entities: how many of each type, and how facts spread over them.
///
/// Fictional worlds are drawn from it, so that they look like the graph and share only its schema.
public struct GraphShape: Sendable {
    /// How one relation connects two entity types.
    public struct FactShape: Sendable, Hashable {
        public var relation: RelationIndex
        public var headType: String
        public var tailType: String
        /// The number of tails of each entity of `headType`, ascending; zeros included.
        public var outDegrees: [Int]
        /// The number of heads of each entity of `tailType`, ascending; zeros included.
        public var inDegrees: [Int]
    }

    public var relations: [Relation]
    /// Entity types in alphabetical order with the number of their entities.
    public var types: [(name: String, count: Int)]
    public var facts: [FactShape]
    /// Whether entities of the graph carry specialties; the values themselves, in alphabetical order.
    public var specialties: [String]

    public init(of graph: KnowledgeGraph) {
        relations = graph.relations
        var counts: [String: Int] = [:]
        for entity in graph.entities { counts[entity.type, default: 0] += 1 }
        types = counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        specialties = Set(graph.entities.compactMap(\.specialty)).sorted()

        struct Connection: Hashable {
            var relation: RelationIndex
            var headType: String
            var tailType: String
        }
        var degrees: [Connection: (heads: [EntityIndex: Int], tails: [EntityIndex: Int])] = [:]
        for triple in graph.triples {
            let connection = Connection(
                relation: triple.relation, headType: graph.entities[Int(triple.head)].type,
                tailType: graph.entities[Int(triple.tail)].type)
            degrees[connection, default: ([:], [:])].heads[triple.head, default: 0] += 1
            degrees[connection, default: ([:], [:])].tails[triple.tail, default: 0] += 1
        }
        facts =
            degrees.map { connection, degrees in
                FactShape(
                    relation: connection.relation, headType: connection.headType, tailType: connection.tailType,
                    outDegrees: Self.padded(degrees.heads.values, to: counts[connection.headType] ?? 0),
                    inDegrees: Self.padded(degrees.tails.values, to: counts[connection.tailType] ?? 0))
            }
            .sorted { ($0.relation, $0.headType, $0.tailType) < ($1.relation, $1.headType, $1.tailType) }
    }

    private static func padded(_ degrees: some Collection<Int>, to count: Int) -> [Int] {
        [Int](repeating: 0, count: max(0, count - degrees.count)) + degrees.sorted()
    }
}
