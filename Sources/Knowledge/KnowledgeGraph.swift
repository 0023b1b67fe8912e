import Storage

/// Entities and the facts between them, validated, immutable and indexed for walking in both directions.
///
/// Invariants: ids are unique; names and synonyms are unique whatever their case; every triple fits its relation's
/// domain and range; no triple occurs twice; functional and acyclic relations are so.
public struct KnowledgeGraph: Sendable, CustomStringConvertible {
    public let relations: [Relation]
    public let entities: [Entity]
    public let triples: [Triple]
    /// SHA-256 in hexadecimal over the canonical `relations.tsv`, `entities.tsv` and `triples.tsv`, one after the other:
    /// what `cat relations.tsv entities.tsv triples.tsv | sha256sum` prints for a graph written by `save`.
    public let digest: String

    /// Edge `e` of entity `i`, for `e` in `edgeOffsets[i]..<edgeOffsets[i + 1]`, leads by the step of code `edgeSteps[e]`
    /// to `edgeTargets[e]`; edges of an entity are sorted by step and target.
    private let edgeOffsets: [Int32]
    private let edgeSteps: [Int32]
    private let edgeTargets: [EntityIndex]
    private let indexByID: [String: EntityIndex]
    private let indexByName: [String: EntityIndex]

    /// Builds a graph whose indices are the positions in the given arrays.
    /// - Throws: the first violated invariant, naming the array position and column.
    public init(relations: [Relation], entities: [Entity], triples: [Triple]) throws(KnowledgeError) {
        try GraphValidator(relations: relations, entities: entities, triples: triples) { table, row in
            "\(table.rawValue)[\(row)]"
        }.validate()
        self.init(validRelations: relations, entities: entities, triples: triples)
    }

    /// - Precondition: `GraphValidator` accepts the arguments.
    init(validRelations relations: [Relation], entities: [Entity], triples: [Triple]) {
        self.relations = relations
        self.entities = entities
        self.triples = triples
        let tables = GraphTables(relations: relations, entities: entities, triples: triples)
        var hash = SHA256()
        for bytes in [tables.relations, tables.entities, tables.triples] { hash.update(bytes) }
        digest = hash.hexadecimal()

        var offsets = [Int32](repeating: 0, count: entities.count + 1)
        for triple in triples {
            offsets[Int(triple.head) + 1] += 1
            offsets[Int(triple.tail) + 1] += 1
        }
        for index in 0..<entities.count { offsets[index + 1] += offsets[index] }
        var cursors = offsets
        var edges = [(step: Int32, target: EntityIndex)](repeating: (0, 0), count: triples.count * 2)
        func insert(from source: EntityIndex, by step: Step, to target: EntityIndex) {
            edges[Int(cursors[Int(source)])] = (step.code, target)
            cursors[Int(source)] += 1
        }
        for triple in triples {
            insert(from: triple.head, by: Step(relation: triple.relation), to: triple.tail)
            insert(from: triple.tail, by: Step(relation: triple.relation, isInverse: true), to: triple.head)
        }
        for index in 0..<entities.count {
            edges[Int(offsets[index])..<Int(offsets[index + 1])].sort {
                ($0.step, $0.target) < ($1.step, $1.target)
            }
        }
        edgeOffsets = offsets
        edgeSteps = edges.map(\.step)
        edgeTargets = edges.map(\.target)

        var byID: [String: EntityIndex] = [:]
        var byName: [String: EntityIndex] = [:]
        for (index, entity) in entities.enumerated() {
            byID[entity.id] = EntityIndex(index)
            for name in [entity.name] + entity.synonyms { byName[name.lowercased()] = EntityIndex(index) }
        }
        indexByID = byID
        indexByName = byName
    }

    public var description: String {
        "graph \(digest.prefix(12)) of \(triples.count) facts about \(entities.count) entities"
    }

    public func entity(_ index: EntityIndex) -> Entity { entities[Int(index)] }

    public func relation(_ step: Step) -> Relation { relations[Int(step.relation)] }

    public func index(id: String) -> EntityIndex? { indexByID[id] }

    /// The entity that has this name or synonym, whatever the case.
    public func index(name: String) -> EntityIndex? { indexByName[name.lowercased()] }

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
        Array(edgeTargets[edges(of: entity, by: step)])
    }

    /// The steps that lead somewhere from an entity, ascending.
    public func steps(from entity: EntityIndex) -> [Step] {
        var steps: [Step] = []
        for edge in edges(of: entity) where steps.last?.code != edgeSteps[edge] {
            steps.append(Step(code: edgeSteps[edge]))
        }
        return steps
    }

    /// Every neighbour of an entity by any step; one that several steps reach occurs several times.
    func neighbours(of entity: EntityIndex) -> ArraySlice<EntityIndex> { edgeTargets[edges(of: entity)] }

    private func edges(of entity: EntityIndex) -> Range<Int> {
        Int(edgeOffsets[Int(entity)])..<Int(edgeOffsets[Int(entity) + 1])
    }

    private func edges(of entity: EntityIndex, by step: Step) -> Range<Int> {
        let range = edges(of: entity)
        let start = lowerBound(of: step.code, in: range)
        return start..<lowerBound(of: step.code + 1, in: start..<range.upperBound)
    }

    /// The first edge in `range` whose step code is not below `code`.
    private func lowerBound(of code: Int32, in range: Range<Int>) -> Int {
        var (low, high) = (range.lowerBound, range.upperBound)
        while low < high {
            let middle = (low + high) / 2
            if edgeSteps[middle] < code { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
