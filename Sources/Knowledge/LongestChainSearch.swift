import Primitives

/// Looks for a long path that visits no entity twice, over facts without their direction.
///
/// To find the longest is NP-hard; this search goes depth-first with the least connected neighbour first and is cut off
/// after `maximumWork` edges. It says whether it has seen everything, and the chain is then a longest one.
public struct LongestChainSearch: Sendable {
    public struct Chain: Sendable, Hashable {
        public var entities: [EntityIndex]
        /// Whether no chain from the same starts is longer, up to the maximal length.
        public var isProven: Bool

        public var hops: Int { max(0, entities.count - 1) }
    }

    /// The most entities of a chain.
    public var maximumLength: Int
    /// The most edges that one start's search looks at.
    public var maximumWork: Int

    public init(maximumLength: Int, maximumWork: Int = 100_000) {
        precondition(maximumLength >= 1, "a chain has at least one entity")
        self.maximumLength = maximumLength
        self.maximumWork = maximumWork
    }

    /// A longest chain of the whole graph, or of these entities alone, from every possible start in turn. The bound on
    /// work is shared by all starts.
    public func chain(in graph: KnowledgeGraph, among members: Set<EntityIndex>? = nil, seed: UInt64) -> Chain {
        var random = CounterRandom(seed: seed, stage: .synthesis, group: RandomGroup.longestChain)
        var starts = members?.sorted() ?? graph.entities.indices.map(EntityIndex.init)
        random.shuffle(&starts)
        // Ends of a longest chain are often entities with few neighbours.
        let degrees = starts.map { graph.adjacency.edges(of: $0).count }
        let order = starts.indices.sorted { (degrees[$0], $0) < (degrees[$1], $1) }
        var best = Chain(entities: [], isProven: true)
        var search = Search(graph: graph, members: members, maximumLength: maximumLength, maximumWork: maximumWork)
        for index in order {
            search.run(from: starts[index], random: &random)
            if search.best.count > best.entities.count { best.entities = search.best }
            if best.entities.count == maximumLength { return best }
            if search.isCut {
                best.isProven = false
                return best
            }
        }
        return best
    }

    /// A longest chain from one start.
    func chain(from start: EntityIndex, in graph: KnowledgeGraph, random: inout CounterRandom) -> Chain {
        var search = Search(graph: graph, members: nil, maximumLength: maximumLength, maximumWork: maximumWork)
        search.run(from: start, random: &random)
        return Chain(entities: search.best, isProven: !search.isCut || search.best.count == maximumLength)
    }

    private struct Search {
        let graph: KnowledgeGraph
        let members: Set<EntityIndex>?
        let maximumLength: Int
        let maximumWork: Int
        var best: [EntityIndex] = []
        var isCut = false
        private var work = 0

        init(graph: KnowledgeGraph, members: Set<EntityIndex>?, maximumLength: Int, maximumWork: Int) {
            self.graph = graph
            self.members = members
            self.maximumLength = maximumLength
            self.maximumWork = maximumWork
        }

        /// Without recursion: each level keeps the neighbours that are left to try.
        mutating func run(from start: EntityIndex, random: inout CounterRandom) {
            var path = [start]
            var onPath: Set<EntityIndex> = [start]
            var open = [neighbours(of: start, onPath: onPath, random: &random)]
            if best.isEmpty { best = path }
            while let level = open.last {
                if best.count == maximumLength || isCut { return }
                guard let next = level.last else {
                    open.removeLast()
                    onPath.remove(path.removeLast())
                    continue
                }
                open[open.count - 1].removeLast()
                path.append(next)
                onPath.insert(next)
                if path.count > best.count { best = path }
                open.append(
                    path.count < maximumLength ? neighbours(of: next, onPath: onPath, random: &random) : [])
            }
        }

        /// The different neighbours that are not on the path, the least connected last.
        private mutating func neighbours(
            of entity: EntityIndex, onPath: Set<EntityIndex>, random: inout CounterRandom
        ) -> [EntityIndex] {
            var found: Set<EntityIndex> = []
            var free: [EntityIndex] = []
            for neighbour in graph.adjacency.neighbours(of: entity) {
                work += 1
                if work > maximumWork {
                    isCut = true
                    break
                }
                if !onPath.contains(neighbour), members?.contains(neighbour) ?? true, found.insert(neighbour).inserted {
                    free.append(neighbour)
                }
            }
            random.shuffle(&free)
            let degrees = free.map { graph.adjacency.edges(of: $0).count }
            return free.indices.sorted { (degrees[$0], $0) > (degrees[$1], $1) }.map { free[$0] }
        }
    }
}
