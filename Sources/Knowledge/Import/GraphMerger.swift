/// Makes a graph of a draft: entities that are the same become one, facts that contradict the schema or each other are
/// taken out with their evidence, and names are made unique.
///
/// The graph is a function of the draft's entities and facts as sets: their order plays no part.
public struct GraphMerger: Sendable {
    public struct Settings: Sendable {
        /// Vocabularies whose codes stand for groups of things, so that a shared code does not mean the same thing.
        public var ignoredVocabularies: Set<String> = [
            "ICD9", "ICD9CM", "ICD10", "ICD10CM", "ICD11", "ICDO", "MEDDRA", "MedDRA", "SNOMEDCT_US", "KEGG", "EFO",
        ]
        /// Whose id and name a merged entity gets, best first; other vocabularies follow by name.
        public var vocabularyOrder = [
            "DOID", "MONDO", "ORDO", "NCBIGene", "HGNC", "DRUGBANK", "HP", "UBERON", "CL", "GO", "CHEBI", "MESH",
        ]

        public init() {}
    }

    /// A graph, and what became of the draft.
    public struct Outcome: Sendable {
        public var graph: KnowledgeGraph
        public var conflicts: [GraphConflict]
        /// Entities of the draft that became part of another one.
        public var mergedEntities: Int
        /// Facts of the draft that were stated already.
        public var repeatedFacts: Int
    }

    public var settings: Settings

    public init(settings: Settings = Settings()) { self.settings = settings }

    public func merge(_ draft: GraphDraft) throws(KnowledgeError) -> Outcome {
        let clusters = EntityClusters(draft.entities, settings: settings)
        var conflicts = draft.conflicts + clusters.conflicts
        var positions = [Int32](repeating: 0, count: draft.entities.count)
        var entities: [Entity] = []
        for group in clusters.groups {
            for member in group { positions[member] = Int32(entities.count) }
            entities.append(combined(group.map { draft.entities[$0] }, &conflicts))
        }
        NameDisambiguation.apply(to: &entities, &conflicts)
        let ranks = sorted(&entities)
        let relations = RelationSelection(draft)
        var facts = FactMerging(
            draft, entities: entities, relations: relations.relations,
            entityPosition: { ranks[Int(positions[Int($0)])] }, relationPosition: { relations.positions[Int($0)] })
        let triples = facts.merged()
        let graph = try KnowledgeGraph(relations: relations.relations, entities: entities, triples: triples)
        return Outcome(
            graph: graph, conflicts: conflicts + facts.conflicts,
            mergedEntities: draft.entities.count - entities.count, repeatedFacts: facts.repeated)
    }

    /// Sorts entities by id.
    /// - Returns: the new position of each old one.
    private func sorted(_ entities: inout [Entity]) -> [EntityIndex] {
        let order = entities.indices.sorted { entities[$0].id < entities[$1].id }
        var ranks = [EntityIndex](repeating: 0, count: order.count)
        for (rank, index) in order.enumerated() { ranks[index] = EntityIndex(rank) }
        entities = order.map { entities[$0] }
        return ranks
    }

    /// One entity of all that the members say; the best known vocabulary gives id and name.
    private func combined(_ members: [Entity], _ conflicts: inout [GraphConflict]) -> Entity {
        let ranked = members.sorted { rank($0) < rank($1) }
        var entity = ranked[0]
        var synonyms: [String] = []
        var references: [String] = []
        var seen: Set = [entity.name.lowercased()]
        for member in ranked {
            for name in (member.hasName ? [member.name] : []) + member.synonyms
            where seen.insert(name.lowercased()).inserted {
                synonyms.append(TidyText.tidyListItem(name))
            }
            for reference in (member.vocabulary == nil ? [] : [member.id]) + member.crossReferences
            where reference != entity.id && !references.contains(reference) {
                references.append(reference)
            }
        }
        entity.synonyms = synonyms
        entity.crossReferences = references
        let specialties = ranked.compactMap(\.specialty)
        entity.specialty = specialties.first
        let others = Set(specialties).subtracting(specialties.prefix(1)).sorted()
        if !others.isEmpty {
            conflicts.append(
                GraphConflict(
                    .specialty, subject: "\(entity.id) (\(entity.name))", kept: [.init(specialties[0])],
                    leftOut: others.map { .init($0) }))
        }
        return entity
    }

    private func rank(_ entity: Entity) -> (Int, Int, String) {
        guard let vocabulary = entity.vocabulary else { return (entity.hasName ? 0 : 1, .max, entity.id) }
        let place = settings.vocabularyOrder.firstIndex(of: vocabulary) ?? settings.vocabularyOrder.count
        return (entity.hasName ? 0 : 1, place, entity.id)
    }
}

/// The relations of a draft that have facts, by name.
private struct RelationSelection {
    let relations: [Relation]
    /// The new position of each relation of the draft; those without facts have none.
    let positions: [RelationIndex]

    init(_ draft: GraphDraft) {
        var isUsed = [Bool](repeating: false, count: draft.relations.count)
        for fact in draft.facts { isUsed[Int(fact.relation)] = true }
        let order = draft.relations.indices.filter { isUsed[$0] }.sorted {
            draft.relations[$0].name < draft.relations[$1].name
        }
        var positions = [RelationIndex](repeating: -1, count: draft.relations.count)
        for (rank, index) in order.enumerated() { positions[index] = RelationIndex(rank) }
        let names = Set(order.map { draft.relations[$0].name })
        relations = order.map { index in
            var relation = draft.relations[index]
            // Without a hierarchy there is nothing to inherit along.
            if let hierarchy = relation.inheritedAlong, !names.contains(hierarchy) { relation.inheritedAlong = nil }
            return relation
        }
        self.positions = positions
    }
}
