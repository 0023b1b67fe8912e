/// Checks every law that a graph obeys on columns that were read from a file, without values for each element.
struct GraphColumns {
    let path: String
    let relations: [Relation]

    func entities(
        ids: TextPool, names: TextPool, nameOffsets: [Int32], crossReferences: TextPool,
        crossReferenceOffsets: [Int32], types: TextPool, typeNumbers: [Int32], specialties: TextPool,
        specialtyNumbers: [Int32], frequencies: [Double]
    ) throws(KnowledgeError) -> EntityList {
        let count = ids.count
        try check(offsets: nameOffsets, count: count, end: names.count, least: 1, "names")
        try check(
            offsets: crossReferenceOffsets, count: count, end: crossReferences.count, least: 0, "cross-references")
        try check(numbers: typeNumbers, count: count, below: types.count, least: 0, "types")
        try check(numbers: specialtyNumbers, count: count, below: specialties.count, least: -1, "specialties")
        guard frequencies.isEmpty || frequencies.count == count,
            frequencies.allSatisfy({ $0.isNaN || (0...1).contains($0) })
        else { throw damaged("the entities' frequencies are not numbers from 0 to 1") }
        var duplicate: EntityList.Duplicate?
        let entities = EntityList(
            ids: ids, names: names, nameOffsets: nameOffsets, crossReferences: crossReferences,
            crossReferenceOffsets: crossReferenceOffsets, types: types, typeNumbers: typeNumbers,
            specialties: specialties, specialtyNumbers: specialtyNumbers, frequencies: frequencies,
            duplicate: &duplicate)
        if let duplicate {
            throw damaged("two entities have the \(duplicate.isName ? "name" : "id") “\(duplicate.text)”")
        }
        return entities
    }

    func graph(entities: EntityList, triples: TripleList, digest: String) throws(KnowledgeError) -> KnowledgeGraph {
        let count = triples.count
        try check(numbers: triples.heads, count: count, below: entities.count, least: 0, "heads")
        try check(numbers: triples.tails, count: count, below: entities.count, least: 0, "tails")
        try check(numbers: triples.relations, count: count, below: relations.count, least: 0, "relations")
        let statements = triples.provenanceNumbers.count
        if triples.evidenceOffsets.isEmpty {
            guard statements == count else { throw damaged("\(count) facts have \(statements) statements") }
        } else {
            try check(offsets: triples.evidenceOffsets, count: count, end: statements, least: 1, "statements")
        }
        try check(
            numbers: triples.provenanceNumbers, count: statements, below: triples.provenances.count / 2, least: 0,
            "sources")
        if !triples.documentNumbers.isEmpty {
            try check(
                numbers: triples.documentNumbers, count: statements, below: triples.documents.count, least: -1,
                "documents")
        }
        try checkSpans(of: triples, statements: statements)
        try checkFacts(triples, entities: entities)
        let graph = KnowledgeGraph(validRelations: relations, entities: entities, triples: triples, digest: digest)
        for (number, relation) in relations.enumerated() where relation.isAcyclic {
            try checkAcyclic(Step(relation: RelationIndex(number)), in: graph.adjacency)
        }
        return graph
    }

    private func damaged(_ problem: String) -> KnowledgeError { .damagedFile(path: path, problem: problem) }

    private func check(
        offsets: [Int32], count: Int, end: Int, least: Int32, _ what: String
    ) throws(KnowledgeError) {
        guard offsets.count == count + 1, offsets.first == 0, offsets.last.map(Int.init) == end,
            offsets.indices.dropFirst().allSatisfy({ offsets[$0] >= offsets[$0 - 1] &+ least && offsets[$0] >= 0 })
        else { throw damaged("the \(what) are not divided among their \(count) owners") }
    }

    private func check(
        numbers: [Int32], count: Int, below limit: Int, least: Int32, _ what: String
    ) throws(KnowledgeError) {
        guard numbers.count == count, numbers.allSatisfy({ $0 >= least && Int($0) < limit }) else {
            throw damaged("the \(what) of \(count) are not all numbers from \(least) to \(limit - 1)")
        }
    }

    private func checkSpans(of triples: TripleList, statements: Int) throws(KnowledgeError) {
        let spans = triples.spans
        guard !spans.isEmpty else { return }
        let isValid =
            spans.count == 2 * statements && triples.documentNumbers.count == statements
            && (0..<statements).allSatisfy { statement in
                let (begin, end) = (spans[2 * statement], spans[2 * statement + 1])
                return (begin == -1 && end == -1)
                    || (begin >= 0 && begin < end && triples.documentNumbers[statement] >= 0)
            }
        guard isValid else { throw damaged("the spans are not bytes of documents") }
    }

    /// Order and therefore uniqueness, types, and functional relations.
    private func checkFacts(_ triples: TripleList, entities: EntityList) throws(KnowledgeError) {
        let typeNames = (0..<entities.types.count).map { entities.types[$0] }
        let domains = relations.map { relation in typeNames.map(relation.domain.contains) }
        let ranges = relations.map { relation in typeNames.map(relation.range.contains) }
        let isFunctional = relations.map(\.isFunctional)
        let (heads, kinds, tails) = (triples.heads, triples.relations, triples.tails)
        for fact in heads.indices {
            let kind = Int(kinds[fact])
            guard domains[kind][Int(entities.typeNumbers[Int(heads[fact])])],
                ranges[kind][Int(entities.typeNumbers[Int(tails[fact])])]
            else {
                throw damaged(
                    "fact \(fact) connects \(entities.ids[Int(heads[fact])]) and \(entities.ids[Int(tails[fact])]), "
                        + "whose types \(relations[kind].name) does not allow")
            }
            guard fact > 0, heads[fact - 1] == heads[fact] else {
                if fact > 0, heads[fact - 1] > heads[fact] { throw damaged("fact \(fact) is out of order") }
                continue
            }
            guard (kinds[fact - 1], tails[fact - 1]) < (kinds[fact], tails[fact]) else {
                throw damaged("fact \(fact) is out of order")
            }
            if isFunctional[kind], kinds[fact - 1] == kinds[fact] {
                throw damaged(
                    "\(entities.ids[Int(heads[fact])]) has several values of \(relations[kind].name), expected one")
            }
        }
    }

    /// Removes entities that nothing points to until none is left; what stays behind lies on a cycle or after one.
    private func checkAcyclic(_ step: Step, in adjacency: Adjacency) throws(KnowledgeError) {
        var open = [Int32](repeating: 0, count: adjacency.entityCount)
        var left = 0
        for entity in open.indices {
            open[entity] = Int32(adjacency.edges(of: EntityIndex(entity), by: step.reversed).count)
            if open[entity] > 0 { left += 1 }
        }
        var free = open.indices.filter { open[$0] == 0 }
        while let entity = free.popLast() {
            for target in adjacency.neighbours(of: EntityIndex(entity), by: step) {
                open[Int(target)] -= 1
                if open[Int(target)] == 0 {
                    left -= 1
                    free.append(Int(target))
                }
            }
        }
        guard left == 0 else {
            throw damaged("facts of \(relations[Int(step.relation)].name) form a cycle, expected none")
        }
    }
}
