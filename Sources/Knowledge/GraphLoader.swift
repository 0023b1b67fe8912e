import Storage

/// Reads a graph directory (`relations.tsv`, `entities.tsv`, `triples.tsv`) without repairing anything.
struct GraphLoader {
    let directory: String
    private(set) var relations: [Relation] = []
    private(set) var entities: [Entity] = []
    private(set) var triples: [Triple] = []

    /// Reads and validates the three files; the values stand in file order.
    init(directory: String) throws(KnowledgeError) {
        self.directory = directory
        for (index, row) in try rows("relations.tsv", header: GraphTables.relationHeader).enumerated() {
            relations.append(try relation(row, place: place("relations.tsv", index)))
        }
        for row in try rows("entities.tsv", header: GraphTables.entityHeader) { entities.append(entity(row)) }
        let tripleRows = try rows("triples.tsv", header: GraphTables.tripleHeader)
        try readTriples(tripleRows)
        try GraphValidator(relations: relations, entities: entities, triples: triples, place: place).validate()
    }

    private func place(_ file: String, _ row: Int) -> String { "\(directory)/\(file), line \(row + 2)" }

    private func place(_ table: GraphValidator.Table, _ row: Int) -> String { place("\(table.rawValue).tsv", row) }

    private func rows(_ file: String, header: [String]) throws(KnowledgeError) -> [[String]] {
        let path = "\(directory)/\(file)"
        let bytes: [UInt8]
        do throws(StorageError) { bytes = try FileStore.read(path) } catch { throw .storage(error) }
        return try TabSeparatedTable.rows(of: bytes, path: path, header: header)
    }

    private func relation(_ row: [String], place: String) throws(KnowledgeError) -> Relation {
        func flag(_ column: Int) throws(KnowledgeError) -> Bool {
            guard row[column] == "yes" || row[column] == "no" else {
                throw .invalidField(
                    at: .init(place: place, column: GraphTables.relationHeader[column]), value: row[column],
                    expected: "yes or no")
            }
            return row[column] == "yes"
        }
        return Relation(
            name: row[0], inverseName: row[1], domain: list(row[2]), range: list(row[3]), isTransitive: try flag(4),
            isFunctional: try flag(5), isAcyclic: try flag(6),
            forward: RelationPhrases(sentence: row[7], phrase: row[9]),
            inverse: RelationPhrases(sentence: row[8], phrase: row[10]))
    }

    private func entity(_ row: [String]) -> Entity {
        Entity(
            id: row[0], name: row[1], type: row[2], synonyms: list(row[4]), specialty: row[3].isEmpty ? nil : row[3],
            crossReferences: list(row[5]))
    }

    private mutating func readTriples(_ rows: [[String]]) throws(KnowledgeError) {
        var entityIndices: [String: EntityIndex] = [:]
        for (index, entity) in entities.enumerated() { entityIndices[entity.id] = EntityIndex(index) }
        var relationIndices: [String: RelationIndex] = [:]
        for (index, relation) in relations.enumerated() { relationIndices[relation.name] = RelationIndex(index) }
        triples.reserveCapacity(rows.count)
        for (index, row) in rows.enumerated() {
            func resolve(_ column: Int) throws(KnowledgeError) -> EntityIndex {
                guard let entity = entityIndices[row[column]] else {
                    throw .unknownEntity(
                        at: .init(place: place("triples.tsv", index), column: GraphTables.tripleHeader[column]),
                        id: row[column])
                }
                return entity
            }
            guard let relation = relationIndices[row[1]] else {
                throw .unknownRelation(
                    at: .init(place: place("triples.tsv", index), column: "relation"), name: row[1],
                    known: relations.map(\.name))
            }
            triples.append(
                Triple(
                    head: try resolve(0), relation: relation, tail: try resolve(2), source: row[3], licence: row[4]))
        }
    }

    private func list(_ field: String) -> [String] {
        field.isEmpty ? [] : field.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
    }
}
