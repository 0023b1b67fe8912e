/// The facts of a draft about merged entities: each once with all its evidence, without those that break a law.
struct FactMerging {
    private struct Key: Hashable, Comparable {
        let head: EntityIndex, relation: RelationIndex, tail: EntityIndex

        static func < (left: Key, right: Key) -> Bool {
            (left.head, left.relation, left.tail) < (right.head, right.relation, right.tail)
        }
    }

    private let entities: [Entity]
    private let relations: [Relation]
    private var triples: [Triple] = []
    private(set) var conflicts: [GraphConflict] = []
    /// Statements of a fact by a source that states it already.
    private(set) var repeated = 0

    /// - Parameters:
    ///   - entities: the merged ones, by id.
    ///   - entityPosition: where an entity of the draft is among them; `relationPosition` likewise.
    init(
        _ draft: GraphDraft, entities: [Entity], relations: [Relation], entityPosition: (EntityIndex) -> EntityIndex,
        relationPosition: (RelationIndex) -> RelationIndex
    ) {
        self.entities = entities
        self.relations = relations
        var statements: [(key: Key, evidence: Int32)] = []
        statements.reserveCapacity(draft.facts.count)
        for fact in draft.facts {
            let (head, tail) = (entityPosition(fact.head), entityPosition(fact.tail))
            let relation = relationPosition(fact.relation)
            statements.append((Key(head: head, relation: relation, tail: tail), fact.evidence))
            if RelationCatalogue.symmetric.contains(relations[Int(relation)].name), head != tail {
                statements.append((Key(head: tail, relation: relation, tail: head), fact.evidence))
            }
        }
        statements.sort { ($0.key, $0.evidence) < ($1.key, $1.evidence) }
        var start = 0
        while start < statements.count {
            let key = statements[start].key
            var end = start
            var evidence: [Evidence] = []
            var last: Int32 = -1
            while end < statements.count, statements[end].key == key {
                if statements[end].evidence != last { evidence.append(draft.evidence(at: statements[end].evidence)) }
                last = statements[end].evidence
                end += 1
            }
            repeated += end - start - evidence.count
            if evidence.count > 1 { evidence.sort { $0.sortKey.lexicographicallyPrecedes($1.sortKey) } }
            triples.append(
                Triple(
                    head: key.head, relation: key.relation, tail: key.tail, evidence: evidence[0],
                    furtherEvidence: Array(evidence.dropFirst())))
            start = end
        }
    }

    /// The facts that can stand together, by head, relation and tail.
    mutating func merged() -> [Triple] {
        removeWrongTypes()
        removeSecondValues()
        for relation in relations.indices where relations[relation].isAcyclic {
            removeCycles(of: RelationIndex(relation))
        }
        return triples
    }

    private func claim(_ triple: Triple) -> GraphConflict.Claim {
        let (head, tail) = (entities[Int(triple.head)], entities[Int(triple.tail)])
        return .init(
            "\(head.id) (\(head.name)) \(relations[Int(triple.relation)].name) \(tail.id) (\(tail.name))",
            evidence: triple.evidence)
    }

    private mutating func removeWrongTypes() {
        let domains = relations.map { Set($0.domain) }
        let ranges = relations.map { Set($0.range) }
        var kept: [Triple] = []
        kept.reserveCapacity(triples.count)
        for triple in triples {
            let relation = relations[Int(triple.relation)]
            let (head, tail) = (entities[Int(triple.head)], entities[Int(triple.tail)])
            if triple.head == triple.tail {
                conflicts.append(GraphConflict(.selfReference, subject: head.id, leftOut: [claim(triple)]))
            } else if domains[Int(triple.relation)].contains(head.type),
                ranges[Int(triple.relation)].contains(tail.type)
            {
                kept.append(triple)
            } else {
                let known = "\(relation.domain.joined(separator: "|")) to \(relation.range.joined(separator: "|"))"
                conflicts.append(
                    GraphConflict(
                        .type, subject: "\(relation.name) connects \(known), not \(head.type) to \(tail.type)",
                        leftOut: [claim(triple)]))
            }
        }
        triples = kept
    }

    /// Of several tails of a functional relation, the one with the most statements stays; the smallest id among equals.
    private mutating func removeSecondValues() {
        var kept: [Triple] = []
        kept.reserveCapacity(triples.count)
        var start = 0
        while start < triples.count {
            let first = triples[start]
            var end = start + 1
            while end < triples.count, triples[end].head == first.head, triples[end].relation == first.relation {
                end += 1
            }
            if end - start > 1, relations[Int(first.relation)].isFunctional {
                let rivals = triples[start..<end]
                let most = rivals.map { $0.furtherEvidence.count }.max() ?? 0
                let winner = rivals.first { $0.furtherEvidence.count == most } ?? first
                kept.append(winner)
                conflicts.append(
                    GraphConflict(
                        .functional,
                        subject: "\(entities[Int(first.head)].id) \(relations[Int(first.relation)].name)",
                        kept: [claim(winner)], leftOut: rivals.filter { $0.tail != winner.tail }.map(claim)))
            } else {
                kept += triples[start..<end]
            }
            start = end
        }
        triples = kept
    }

    /// Takes out the facts that close a cycle of a depth-first search in the order of the facts.
    private mutating func removeCycles(of relation: RelationIndex) {
        var rows: [EntityIndex: [Int]] = [:]
        for (row, triple) in triples.enumerated() where triple.relation == relation {
            rows[triple.head, default: []].append(row)
        }
        enum Mark { case open, done }
        var marks: [EntityIndex: Mark] = [:]
        var removed: Set<Int> = []
        for start in rows.keys.sorted() where marks[start] == nil {
            var path: [(entity: EntityIndex, next: Int)] = [(start, 0)]
            marks[start] = .open
            while let last = path.last {
                let own = rows[last.entity] ?? []
                guard last.next < own.count else {
                    marks[last.entity] = .done
                    path.removeLast()
                    continue
                }
                path[path.count - 1].next += 1
                let row = own[last.next]
                let tail = triples[row].tail
                switch marks[tail] {
                case .done: continue
                case nil:
                    marks[tail] = .open
                    path.append((tail, 0))
                case .open:
                    removed.insert(row)
                    let cycle = path.drop { $0.entity != tail }.dropLast()
                    let others = cycle.compactMap { step in
                        rows[step.entity].map { claim(triples[$0[step.next - 1]]) }
                    }
                    conflicts.append(
                        GraphConflict(
                            .cycle, subject: relations[Int(relation)].name, kept: others, leftOut: [claim(triples[row])]
                        ))
                }
            }
        }
        guard !removed.isEmpty else { return }
        triples = triples.enumerated().filter { !removed.contains($0.offset) }.map(\.element)
    }
}
