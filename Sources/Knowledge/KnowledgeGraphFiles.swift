import Storage

extension KnowledgeGraph {
    /// Reads a graph directory. Indices follow the canonical order, so they do not depend on the order of the lines.
    /// - Throws: the first thing that is wrong, with file, line and column.
    public static func load(directory: String) throws(KnowledgeError) -> KnowledgeGraph {
        let loader = try GraphLoader(directory: directory)
        let entityOrder = loader.entities.indices.sorted { loader.entities[$0].id < loader.entities[$1].id }
        let relationOrder = loader.relations.indices.sorted { loader.relations[$0].name < loader.relations[$1].name }
        var newEntity = [EntityIndex](repeating: 0, count: entityOrder.count)
        for (new, old) in entityOrder.enumerated() { newEntity[old] = EntityIndex(new) }
        var newRelation = [RelationIndex](repeating: 0, count: relationOrder.count)
        for (new, old) in relationOrder.enumerated() { newRelation[old] = RelationIndex(new) }
        let triples = loader.triples.map { triple in
            var triple = triple
            triple.head = newEntity[Int(triple.head)]
            triple.relation = newRelation[Int(triple.relation)]
            triple.tail = newEntity[Int(triple.tail)]
            return triple
        }
        return KnowledgeGraph(
            validRelations: relationOrder.map { loader.relations[$0] },
            entities: entityOrder.map { loader.entities[$0] },
            triples: triples.sorted { ($0.head, $0.relation, $0.tail) < ($1.head, $1.relation, $1.tail) })
    }

    /// Writes the three canonical tables; each file appears whole or not at all.
    public func save(directory: String) throws(KnowledgeError) {
        let tables = GraphTables(relations: relations, entities: entities, triples: triples)
        do throws(StorageError) {
            try FileStore.createDirectory(directory)
            try FileStore.writeAtomically(tables.relations, to: "\(directory)/relations.tsv")
            try FileStore.writeAtomically(tables.entities, to: "\(directory)/entities.tsv")
            try FileStore.writeAtomically(tables.triples, to: "\(directory)/triples.tsv")
        } catch { throw .storage(error) }
    }
}
