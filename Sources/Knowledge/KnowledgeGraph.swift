/// Entities and the facts between them, validated, immutable and indexed for walking in both directions.
///
/// Invariants: ids are unique; names and synonyms are unique whatever their case; every triple fits its relation's
/// domain and range; no triple occurs twice; functional and acyclic relations are so; a relation is inherited only along
/// a transitive one that is not inherited itself.
public struct KnowledgeGraph: Sendable, CustomStringConvertible {
    public let relations: [Relation]
    public let entities: EntityList
    public let triples: TripleList
    /// SHA-256 in hexadecimal over the canonical `relations.tsv`, `entities.tsv` and `triples.tsv`, one after the other:
    /// what `cat relations.tsv entities.tsv triples.tsv | sha256sum` prints for a graph written by `save`.
    public let digest: String
    let adjacency: Adjacency

    /// Builds a graph whose indices are the positions in the given arrays.
    /// - Throws: the first violated invariant, naming the array position and column.
    public init(relations: [Relation], entities: [Entity], triples: [Triple]) throws(KnowledgeError) {
        try GraphValidator(relations: relations, entities: entities, triples: triples) { table, row in
            "\(table.rawValue)[\(row)]"
        }.validate()
        self.init(validRelations: relations, entities: EntityList(entities), triples: TripleList(triples))
    }

    /// - Precondition: `GraphValidator` accepts the arguments.
    /// - Parameter digest: the digest where it is known, so that it need not be computed.
    init(validRelations relations: [Relation], entities: EntityList, triples: TripleList, digest: String? = nil) {
        self.relations = relations
        self.entities = entities
        self.triples = triples
        self.digest = digest ?? GraphTables(relations: relations, entities: entities, triples: triples).digest
        adjacency = Adjacency(
            entityCount: entities.count, heads: triples.heads, relations: triples.relations, tails: triples.tails)
    }

    public var description: String {
        "graph \(digest.prefix(12)) of \(triples.count) facts about \(entities.count) entities"
    }

    public func entity(_ index: EntityIndex) -> Entity { entities[Int(index)] }

    public func name(of index: EntityIndex) -> String { entities.name(Int(index)) }

    public func id(of index: EntityIndex) -> String { entities.ids[Int(index)] }

    public func relation(_ step: Step) -> Relation { relations[Int(step.relation)] }

    public func index(id: String) -> EntityIndex? { entities.index(id: id) }

    /// The entity that has this name or synonym, whatever the case.
    public func index(name: String) -> EntityIndex? { entities.index(name: name) }

    public func relationIndex(name: String) -> RelationIndex? {
        relations.firstIndex { $0.name == name }.map(RelationIndex.init)
    }

    /// The wording of a step's direction.
    public func phrases(_ step: Step) -> RelationPhrases { relation(step).phrases(inverse: step.isInverse) }

    /// A step as text: the relation's name, with `^` in front for the inverse direction.
    public func name(of step: Step) -> String { (step.isInverse ? "^" : "") + relation(step).name }

    /// Reads what `name(of:)` writes.
    public func step(named name: String) -> Step? {
        let isInverse = name.hasPrefix("^")
        return relationIndex(name: isInverse ? String(name.dropFirst()) : name).map {
            Step(relation: $0, isInverse: isInverse)
        }
    }

    /// Both directions of every relation, in order.
    public var allSteps: [Step] {
        relations.indices.flatMap { [Step(relation: RelationIndex($0)), Step(relation: RelationIndex($0)).reversed] }
    }

    /// What a step reaches from an entity, ascending. O(log degree + result).
    public func neighbours(of entity: EntityIndex, by step: Step) -> [EntityIndex] {
        Array(adjacency.neighbours(of: entity, by: step))
    }

    /// The steps that lead somewhere from an entity, ascending.
    public func steps(from entity: EntityIndex) -> [Step] { adjacency.steps(from: entity) }
}
