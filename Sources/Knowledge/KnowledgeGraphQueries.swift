extension KnowledgeGraph {
    /// Everything that a step reaches from a set of entities, ascending and without repetition.
    public func neighbours(ofAll entities: [EntityIndex], by step: Step) -> [EntityIndex] {
        if entities.count == 1 { return neighbours(of: entities[0], by: step) }
        var reached = entities.flatMap { neighbours(of: $0, by: step) }
        reached.sort()
        var unique: [EntityIndex] = []
        for entity in reached where unique.last != entity { unique.append(entity) }
        return unique
    }

    /// The candidates after each step, ascending; the last set answers the query. Stops early, with fewer sets than
    /// steps, after a set that is empty.
    public func answers(_ query: ChainQuery) -> [[EntityIndex]] {
        var sets: [[EntityIndex]] = []
        var current = [query.anchor]
        for step in query.steps {
            current = neighbours(ofAll: current, by: step)
            sets.append(current)
            if current.isEmpty { break }
        }
        return sets
    }

    /// The number of facts on a shortest path that ignores the facts' direction; `nil` when it is longer than the limit.
    public func distance(from start: EntityIndex, to end: EntityIndex, atMost limit: Int) -> Int? {
        let distance = distances(from: start, atMost: limit)[Int(end)]
        return distance < 0 ? nil : Int(distance)
    }

    /// The undirected distance from `start` to every entity by breadth-first search; -1 beyond the limit.
    func distances(from start: EntityIndex, atMost limit: Int) -> [Int32] {
        var distances = [Int32](repeating: -1, count: entities.count)
        distances[Int(start)] = 0
        var frontier = [start]
        var depth: Int32 = 0
        while !frontier.isEmpty && depth < limit {
            depth += 1
            var next: [EntityIndex] = []
            for entity in frontier {
                for neighbour in neighbours(of: entity) where distances[Int(neighbour)] < 0 {
                    distances[Int(neighbour)] = depth
                    next.append(neighbour)
                }
            }
            frontier = next
        }
        return distances
    }

    /// A path along the query's steps that ends at `answer`, a member of the last candidate set; at each step back the
    /// smallest candidate that fits. A path that is as long as the distance of its ends visits no entity twice.
    func witness(_ query: ChainQuery, candidates: [[EntityIndex]], answer: EntityIndex) -> [EntityIndex] {
        var path = [answer]
        for index in query.steps.indices.reversed() {
            let before = index == 0 ? [query.anchor] : candidates[index - 1]
            let sources = Set(neighbours(of: path[path.count - 1], by: query.steps[index].reversed))
            path += before.filter(sources.contains).prefix(1)
        }
        return path.reversed()
    }
}
