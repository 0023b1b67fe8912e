import Primitives

/// Draws small connected parts of a graph in the five ways of MedResearcher-R1's release, over facts taken without their
/// direction.
///
/// What differs from the release: every draw follows from seed and number; a start without a partner is drawn again rather
/// than replaced by unconnected entities; hubs are drawn in proportion to their degree instead of always the largest; and
/// the longest chain is searched within `maximumWork` steps instead of exhaustively. No draw looks at more than about
/// `maximumWork` edges for each of its searches, whatever the size of the graph.
public struct SubgraphSampler: Sendable {
    public enum Method: String, Sendable, CaseIterable {
        /// One of the other four, each as likely.
        case mixed
        /// A shortest path between two entities, and one or two neighbours of each entity on it.
        case augmentedChain = "augmented_chain"
        /// The neighbourhood of a hub, and the longest of the shortest paths within it.
        case communityCorePath = "community_core_path"
        /// Two hubs that are not adjacent, a shortest path between them, and neighbours of both.
        case dualCoreBridge = "dual_core_bridge"
        /// A chain as long as the search finds, up to `maximumChain`, and neighbours of it.
        case maximalChain = "max_chain"
    }

    public var method: Method
    /// The most entities of a subgraph.
    public var size: Int
    /// The most entities of a maximal chain; the release takes half of the size, which is 3 hops of 8 entities.
    public var maximumChain: Int
    public var maximumWork: Int
    public var seed: UInt64

    public init(
        method: Method, size: Int = 8, maximumChain: Int? = nil, maximumWork: Int = 5_000, seed: UInt64
    ) {
        precondition(size >= 3, "a subgraph has at least three entities")
        self.method = method
        self.size = size
        self.maximumChain = min(size, maximumChain ?? size)
        self.maximumWork = maximumWork
        self.seed = seed
    }

    /// Draw number `number`; `nil` where no start within a few tries leads to three connected entities.
    public func subgraph(_ number: Int, of graph: KnowledgeGraph) -> Subgraph? {
        guard graph.triples.count > 0 else { return nil }
        var draw = SubgraphDraw(sampler: self, graph: graph, number: number)
        let methods = Method.allCases.filter { $0 != .mixed }
        let chosen = method == .mixed ? draw.random.pick(methods) : method
        for _ in 0..<10 {
            if let subgraph = draw.attempt(chosen), subgraph.entities.count >= 3 { return subgraph }
        }
        return nil
    }
}

/// One draw of a ``SubgraphSampler``.
private struct SubgraphDraw {
    let sampler: SubgraphSampler
    let graph: KnowledgeGraph
    var random: CounterRandom

    init(sampler: SubgraphSampler, graph: KnowledgeGraph, number: Int) {
        self.sampler = sampler
        self.graph = graph
        random = CounterRandom(
            seed: sampler.seed, stage: .synthesis, step: number & 0xFFFF_FFFF, group: RandomGroup.subgraphs)
    }

    private var adjacency: Adjacency { graph.adjacency }

    mutating func attempt(_ method: SubgraphSampler.Method) -> Subgraph? {
        switch method {
        case .mixed, .augmentedChain: augmentedChain()
        case .communityCorePath: communityCorePath()
        case .dualCoreBridge: dualCoreBridge()
        case .maximalChain: maximalChain()
        }
    }

    private mutating func augmentedChain() -> Subgraph? {
        let start = end(ofFact: random.integer(below: graph.triples.count))
        var search = BoundedSearch(adjacency: adjacency, start: start, maximumWork: sampler.maximumWork)
        search.run(maximumDepth: sampler.size - 1, random: &random)
        let ends = search.order.filter { (search.depth(of: $0) ?? 0) >= 2 }
        guard !ends.isEmpty else { return nil }
        let backbone = search.path(to: random.pick(ends))
        var subgraph = Subgraph(entities: backbone, backbone: backbone)
        for entity in backbone {
            addNeighbours(of: entity, atMost: 1 + random.integer(below: 2), to: &subgraph)
        }
        return subgraph
    }

