import Storage

/// Reads a graph directory (`relations.tsv`, `entities.tsv`, `triples.tsv`) without repairing anything.
struct GraphLoader {
    let directory: String
    private(set) var relations: [Relation] = []
    private(set) var entities: [Entity] = []
    private(set) var triples: [Triple] = []
    /// The row of the first statement of each triple.
    private var rowOfTriple: [Int] = []

    /// Reads and validates the three files; the values stand in file order.
    init(directory: String) throws(KnowledgeError) {
        self.directory = directory
        let path = "\(directory)/relations.tsv"
        relations = try Self.relations(bytes: Self.read(path), path: path)
        let entityTable = try table(
            "entities.tsv", headers: [GraphTables.entityHeader, GraphTables.countedEntityHeader])
        for (index, row) in entityTable.rows.enumerated() {
            entities.append(try entity(row, place: Self.place(directory + "/entities.tsv", index)))
        }
        let tripleTable = try table(
            "triples.tsv", headers: [GraphTables.tripleHeader, GraphTables.documentedTripleHeader])
        try readTriples(tripleTable.rows, isDocumented: tripleTable.header == GraphTables.documentedTripleHeader)
        let (rows, folder) = (rowOfTriple, directory)
        try GraphValidator(relations: relations, entities: entities, triples: triples) { table, row in
            Self.place("\(folder)/\(table.rawValue).tsv", table == .triples ? rows[row] : row)
        }.validate()
    }

    private static func place(_ path: String, _ row: Int) -> String { "\(path), line \(row + 2)" }

    private static func read(_ path: String) throws(KnowledgeError) -> [UInt8] {
        do throws(StorageError) { return try FileStore.read(path) } catch { throw .storage(error) }
    }

    private func table(
        _ file: String, headers: [[String]]
    ) throws(KnowledgeError) -> (header: [String], rows: [[String]]) {
        let path = "\(directory)/\(file)"
        return try TabSeparatedTable.table(of: Self.read(path), path: path, headers: headers)
    }

    /// Reads the bytes of a `relations.tsv`; the laws are not checked.
    static func relations(bytes: [UInt8], path: String) throws(KnowledgeError) -> [Relation] {
        let table = try TabSeparatedTable.table(
            of: bytes, path: path, headers: [GraphTables.relationHeader, GraphTables.inheritedRelationHeader])
        var relations: [Relation] = []
        for (index, row) in table.rows.enumerated() {
            relations.append(try relation(row, header: table.header, place: place(path, index)))
        }
        return relations
    }

    private static func relation(
        _ row: [String], header: [String], place: String
    ) throws(KnowledgeError) -> Relation {
        func flag(_ column: Int) throws(KnowledgeError) -> Bool {
            guard row[column] == "yes" || row[column] == "no" else {
                throw .invalidField(
                    at: .init(place: place, column: header[column]), value: row[column], expected: "yes or no")
            }
            return row[column] == "yes"
        }
        return Relation(
            name: row[0], inverseName: row[1], domain: list(row[2]), range: list(row[3]), isTransitive: try flag(4),
            isFunctional: try flag(5), isAcyclic: try flag(6),
            inheritedAlong: row.count > 11 && !row[11].isEmpty ? row[11] : nil,
            forward: RelationPhrases(sentence: row[7], phrase: row[9]),
            inverse: RelationPhrases(sentence: row[8], phrase: row[10]))
    }

    private func entity(_ row: [String], place: String) throws(KnowledgeError) -> Entity {
        var frequency: Double?
        if row.count > 6, !row[6].isEmpty {
            guard let number = Double(row[6]) else {
                throw .invalidField(
                    at: .init(place: place, column: "frequency"), value: row[6],
                    expected: "a number from 0 to 1, or nothing")
            }
            frequency = number
        }
        return Entity(
            id: row[0], name: row[1], type: row[2], synonyms: Self.list(row[4]),
            specialty: row[3].isEmpty ? nil : row[3], crossReferences: Self.list(row[5]), frequency: frequency)
    }

    private mutating func readTriples(_ rows: [[String]], isDocumented: Bool) throws(KnowledgeError) {
        var entityIndices: [String: EntityIndex] = [:]
        for (index, entity) in entities.enumerated() { entityIndices[entity.id] = EntityIndex(index) }
        var relationIndices: [String: RelationIndex] = [:]
        for (index, relation) in relations.enumerated() { relationIndices[relation.name] = RelationIndex(index) }
        var tripleOfFact: [Fact: Int] = [:]
        triples.reserveCapacity(rows.count)
        for (index, row) in rows.enumerated() {
            let place = Self.place(directory + "/triples.tsv", index)
            func resolve(_ column: Int) throws(KnowledgeError) -> EntityIndex {
                guard let entity = entityIndices[row[column]] else {
                    throw .unknownEntity(
                        at: .init(place: place, column: GraphTables.tripleHeader[column]), id: row[column])
                }
                return entity
            }
            guard let relation = relationIndices[row[1]] else {
                throw .unknownRelation(
                    at: .init(place: place, column: "relation"), name: row[1], known: relations.map(\.name))
            }
            let evidence = try isDocumented ? evidence(row, place: place) : Evidence(source: row[3], licence: row[4])
            let triple = Triple(head: try resolve(0), relation: relation, tail: try resolve(2), evidence: evidence)
            if isDocumented {
                let fact = Fact(head: triple.head, relation: relation, tail: triple.tail)
                if let first = tripleOfFact[fact] {
                    triples[first].furtherEvidence.append(evidence)
                    continue
                }
                tripleOfFact[fact] = triples.count
            }
            triples.append(triple)
            rowOfTriple.append(index)
        }
    }

    private func evidence(_ row: [String], place: String) throws(KnowledgeError) -> Evidence {
        var span: Range<Int>?
        if !row[6].isEmpty {
            let ends = row[6].split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
            guard ends.count == 2, let begin = ends[0], let end = ends[1], begin < end else {
                throw .invalidField(
                    at: .init(place: place, column: "span"), value: row[6],
                    expected: "two byte positions, the smaller one first, for example 120-163, or nothing")
            }
            span = begin..<end
        }
        return Evidence(source: row[3], licence: row[4], document: row[5].isEmpty ? nil : row[5], span: span)
    }

    private static func list(_ field: String) -> [String] {
        field.isEmpty ? [] : field.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
    }
}
