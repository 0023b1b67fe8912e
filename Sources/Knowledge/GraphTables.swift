import Storage

/// The three tables of a graph in their file form, in canonical order: relations by name, entities by id, triples by
/// head id, relation and tail id, and the statements of one fact by their text.
///
/// Columns that came later (`inherited_along`, `frequency`, `document` and `span`) are there only where some row fills
/// them, so that the tables and the digest of a graph without them never change.
struct GraphTables {
    static let relationHeader = [
        "name", "inverse_name", "domain", "range", "transitive", "functional", "acyclic", "sentence",
        "inverse_sentence", "phrase", "inverse_phrase",
    ]
    static let entityHeader = ["id", "name", "type", "specialty", "synonyms", "cross_references"]
    static let tripleHeader = ["head", "relation", "tail", "source", "licence"]
    static let inheritedRelationHeader = relationHeader + ["inherited_along"]
    static let countedEntityHeader = entityHeader + ["frequency"]
    static let documentedTripleHeader = tripleHeader + ["document", "span"]

    private let relationList: [Relation]
    private let entityList: EntityList
    private let tripleList: TripleList
    /// Positions in canonical order.
    private let entityOrder: [Int]
    private let relationOrder: [Int]

    init(relations: [Relation], entities: EntityList, triples: TripleList) {
        relationList = relations
        entityList = entities
        tripleList = triples
        let ids = entities.indices.map { entities.ids[$0] }
        entityOrder = ids.indices.sorted { ids[$0] < ids[$1] }
        relationOrder = relations.indices.sorted { relations[$0].name < relations[$1].name }
    }

    var digest: String {
        var hash = SHA256()
        hash.update(relations)
        hash.update(entities)
        forEachTripleChunk { hash.update($0) }
        return hash.hexadecimal()
    }

    var relations: [UInt8] {
        let isInherited = relationList.contains { $0.inheritedAlong != nil }
        return TabSeparatedTable.bytes(
            header: isInherited ? Self.inheritedRelationHeader : Self.relationHeader,
            rows: relationOrder.map { number in
                let relation = relationList[number]
                return Self.row(relation) + (isInherited ? [relation.inheritedAlong ?? ""] : [])
            })
    }

    var entities: [UInt8] {
        let isCounted = !entityList.frequencies.isEmpty
        return TabSeparatedTable.bytes(
            header: isCounted ? Self.countedEntityHeader : Self.entityHeader,
            rows: entityOrder.map { number in
                let entity = entityList[number]
                return Self.row(entity) + (isCounted ? [entity.frequency.map { "\($0)" } ?? ""] : [])
            })
    }

    var triples: [UInt8] {
        var bytes: [UInt8] = []
        forEachTripleChunk { bytes += $0 }
        return bytes
    }

    /// Calls the body with the bytes of `triples.tsv`, some megabytes at a time.
    private func forEachTripleChunk(_ body: ([UInt8]) -> Void) {
        let header = tripleList.isPlain ? Self.tripleHeader : Self.documentedTripleHeader
        var bytes = TabSeparatedTable.bytes(header: header, rows: [])
        let names = relationList.map { Array($0.name.utf8) }
        for fact in factOrder {
            for row in rows(of: fact) {
                bytes += entityList.ids.bytes[entityList.ids.range(Int(tripleList.heads[fact]))]
                bytes.append(UInt8(ascii: "\t"))
                bytes += names[Int(tripleList.relations[fact])]
                bytes.append(UInt8(ascii: "\t"))
                bytes += entityList.ids.bytes[entityList.ids.range(Int(tripleList.tails[fact]))]
                for field in row {
                    bytes.append(UInt8(ascii: "\t"))
                    bytes += field.utf8
                }
                bytes.append(UInt8(ascii: "\n"))
            }
            if bytes.count > 1 << 22 {
                body(bytes)
                bytes.removeAll(keepingCapacity: true)
            }
        }
        body(bytes)
    }

    /// The facts by head id, relation name and tail id.
    private var factOrder: [Int] {
        var entityRank = [Int32](repeating: 0, count: entityOrder.count)
        for (rank, number) in entityOrder.enumerated() { entityRank[number] = Int32(rank) }
        var relationRank = [Int32](repeating: 0, count: relationOrder.count)
        for (rank, number) in relationOrder.enumerated() { relationRank[number] = Int32(rank) }
        let (heads, relations, tails) = (tripleList.heads, tripleList.relations, tripleList.tails)
        func precedes(_ left: Int, _ right: Int) -> Bool {
            (entityRank[Int(heads[left])], relationRank[Int(relations[left])], entityRank[Int(tails[left])])
                < (entityRank[Int(heads[right])], relationRank[Int(relations[right])], entityRank[Int(tails[right])])
        }
        let facts = Array(heads.indices)
        let isSorted = zip(facts, facts.dropFirst()).allSatisfy { !precedes($1, $0) }
        return isSorted ? facts : facts.sorted(by: precedes)
    }

    /// The fields after the tail, one row for each statement.
    private func rows(of fact: Int) -> [[String]] {
        let statements = tripleList.statements(fact).map { statement -> [String] in
            let evidence = tripleList.evidence(statement)
            let plain = [evidence.source, evidence.licence]
            return tripleList.isPlain ? plain : plain + [evidence.document ?? "", Self.text(evidence.span)]
        }
        return statements.count == 1 ? statements : statements.sorted { $0.lexicographicallyPrecedes($1) }
    }

    private static func text(_ span: Range<Int>?) -> String {
        span.map { "\($0.lowerBound)-\($0.upperBound)" } ?? ""
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