    private mutating func communityCorePath() -> Subgraph? {
        let centre = hub()
        let limit = sampler.size * 3 / 2
        var community = Subgraph(entities: [centre], backbone: [])
        addNeighbours(of: centre, atMost: limit - 1, to: &community, limit: limit)
        for entity in community.entities.dropFirst() where community.entities.count < limit {
            addNeighbours(of: entity, atMost: 2, to: &community, limit: limit)
        }
        // The community is small, so that all of its shortest paths can be looked at.
        let members = Set(community.entities)
        var backbone: [EntityIndex] = []
        for start in community.entities {
            var search = BoundedSearch(
                adjacency: adjacency, start: start, maximumWork: sampler.maximumWork, members: members)
            search.run(maximumDepth: sampler.size - 1, random: &random)
            guard let last = search.order.last, let depth = search.depth(of: last), depth >= backbone.count else {
                continue
            }
            backbone = search.path(to: last)
        }
        guard backbone.count >= 2 else { return nil }
        var subgraph = Subgraph(entities: backbone, backbone: backbone)
        fill(&subgraph, from: community.entities)
        return subgraph
    }

    private mutating func dualCoreBridge() -> Subgraph? {
        let cores = [hub(), hub()]
        guard cores[0] != cores[1], !adjacency.areAdjacent(cores[0], cores[1]) else { return nil }
        var search = BoundedSearch(adjacency: adjacency, start: cores[0], maximumWork: sampler.maximumWork)
        search.run(maximumDepth: sampler.size - 1, until: cores[1], random: &random)
        guard search.depth(of: cores[1]) != nil else { return nil }
        let bridge = search.path(to: cores[1])
        var subgraph = Subgraph(entities: bridge, backbone: bridge)
        addNeighbours(of: cores[0], atMost: (sampler.size - bridge.count) / 2, to: &subgraph)
        addNeighbours(of: cores[1], atMost: sampler.size - subgraph.entities.count, to: &subgraph)
        addNeighbours(of: cores[0], atMost: sampler.size - subgraph.entities.count, to: &subgraph)
        return subgraph
    }

    private mutating func maximalChain() -> Subgraph? {
        let search = LongestChainSearch(maximumLength: sampler.maximumChain, maximumWork: sampler.maximumWork)
        let chain = search.chain(
            from: end(ofFact: random.integer(below: graph.triples.count)), in: graph, random: &random)
        guard chain.entities.count >= 3 else { return nil }
        var subgraph = Subgraph(entities: chain.entities, backbone: chain.entities)
        for entity in chain.entities { addNeighbours(of: entity, atMost: 1, to: &subgraph) }
        for entity in subgraph.entities { addNeighbours(of: entity, atMost: 1, to: &subgraph) }
        return subgraph
    }

    /// Head or tail of a fact: an entity in proportion to its degree.
    private mutating func end(ofFact fact: Int) -> EntityIndex {
        random.integer(below: 2) == 0 ? graph.triples.heads[fact] : graph.triples.tails[fact]
    }

    /// The entity of highest degree among some drawn in proportion to their degree.
    private mutating func hub() -> EntityIndex {
        var best = end(ofFact: random.integer(below: graph.triples.count))
        for _ in 1..<4 {
            let other = end(ofFact: random.integer(below: graph.triples.count))
            if adjacency.edges(of: other).count > adjacency.edges(of: best).count { best = other }
        }
        return best
    }

    /// Adds neighbours that are new, drawn at random, up to a number and up to the size of the whole.
    private mutating func addNeighbours(
        of entity: EntityIndex, atMost count: Int, to subgraph: inout Subgraph, limit: Int? = nil
    ) {
        let room = min(count, (limit ?? sampler.size) - subgraph.entities.count)
        guard room > 0 else { return }
        let edges = adjacency.edges(of: entity)
        var added = 0
        // As many draws as a crowded neighbourhood needs, from a random edge on, so that hubs cost no more than others.
        let first = random.integer(below: edges.count)
        let stride = edges.count > 4 * room ? 1 + random.integer(below: edges.count / (2 * room)) : 1
        var offset = first
        for _ in 0..<min(edges.count, 8 * room) where added < room {
            let target = adjacency.targets[edges.lowerBound + offset % edges.count]
            offset += stride
            if !subgraph.entities.contains(target) {
                subgraph.entities.append(target)
                added += 1
            }
        }
    }

    /// Adds entities that are adjacent to what is there already, until the size is reached.
    private func fill(_ subgraph: inout Subgraph, from candidates: [EntityIndex]) {
        for candidate in candidates where subgraph.entities.count < sampler.size {
            if !subgraph.entities.contains(candidate),
                subgraph.entities.contains(where: { adjacency.areAdjacent($0, candidate) })
            {
                subgraph.entities.append(candidate)
            }
        }
    }
}
