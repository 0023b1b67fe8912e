/// Finds every certified chain of a graph within bounds.
public struct ChainSampler: Sendable {
    /// The certified chains, and the anchors where the search stopped at `maximumExpansionsPerAnchor`.
    public struct Sample: Sendable {
        public var certificates: [Certificate]
        public var truncatedAnchors: [EntityIndex]
    }

    /// The numbers of steps that a chain may have.
    public var hops: ClosedRange<Int>
    /// The steps that a chain may take.
    public var allowedSteps: Set<Step>
    /// A chain is left out when more candidates than this fit after any of its steps; 1 asks for chains that are
    /// unambiguous at every hop.
    public var maximumCandidatesPerStep: Int
    /// Bounds the work: how many steps are tried from one anchor in all.
    public var maximumExpansionsPerAnchor: Int

    public init(
        hops: ClosedRange<Int>, allowedSteps: Set<Step>, maximumCandidatesPerStep: Int = 1,
        maximumExpansionsPerAnchor: Int = 100_000
    ) {
        precondition(hops.lowerBound >= 1, "a chain has at least one step")
        precondition(maximumCandidatesPerStep >= 1, "a chain has at least one candidate per step")
        self.hops = hops
        self.allowedSteps = allowedSteps
        self.maximumCandidatesPerStep = maximumCandidatesPerStep
        self.maximumExpansionsPerAnchor = maximumExpansionsPerAnchor
    }

    /// All certified chains, ordered by anchor and then by steps (a chain before its extensions).
    public func sample(_ graph: KnowledgeGraph) -> Sample {
        let isAllowed = graph.allSteps.map(allowedSteps.contains)
        var sample = Sample(certificates: [], truncatedAnchors: [])
        for anchor in graph.entities.indices {
            var search = Search(sampler: self, graph: graph, anchor: EntityIndex(anchor), isAllowed: isAllowed)
            search.extend([EntityIndex(anchor)])
            sample.certificates += search.found
            if search.isTruncated { sample.truncatedAnchors.append(EntityIndex(anchor)) }
        }
        return sample
    }

    /// Depth-first search over the step sequences from one anchor, on whole candidate sets.
    private struct Search {
        let sampler: ChainSampler
        let graph: KnowledgeGraph
        let isAllowed: [Bool]
        let distances: [Int32]
        var query: ChainQuery
        var found: [Certificate] = []
        var expansions = 0
        var isTruncated = false

        init(sampler: ChainSampler, graph: KnowledgeGraph, anchor: EntityIndex, isAllowed: [Bool]) {
            self.sampler = sampler
            self.graph = graph
            self.isAllowed = isAllowed
            distances = graph.adjacency.distances(from: anchor, atMost: sampler.hops.upperBound - 1)
            query = ChainQuery(anchor: anchor, steps: [])
        }

        mutating func extend(_ frontier: [EntityIndex]) {
            for step in steps(from: frontier) {
                guard expansions < sampler.maximumExpansionsPerAnchor else {
                    isTruncated = true
                    return
                }
                expansions += 1
                let next = graph.neighbours(ofAll: frontier, by: step)
                guard next.count <= sampler.maximumCandidatesPerStep else { continue }
                query.steps.append(step)
                record(next)
                if query.steps.count < sampler.hops.upperBound { extend(next) }
                query.steps.removeLast()
            }
        }

        private func steps(from frontier: [EntityIndex]) -> [Step] {
            let steps =
                frontier.count == 1
                ? graph.steps(from: frontier[0])
                : Set(frontier.flatMap { graph.steps(from: $0) }).sorted()
            return steps.filter { isAllowed[Int($0.code)] }
        }

        private mutating func record(_ answers: [EntityIndex]) {
            let length = query.steps.count
            guard sampler.hops.contains(length), answers.count == 1 else { return }
            let distance = distances[Int(answers[0])]
            guard distance < 0 || distance >= length, case .success(let certificate) = graph.certify(query) else {
                return
            }
            found.append(certificate)
        }
    }
}
