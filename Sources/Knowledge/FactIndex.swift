/// The facts that queries are executed on: those that a graph asserts, or those with all that they entail.
public struct FactIndex: Sendable {
    public let graph: KnowledgeGraph
    public let entailment: Certificate.Entailment
    let adjacency: Adjacency

    public var count: Int { adjacency.factCount }

    /// What a step reaches from an entity, ascending.
    public func neighbours(of entity: EntityIndex, by step: Step) -> [EntityIndex] {
        Array(adjacency.neighbours(of: entity, by: step))
    }

    /// The steps that lead somewhere from an entity, ascending.
    public func steps(from entity: EntityIndex) -> [Step] { adjacency.steps(from: entity) }

    /// The candidates after each step, ascending; the last set answers the query. Stops early, with fewer sets than
    /// steps, after a set that is empty.
    public func answers(_ query: ChainQuery) -> [[EntityIndex]] {
        var sets: [[EntityIndex]] = []
        var current = [query.anchor]
        for step in query.steps {
            current = adjacency.neighbours(ofAll: current, by: step)
            sets.append(current)
            if current.isEmpty { break }
        }
        return sets
    }

    /// The entities that meet every constraint, ascending.
    public func answers(_ query: ConjunctiveQuery) -> [EntityIndex] {
        Self.intersection(query.constraints.map { answers(of: $0) })
    }

    /// The number of facts on a shortest path that ignores the facts' direction; `nil` when it is longer than the limit.
    public func distance(from start: EntityIndex, to end: EntityIndex, atMost limit: Int) -> Int? {
        adjacency.distance(from: start, to: end, atMost: limit)
    }

    /// The answers of one constraint; empty where a step leads nowhere.
    func answers(of query: ChainQuery) -> [EntityIndex] {
        let sets = answers(query)
        return sets.count == query.steps.count ? sets.last ?? [] : []
    }

    /// The members of every ascending list; of no list, nothing.
    static func intersection(_ sets: [[EntityIndex]]) -> [EntityIndex] {
        let sets = sets.sorted { $0.count < $1.count }
        guard var common = sets.first else { return [] }
        for set in sets.dropFirst() where !common.isEmpty { common = common.filter { contains(set, $0) } }
        return common
    }

    private static func contains(_ set: [EntityIndex], _ entity: EntityIndex) -> Bool {
        var (low, high) = (0, set.count)
        while low < high {
            let middle = (low + high) / 2
            if set[middle] < entity { low = middle + 1 } else { high = middle }
        }
        return low < set.count && set[low] == entity
    }

    /// A path along the query's steps that ends at `answer`, a member of the last candidate set; at each step back the
    /// smallest candidate that fits. A path that is as long as the distance of its ends visits no entity twice.
    func witness(_ query: ChainQuery, candidates: [[EntityIndex]], answer: EntityIndex) -> [EntityIndex] {
        var path = [answer]
        for index in query.steps.indices.reversed() {
            let before = index == 0 ? [query.anchor] : candidates[index - 1]
            let sources = adjacency.neighbours(of: path[path.count - 1], by: query.steps[index].reversed)
            let known = Array(sources)
            path += before.filter { Self.contains(known, $0) }.prefix(1)
        }
        return path.reversed()
    }

    /// How many walks along the query's steps lead from the anchor to `answer`, counted up to `limit`.
    func walkCount(_ query: ChainQuery, candidates: [[EntityIndex]], answer: EntityIndex, limit: Int) -> Int {
        var counts: [EntityIndex: Int] = [answer: 1]
        for index in query.steps.indices.reversed() {
            let before = index == 0 ? [query.anchor] : candidates[index - 1]
            var next: [EntityIndex: Int] = [:]
            for (entity, count) in counts {
                for source in adjacency.neighbours(of: entity, by: query.steps[index].reversed)
                where Self.contains(before, source) {
                    next[source] = min(limit, (next[source] ?? 0) + count)
                }
            }
            counts = next
        }
        return counts[query.anchor] ?? 0
    }
}
