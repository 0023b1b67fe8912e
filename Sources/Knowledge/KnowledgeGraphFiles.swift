import Storage

extension KnowledgeGraph {
    /// Reads a graph directory. Indices follow the canonical order, so they do not depend on the order of the lines.
    /// - Throws: the first thing that is wrong, with file, line and column.
    public static func load(directory: String) throws(KnowledgeError) -> KnowledgeGraph {
        let loader = try GraphLoader(directory: directory)
        return canonical(relations: loader.relations, entities: loader.entities, triples: loader.triples)
    }

    /// Reads a graph directory, a graph file that `save(file:)` wrote, or a triples table (`.tsv`, `.tsv.zst`) as
    /// ``TripleTableReader`` describes.
    /// - Parameter relations: what is known of a triples table's relations; the other two say it themselves.
    public static func load(
        path: String, relations: RelationTable = .builtIn
    ) throws(KnowledgeError) -> KnowledgeGraph {
        if FileStore.isDirectory(path) { return try load(directory: path) }
        return isTriplesTable(path)
            ? try TripleTableReader(path: path, relations: relations).graph() : try load(file: path)
    }

    /// Whether a path names a triples table, going by its ending.
    public static func isTriplesTable(_ path: String) -> Bool {
        path.hasSuffix(".tsv") || path.hasSuffix(".tsv.zst")
    }

    /// Validated values in canonical order: relations by name, entities by id, triples by their indices.
    static func canonical(relations: [Relation], entities: [Entity], triples: [Triple]) -> KnowledgeGraph {
        let entityOrder = entities.indices.sorted { entities[$0].id < entities[$1].id }
        let relationOrder = relations.indices.sorted { relations[$0].name < relations[$1].name }
        var newEntity = [EntityIndex](repeating: 0, count: entityOrder.count)
        for (new, old) in entityOrder.enumerated() { newEntity[old] = EntityIndex(new) }
        var newRelation = [RelationIndex](repeating: 0, count: relationOrder.count)
        for (new, old) in relationOrder.enumerated() { newRelation[old] = RelationIndex(new) }
        let renumbered = triples.map { triple in
            var triple = triple
            triple.head = newEntity[Int(triple.head)]
            triple.relation = newRelation[Int(triple.relation)]
            triple.tail = newEntity[Int(triple.tail)]
            return triple
        }
        return KnowledgeGraph(
            validRelations: relationOrder.map { relations[$0] },
            entities: EntityList(entityOrder.map { entities[$0] }),
            triples: TripleList(renumbered.sorted { ($0.head, $0.relation, $0.tail) < ($1.head, $1.relation, $1.tail) })
        )
    }

    /// The same graph with indices in canonical order.
    var canonical: KnowledgeGraph {
        let ids = entities.indices.map { entities.ids[$0] }
        let isCanonical =
            zip(ids, ids.dropFirst()).allSatisfy(<)
            && zip(relations, relations.dropFirst()).allSatisfy { $0.name < $1.name }
            && triples.indices.dropFirst().allSatisfy { isBefore($0 - 1, $0) }
        return isCanonical
            ? self : Self.canonical(relations: relations, entities: Array(entities), triples: Array(triples))
    }

    private func isBefore(_ left: Int, _ right: Int) -> Bool {
        (triples.heads[left], triples.relations[left], triples.tails[left])
            < (triples.heads[right], triples.relations[right], triples.tails[right])
    }

    /// Writes the three canonical tables, which appear whole or not at all: where the disk is full, a graph that was there
    /// is still there.
    public func save(directory: String) throws(KnowledgeError) {
        let tables = GraphTables(relations: relations, entities: entities, triples: triples)
        do throws(StorageError) {
            try FileStore.createDirectory(directory)
            try FileStore.writeTogether([
                ("\(directory)/relations.tsv", tables.relations), ("\(directory)/entities.tsv", tables.entities),
                ("\(directory)/triples.tsv", tables.triples),
            ])
        } catch { throw .storage(error) }
    }

    /// Writes the graph in canonical order to one binary file, which appears whole or not at all.
    public func save(file path: String) throws(KnowledgeError) {
        let bytes = GraphFile.bytes(of: canonical)
        do throws(StorageError) { try FileStore.writeAtomically(bytes, to: path) } catch { throw .storage(error) }
    }

    /// Reads what `save(file:)` wrote. The file's hash and all invariants of a graph are checked; the digest is taken
    /// from the file, and ``hasRecordedDigest`` compares it with the content.
    public static func load(file path: String) throws(KnowledgeError) -> KnowledgeGraph {
        let bytes: [UInt8]
        do throws(StorageError) { bytes = try FileStore.read(path) } catch { throw .storage(error) }
        return try GraphFile(bytes: bytes, path: path).graph()
    }

    /// Whether `digest` is that of the content, computed anew.
    public var hasRecordedDigest: Bool {
        GraphTables(relations: relations, entities: entities, triples: triples).digest == digest
    }
}
