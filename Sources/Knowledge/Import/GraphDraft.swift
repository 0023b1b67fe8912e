import Primitives

/// Entities and facts as their sources give them: several entities may be the same thing, and facts may contradict
/// each other. `GraphMerger` makes a graph of it.
///
/// Invariants: ids are unique; texts are tidy (no control characters, no spaces at their ends or twice in a row).
public struct GraphDraft: Sendable {
    /// A fact by positions in the draft's lists.
    public struct Fact: Sendable, Hashable {
        public var head: EntityIndex
        public var relation: RelationIndex
        public var tail: EntityIndex
        var evidence: Int32
    }

    public private(set) var entities: [Entity] = []
    public private(set) var relations: [Relation] = []
    public private(set) var facts: [Fact] = []
    public var report = ImportReport()
    public private(set) var conflicts: [GraphConflict] = []
    /// Called with the number of records read, again and again.
    public var progress: (@Sendable (Int) -> Void)?
    /// What is known of relations by name.
    public let catalogue: RelationTable
    private var evidences: [Evidence] = []

    private var entityPositions: [String: EntityIndex] = [:]
    private var relationPositions: [String: RelationIndex] = [:]
    private var evidencePositions: [Evidence: Int32] = [:]
    private var namedPositions: [NamedEntity: EntityIndex] = [:]

    private struct NamedEntity: Hashable { let type: String, name: String }

    public init(relations catalogue: RelationTable = .builtIn) { self.catalogue = catalogue }

    public func evidence(of fact: Fact) -> Evidence { evidence(at: fact.evidence) }

    func evidence(at position: Int32) -> Evidence { evidences[Int(position)] }

    public func index(id: String) -> EntityIndex? { entityPositions[id] }

    // MARK: Entities

    /// Adds an entity, or what is new about one that has the same id. A second type is kept as a conflict.
    @discardableResult
    public mutating func add(_ entity: Entity) -> EntityIndex {
        guard let index = entityPositions[entity.id] else {
            let index = EntityIndex(entities.count)
            entityPositions[entity.id] = index
            let tidy = tidied(entity)
            entities.append(tidy)
            let key = NamedEntity(type: tidy.type, name: tidy.name)
            if namedPositions[key] == nil { namedPositions[key] = index }
            return index
        }
        enrich(Int(index), with: tidied(entity))
        return index
    }

    /// The entity of a source that has names but no ids; made on its first mention with an id of type and name.
    public mutating func entity(named name: String, type: String) -> EntityIndex {
        let name = TidyText.tidy(name)
        let key = NamedEntity(type: type, name: name)
        if let index = namedPositions[key] { return index }
        let slug = "\(type):\(NameKey.slug(name))"
        var id = slug
        var number = 1
        while entityPositions[id] != nil {
            number += 1
            id = "\(slug)-\(number)"
        }
        return add(Entity(id: id, name: name, type: type))
    }

    /// Adds names that are as good as an entity's own.
    public mutating func add(synonyms: [String], to index: EntityIndex) {
        var entity = entities[Int(index)]
        entity.synonyms = unique(entity.synonyms + synonyms.map(TidyText.tidyListItem), except: entity.name)
        entities[Int(index)] = entity
    }

    /// Assigns a specialty where none is assigned yet.
    mutating func setSpecialty(_ specialty: String, of index: EntityIndex) {
        if entities[Int(index)].specialty == nil { entities[Int(index)].specialty = TidyText.tidy(specialty) }
    }

    private func tidied(_ entity: Entity) -> Entity {
        var entity = entity
        entity.name = TidyText.tidy(entity.name)
        if entity.name.isEmpty { entity.name = entity.id }
        entity.synonyms = unique(entity.synonyms.map(TidyText.tidyListItem), except: entity.name)
        entity.crossReferences = unique(entity.crossReferences.map(TidyText.tidyListItem), except: entity.id)
        return entity
    }

    private func unique(_ texts: [String], except: String) -> [String] {
        guard !texts.isEmpty else { return texts }
        var seen: Set = [except, ""]
        return texts.filter { seen.insert($0).inserted }
    }

