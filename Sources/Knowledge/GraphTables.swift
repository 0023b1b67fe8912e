/// The three tables of a graph in their file form, in canonical order: relations by name, entities by id, triples by
/// head id, relation and tail id.
struct GraphTables {
    static let relationHeader = [
        "name", "inverse_name", "domain", "range", "transitive", "functional", "acyclic", "sentence",
        "inverse_sentence", "phrase", "inverse_phrase",
    ]
    static let entityHeader = ["id", "name", "type", "specialty", "synonyms", "cross_references"]
    static let tripleHeader = ["head", "relation", "tail", "source", "licence"]

    var relations: [UInt8]
    var entities: [UInt8]
    var triples: [UInt8]

    init(relations: [Relation], entities: [Entity], triples: [Triple]) {
        self.relations = TabSeparatedTable.bytes(
            header: Self.relationHeader, rows: relations.sorted { $0.name < $1.name }.map(Self.row))
        self.entities = TabSeparatedTable.bytes(
            header: Self.entityHeader, rows: entities.sorted { $0.id < $1.id }.map(Self.row))
        let rows = triples.map { triple in
            [
                entities[Int(triple.head)].id, relations[Int(triple.relation)].name, entities[Int(triple.tail)].id,
                triple.source, triple.licence,
            ]
        }
        self.triples = TabSeparatedTable.bytes(
            header: Self.tripleHeader, rows: rows.sorted { $0.lexicographicallyPrecedes($1) })
    }

    private static func row(_ relation: Relation) -> [String] {
        [
            relation.name, relation.inverseName, relation.domain.joined(separator: "|"),
            relation.range.joined(separator: "|"), flag(relation.isTransitive), flag(relation.isFunctional),
            flag(relation.isAcyclic), relation.forward.sentence, relation.inverse.sentence, relation.forward.phrase,
            relation.inverse.phrase,
        ]
    }

    private static func row(_ entity: Entity) -> [String] {
        [
            entity.id, entity.name, entity.type, entity.specialty ?? "", entity.synonyms.joined(separator: "|"),
            entity.crossReferences.joined(separator: "|"),
        ]
    }

    private static func flag(_ value: Bool) -> String { value ? "yes" : "no" }
}
