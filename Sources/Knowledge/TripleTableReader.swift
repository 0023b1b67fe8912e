import Storage

/// Reads a graph from one table of triples that names entities by name and type: the columns `head`, `head_type`,
/// `relation`, `tail`, `tail_type` and `source`, of which others may follow (`licence`, `head_id`, `tail_id`,
/// `specialty` are read).
///
/// The graph has what the table says, no more and no less; ``ImportFormat/triples`` makes one of entities that are the same.
/// An entity's id is `type:name` unless the table gives one. Of names that differ in their type alone, all but the first
/// in order of type get it in parentheses. Domains and ranges are the types that occur, except where a table of relations of
/// the user's own says otherwise.
public struct TripleTableReader {
    private struct Name: Hashable {
        var text: String
        var type: String
    }

    private static let required = ["head", "head_type", "relation", "tail", "tail_type", "source"]

    private let path: String
    private let catalogue: RelationTable
    private let columns: [String: Int]
    private let rows: [[String]]

    /// - Throws: a file that cannot be read, or whose lines are not of the same columns.
    public init(path: String, relations catalogue: RelationTable = .builtIn) throws(KnowledgeError) {
        self.path = path
        self.catalogue = catalogue
        var bytes: [UInt8]
        do throws(StorageError) {
            bytes = try FileStore.read(path)
            if path.hasSuffix(".zst") { bytes = try Zstandard.decompress(bytes) }
        } catch { throw .storage(error) }
        let line = bytes.prefix { $0 != UInt8(ascii: "\n") }
        let header = String(decoding: line, as: UTF8.self).split(separator: "\t", omittingEmptySubsequences: false)
            .map(String.init)
        guard Array(header.prefix(Self.required.count)) == Self.required else {
            throw .malformedFile(
                path: path, found: "the header “\(header.joined(separator: " | "))”",
                expected: "columns that begin with “\(Self.required.joined(separator: " | "))”, separated by tabs")
        }
        columns = Dictionary(header.enumerated().map { ($1, $0) }) { first, _ in first }
        rows = try TabSeparatedTable.rows(of: bytes, path: path, header: header)
    }

    public func graph() throws(KnowledgeError) -> KnowledgeGraph {
        var (ids, specialties): ([Name: String], [Name: String]) = ([:], [:])
        var names: Set<Name> = []
        var (domains, ranges): ([String: Set<String>], [String: Set<String>]) = ([:], [:])
        for row in rows {
            let (head, tail) = (Name(text: row[0], type: row[1]), Name(text: row[3], type: row[4]))
            names.formUnion([head, tail])
            domains[row[2], default: []].insert(head.type)
            ranges[row[2], default: []].insert(tail.type)
            for (name, column) in [(head, "head_id"), (tail, "tail_id")] {
                if let id = field(column, row) { ids[name] = id }
            }
            if let specialty = field("specialty", row) { specialties[head] = specialty }
        }
        var taken: Set<String> = []
        var entities: [Entity] = []
        var indices: [Name: EntityIndex] = [:]
        for name in names.sorted(by: { ($0.type, $0.text) < ($1.type, $1.text) }) {
            indices[name] = EntityIndex(entities.count)
            let isFree = taken.insert(name.text.lowercased()).inserted
            let shown = isFree ? name.text : "\(name.text) (\(name.type))"
            if !isFree { taken.insert(shown.lowercased()) }
            entities.append(
                Entity(
                    id: ids[name] ?? "\(name.type):\(name.text)", name: shown, type: name.type,
                    specialty: specialties[name]))
        }
        let relations = domains.keys.sorted().map { name in
            relation(name, domain: domains[name] ?? [], range: ranges[name] ?? [])
        }
        var numbers: [String: RelationIndex] = [:]
        for (number, relation) in relations.enumerated() { numbers[relation.name] = RelationIndex(number) }
        let triples = rows.compactMap { row -> Triple? in
            guard let head = indices[Name(text: row[0], type: row[1])], let relation = numbers[row[2]],
                let tail = indices[Name(text: row[3], type: row[4])]
            else { return nil }
            return Triple(
                head: head, relation: relation, tail: tail, source: row[5],
                licence: field("licence", row) ?? "as the source states")
        }
        try GraphValidator(relations: relations, entities: entities, triples: triples) { [path] table, row in
            table == .triples ? "\(path), line \(row + 2)" : "\(path), \(table.rawValue)[\(row)]"
        }.validate()
        return KnowledgeGraph.canonical(relations: relations, entities: entities, triples: triples)
    }

    private func field(_ name: String, _ row: [String]) -> String? {
        guard let column = columns[name], !row[column].isEmpty else { return nil }
        return row[column]
    }

    /// With the wording and the laws of ``RelationCatalogue``, except that a table may give a head several tails; as it is in
    /// the user's own table of relations.
    private func relation(_ name: String, domain: Set<String>, range: Set<String>) -> Relation {
        var relation = catalogue.relation(name) ?? RelationCatalogue.placeholder(name, domain: [], range: [])
        if !catalogue.isOwn(name) {
            (relation.domain, relation.range) = (domain.sorted(), range.sorted())
            relation.isFunctional = false
        }
        if let hierarchy = relation.inheritedAlong, !isKnown(hierarchy) { relation.inheritedAlong = nil }
        return relation
    }

    private func isKnown(_ relation: String) -> Bool { rows.contains { $0[2] == relation } }
}
