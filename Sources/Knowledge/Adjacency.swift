/// Facts indexed for walking in both directions: compressed rows of (step, target) by source.
///
/// Invariant: edge `e` of entity `i`, for `e` in `offsets[i]..<offsets[i + 1]`, leads by the step of code `steps[e]` to
/// `targets[e]`; the edges of an entity are sorted by step and target, without repetition.
struct Adjacency: Sendable {
    let offsets: [Int32]
    let steps: [Int32]
    let targets: [EntityIndex]

    /// - Precondition: the columns are equally long, no fact occurs twice, and there are fewer than 2^30.
    init(entityCount: Int, heads: [EntityIndex], relations: [RelationIndex], tails: [EntityIndex]) {
        var offsets = [Int32](repeating: 0, count: entityCount + 1)
        for fact in heads.indices {
            offsets[Int(heads[fact]) + 1] += 1
            offsets[Int(tails[fact]) + 1] += 1
        }
        for index in 0..<entityCount { offsets[index + 1] += offsets[index] }
        var cursors = offsets
        // An edge as one number: the step's code above the target.
        var edges = [UInt64](repeating: 0, count: heads.count * 2)
        for fact in heads.indices {
            let code = UInt64(relations[fact]) * 2
            edges[Int(cursors[Int(heads[fact])])] = code << 32 | UInt64(tails[fact])
            cursors[Int(heads[fact])] += 1
            edges[Int(cursors[Int(tails[fact])])] = (code + 1) << 32 | UInt64(heads[fact])
            cursors[Int(tails[fact])] += 1
        }
        edges.withUnsafeMutableBufferPointer { edges in
            for index in 0..<entityCount {
                let slice = Int(offsets[index])..<Int(offsets[index + 1])
                var row = UnsafeMutableBufferPointer(rebasing: edges[slice])
                row.sort()
            }
        }
        self.offsets = offsets
        steps = edges.map { Int32($0 >> 32) }
        targets = edges.map { EntityIndex($0 & 0xFFFF_FFFF) }
    }

    var entityCount: Int { offsets.count - 1 }
    var factCount: Int { targets.count / 2 }

    func edges(of entity: EntityIndex) -> Range<Int> {
        Int(offsets[Int(entity)])..<Int(offsets[Int(entity) + 1])
    }

    func edges(of entity: EntityIndex, by step: Step) -> Range<Int> {
        let range = edges(of: entity)
        let start = lowerBound(of: step.code, in: range)
        return start..<lowerBound(of: step.code + 1, in: start..<range.upperBound)
    }

    /// Every neighbour of an entity by any step; one that several steps reach occurs several times.
    func neighbours(of entity: EntityIndex) -> ArraySlice<EntityIndex> { targets[edges(of: entity)] }

    /// What a step reaches from an entity, ascending. O(log degree).
    func neighbours(of entity: EntityIndex, by step: Step) -> ArraySlice<EntityIndex> {
        targets[edges(of: entity, by: step)]
    }

    func hasEdge(from source: EntityIndex, by step: Step, to target: EntityIndex) -> Bool {
        let range = edges(of: source, by: step)
        var (low, high) = (range.lowerBound, range.upperBound)
        while low < high {
            let middle = (low + high) / 2
            if targets[middle] < target { low = middle + 1 } else { high = middle }
        }
        return low < range.upperBound && targets[low] == target
    }

    func areAdjacent(_ first: EntityIndex, _ second: EntityIndex) -> Bool {
        let (one, other) = edges(of: first).count <= edges(of: second).count ? (first, second) : (second, first)
        return neighbours(of: one).contains(other)
    }

    /// The steps that lead somewhere from an entity, ascending.
    func steps(from entity: EntityIndex) -> [Step] {
        var found: [Step] = []
        for edge in edges(of: entity) where found.last?.code != steps[edge] { found.append(Step(code: steps[edge])) }
        return found
    }

    /// Everything that a step reaches from a set of entities, ascending and without repetition.
    func neighbours(ofAll entities: [EntityIndex], by step: Step) -> [EntityIndex] {
        if entities.count == 1 { return Array(neighbours(of: entities[0], by: step)) }
        var reached = entities.flatMap { neighbours(of: $0, by: step) }
        reached.sort()
        var unique: [EntityIndex] = []
        for entity in reached where unique.last != entity { unique.append(entity) }
        return unique
    }

    /// The undirected distance of two entities, `nil` beyond the limit. The balls around both grow in turn, the one with
    /// fewer edges to look at first.
    func distance(from start: EntityIndex, to end: EntityIndex, atMost limit: Int) -> Int? {
        if start == end { return limit < 0 ? nil : 0 }
        var marks = [UInt8](repeating: 0, count: entityCount)
        marks[Int(start)] = 1
        marks[Int(end)] = 2
        var frontiers = [[start], [end]]
        var work = [edges(of: start).count, edges(of: end).count]
        var distance = 0
        while distance < limit && !frontiers[0].isEmpty && !frontiers[1].isEmpty {
            distance += 1
            let side = work[0] <= work[1] ? 0 : 1
            let (own, other): (UInt8, UInt8) = side == 0 ? (1, 2) : (2, 1)
            var next: [EntityIndex] = []
            var nextWork = 0
            for entity in frontiers[side] {
                for edge in edges(of: entity) {
                    let target = targets[edge]
                    let mark = marks[Int(target)]
                    if mark == other { return distance }
                    if mark == 0 {
                        marks[Int(target)] = own
                        next.append(target)
                        nextWork += edges(of: target).count
                    }
                }
            }
            frontiers[side] = next
            work[side] = nextWork
        }
        return nil
    }

    /// The undirected distance from `start` to every entity by breadth-first search; -1 beyond the limit.
    func distances(from start: EntityIndex, atMost limit: Int) -> [Int32] {
        var distances = [Int32](repeating: -1, count: entityCount)
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

    /// The first edge in `range` whose step code is not below `code`.
    private func lowerBound(of code: Int32, in range: Range<Int>) -> Int {
        var (low, high) = (range.lowerBound, range.upperBound)
        while low < high {
            let middle = (low + high) / 2
            if steps[middle] < code { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
