/// Makes the names and synonyms of entities unique whatever their case, as a graph needs them to match answers.
enum NameDisambiguation {
    /// A name that several entities have stays with the one whose id comes from a vocabulary and is the smallest; the others
    /// get their type, or where that does not help their id, in parentheses. A synonym that is another entity's name or
    /// synonym is taken from all of them, because it would not tell which is meant.
    static func apply(to entities: inout [Entity], _ conflicts: inout [GraphConflict]) {
        var byName: [String: [Int]] = [:]
        for (index, entity) in entities.enumerated() { byName[entity.name.lowercased(), default: []].append(index) }
        var taken = Set(byName.keys)
        for (_, indices) in byName.sorted(by: { $0.key < $1.key }) where indices.count > 1 {
            let ranked = indices.sorted { rank(entities[$0]) < rank(entities[$1]) }
            let kept = entities[ranked[0]]
            for index in ranked.dropFirst() {
                let old = entities[index]
                let name = ["\(old.name) (\(old.type))", "\(old.name) (\(old.id))"].first {
                    !taken.contains($0.lowercased())
                }
                entities[index].name = name ?? old.id
                taken.insert(entities[index].name.lowercased())
                conflicts.append(
                    GraphConflict(
                        .name, subject: "the name “\(old.name)”", kept: [.init("\(kept.id), a \(kept.type)")],
                        leftOut: [.init("\(old.id), a \(old.type), now called “\(entities[index].name)”")]))
            }
        }
        removeSharedSynonyms(of: &entities, names: taken, &conflicts)
    }

    private static func removeSharedSynonyms(
        of entities: inout [Entity], names: Set<String>, _ conflicts: inout [GraphConflict]
    ) {
        var owners: [String: [Int]] = [:]
        for (index, entity) in entities.enumerated() {
            for synonym in Set(entity.synonyms.map { $0.lowercased() }) { owners[synonym, default: []].append(index) }
        }
        var dropped: Set<String> = []
        for (synonym, indices) in owners.sorted(by: { $0.key < $1.key }) {
            let isName = names.contains(synonym)
            guard isName || indices.count > 1 else { continue }
            dropped.insert(synonym)
            let others = indices.filter { entities[$0].name.lowercased() != synonym }
            guard !others.isEmpty else { continue }
            conflicts.append(
                GraphConflict(
                    .synonym, subject: "“\(synonym)”" + (isName ? ", the name of another entity" : ""),
                    leftOut: others.sorted { entities[$0].id < entities[$1].id }.map {
                        .init("a synonym of \(entities[$0].id) (\(entities[$0].name))")
                    }))
        }
        for index in entities.indices {
            var seen: Set<String> = []
            entities[index].synonyms.removeAll { synonym in
                let folded = synonym.lowercased()
                return dropped.contains(folded) || !seen.insert(folded).inserted
            }
        }
    }

    private static func rank(_ entity: Entity) -> (Int, String) { (entity.vocabulary == nil ? 1 : 0, entity.id) }
}
