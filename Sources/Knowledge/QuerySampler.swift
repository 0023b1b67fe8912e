import Primitives

/// Draws certified queries from a graph: chains and conjunctions, spread over the numbers of hops.
///
/// It searches for queries that certify instead of drawing paths and filtering. The cost of one anchor or answer is
/// bounded by `maximumExpansions` and a breadth-first search over `maximumReached` entities; the result depends on facts, bounds and seed alone.
public struct QuerySampler: Sendable {
    /// How many facts lead from the anchors to the answer.
    public var hops: ClosedRange<Int>
    /// The steps that a query may take.
    public var allowedSteps: Set<Step>
    /// The share of conjunctions among the queries, from 0 to 1, as far as there are enough of both.
    public var conjunctionShare: Double
    /// The most queries with the same anchor, or for conjunctions with the same answer.
    public var maximumPerEntity: Int
    /// The most candidates after any step of a chain, and answers of a single constraint.
    public var maximumCandidates: Int
    /// The most constraints of a conjunction.
    public var maximumConstraints: Int
    /// The most steps tried from one anchor.
    public var maximumExpansions: Int
    /// The most entities around one anchor that are looked at, the nearest first, up to one entity's neighbours more.
    public var maximumReached: Int
    public var seed: UInt64

    public init(
        hops: ClosedRange<Int> = 2...6, allowedSteps: Set<Step>, conjunctionShare: Double = 0.5,
        maximumPerEntity: Int = 2, maximumCandidates: Int = 512, maximumConstraints: Int = 4,
        maximumExpansions: Int = 400, maximumReached: Int = 1 << 16, seed: UInt64
    ) {
        precondition(hops.lowerBound >= 1, "a query has at least one step")
        precondition((0...1).contains(conjunctionShare), "a share is between 0 and 1")
        precondition(maximumPerEntity >= 1 && maximumConstraints >= 2 && maximumCandidates >= 2)
        self.hops = hops
        self.allowedSteps = allowedSteps
        self.conjunctionShare = conjunctionShare
        self.maximumPerEntity = maximumPerEntity
        self.maximumCandidates = maximumCandidates
        self.maximumConstraints = maximumConstraints
        self.maximumExpansions = maximumExpansions
        self.maximumReached = maximumReached
        self.seed = seed
    }

    /// Up to `count` certified queries, all different, in the order in which they were found: fewer where every entity
    /// has been tried.
    /// - Parameter subgraph: where given, all witnesses stay within it; queries are executed on all facts nevertheless.
    public func sample(_ facts: FactIndex, count: Int, within subgraph: Subgraph? = nil) -> [Certificate] {
        var starts = subgraph?.entities.sorted() ?? facts.graph.entities.indices.map(EntityIndex.init)
        var random = CounterRandom(seed: seed, stage: .synthesis, group: RandomGroup.order)
        random.shuffle(&starts)
        let members = subgraph.map { Set($0.entities) }
        let isAllowed = facts.graph.allSteps.map(allowedSteps.contains)
        var chains = ChainSearch(
            facts: facts, hops: hops, isAllowed: isAllowed, maximumCandidates: maximumCandidates,
            maximumExpansions: maximumExpansions, maximumReached: maximumReached, members: members)
        let conjunctions = ConjunctionSearch(
            facts: facts, hops: hops, isAllowed: isAllowed, maximumAnswers: maximumCandidates,
            maximumConstraints: maximumConstraints, members: members)

        var sample: [Certificate] = []
        var seen: Set<Set<ChainQuery>> = []
        var chainCount = 0
        var perHops = [Int](repeating: 0, count: hops.upperBound + 1)
        func add(_ query: ConjunctiveQuery) -> Bool {
            guard seen.insert(Set(query.constraints)).inserted, case .success(let certificate) = facts.certify(query)
            else { return false }
            sample.append(certificate)
            perHops[query.hops] += 1
            return true
        }
        // Each entity is the anchor of chains and the answer of conjunctions once; the kind that lags is tried first.
        var (nextChain, nextConjunction) = (0, 0)
        while sample.count < count {
            let wantsConjunction = Double(sample.count - chainCount) < Double(sample.count + 1) * conjunctionShare
            let hasChains = nextChain < starts.count && conjunctionShare < 1
            let hasConjunctions = nextConjunction < starts.count && conjunctionShare > 0
            if wantsConjunction && hasConjunctions || !hasChains && hasConjunctions {
                let answer = starts[nextConjunction]
                nextConjunction += 1
                var random = CounterRandom(
                    seed: seed, stage: .synthesis, step: Int(answer), group: RandomGroup.conjunctions)
                for _ in 0..<maximumPerEntity where sample.count < count {
                    if let query = conjunctions.conjunction(answer: answer, random: &random) { _ = add(query) }
                }
            } else if hasChains {
                let anchor = starts[nextChain]
                nextChain += 1
                var random = CounterRandom(
                    seed: seed, stage: .synthesis, step: Int(anchor), group: RandomGroup.chains)
                var found = chains.chains(from: anchor, random: &random)
                random.shuffle(&found)
                var taken = 0
                while taken < maximumPerEntity, sample.count < count, !found.isEmpty {
                    // The number of hops that the sample has fewest of.
                    var best = 0
                    for index in found.indices
                    where perHops[found[index].steps.count] < perHops[found[best].steps.count] { best = index }
                    if add(ConjunctiveQuery(found.remove(at: best))) {
                        chainCount += 1
                        taken += 1
                    }
                }
            } else {
                break
            }
        }
        return sample
    }
}