    private mutating func enrich(_ index: Int, with other: Entity) {
        var entity = entities[index]
        if other.type != entity.type {
            conflicts.append(
                GraphConflict(
                    .type, subject: entity.id, kept: [.init("\(entity.id) (\(entity.name)) is a \(entity.type)")],
                    leftOut: [.init("\(other.id) (\(other.name)) is a \(other.type)")]))
        }
        if entity.name == entity.id {
            entity.name = other.name
        } else if other.name != entity.name, other.name != other.id {
            entity.synonyms.append(TidyText.tidyListItem(other.name))
        }
        entity.synonyms = unique(entity.synonyms + other.synonyms, except: entity.name)
        entity.crossReferences = unique(entity.crossReferences + other.crossReferences, except: entity.id)
        entity.specialty = entity.specialty ?? other.specialty
        entities[index] = entity
    }

    // MARK: Relations and facts

    /// The position of a relation of the catalogue or of the draft.
    public func relation(named name: String) -> RelationIndex? { relationPositions[name] }

    /// Adds a relation; one of the same name keeps its laws and its wording and connects the types of both. One that the
    /// user's own table of relations has is as that says.
    @discardableResult
    public mutating func define(_ relation: Relation) -> RelationIndex {
        let isOwn = catalogue.isOwn(relation.name)
        guard let index = relationPositions[relation.name] else {
            let index = RelationIndex(relations.count)
            relationPositions[relation.name] = index
            relations.append(isOwn ? catalogue.relation(relation.name) ?? relation : relation)
            return index
        }
        if isOwn { return index }
        relations[Int(index)].domain += relation.domain.filter { !relations[Int(index)].domain.contains($0) }
        relations[Int(index)].range += relation.range.filter { !relations[Int(index)].range.contains($0) }
        return index
    }

    /// A relation that ``catalogue`` has.
    mutating func catalogued(_ name: String) -> RelationIndex {
        if let index = relationPositions[name] { return index }
        return define(catalogue.relation(name) ?? RelationCatalogue.placeholder(name, domain: [], range: []))
    }

    /// A relation by name that connects these types besides those that it is known to connect, except where the user's own
    /// table says what it connects.
    mutating func relation(_ name: String, from headType: String, to tailType: String) -> RelationIndex {
        let index = catalogued(name)
        if catalogue.isOwn(name) { return index }
        if !relations[Int(index)].domain.contains(headType) { relations[Int(index)].domain.append(headType) }
        if !relations[Int(index)].range.contains(tailType) { relations[Int(index)].range.append(tailType) }
        return index
    }

    public mutating func add(
        _ head: EntityIndex, _ relation: RelationIndex, _ tail: EntityIndex, evidence: Evidence
    ) {
        let position = evidencePositions[evidence] ?? Int32(evidences.count)
        if Int(position) == evidences.count {
            evidencePositions[evidence] = position
            evidences.append(evidence)
        }
        facts.append(Fact(head: head, relation: relation, tail: tail, evidence: position))
    }

    /// Counts a row, stanza or element that was read, also one that is left out afterwards.
    mutating func countRecord() {
        report.read()
        if report.records % Self.recordsBetweenReports == 0 { progress?(report.records) }
    }

    private static let recordsBetweenReports = 50_000

    mutating func record(_ conflict: GraphConflict) { conflicts.append(conflict) }

    /// Adds a graph with all its facts, whose entities then take part in the merging.
    public mutating func add(_ graph: KnowledgeGraph) {
        let relations = graph.relations.map { define($0) }
        let entities = graph.entities.map { add($0) }
        for triple in graph.triples {
            add(
                entities[Int(triple.head)], relations[Int(triple.relation)], entities[Int(triple.tail)],
                evidence: triple.mainEvidence)
            for evidence in triple.furtherEvidence {
                add(
                    entities[Int(triple.head)], relations[Int(triple.relation)], entities[Int(triple.tail)],
                    evidence: evidence)
            }
        }
    }
}
