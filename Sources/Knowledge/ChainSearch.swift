import Primitives

/// Finds chains from one anchor that certify as a conjunction of one constraint: one answer, one walk to it, no shorter
/// path.
///
/// It walks whole candidate sets and cuts a branch as soon as nothing on it can certify any more: when no candidate lies
/// as far from the anchor as there are steps, when every such candidate is reached by several walks (their number never
/// falls again), or when there are too many candidates.
struct ChainSearch {
    let facts: FactIndex
    let hops: ClosedRange<Int>
    /// By step code.
    let isAllowed: [Bool]
    let maximumCandidates: Int
    let maximumExpansions: Int
    /// So many entities around an anchor are looked at, the nearest first; witnesses stay among them.
    let maximumReached: Int
    /// Where given, the witness stays among these entities.
    let members: Set<EntityIndex>?

    /// Marks of the entities met in the current expansion.
    private var marks: [Int32]
    private var places: [Int32]
    private var round: Int32 = 0

    private var distances: [Int32] = []
    private var reached: [EntityIndex] = []
    private var expansions = 0
    private var found: [ChainQuery] = []
    private var steps: [Step] = []

    init(
        facts: FactIndex, hops: ClosedRange<Int>, isAllowed: [Bool], maximumCandidates: Int, maximumExpansions: Int,
        maximumReached: Int, members: Set<EntityIndex>?
    ) {
        self.facts = facts
        self.hops = hops
        self.isAllowed = isAllowed
        self.maximumCandidates = maximumCandidates
        self.maximumExpansions = maximumExpansions
        self.maximumReached = maximumReached
        self.members = members
        let count = facts.graph.entities.count
        marks = [Int32](repeating: 0, count: count)
        places = marks
        distances = [Int32](repeating: -1, count: count)
    }

    /// A candidate with the number of walks that lead to it, up to two.
    private struct Candidate {
        var entity: EntityIndex
        var walks: Int32
    }

    /// The certifiable chains from an anchor that the search met within its bound, in the order in which it met them.
    mutating func chains(from anchor: EntityIndex, random: inout CounterRandom) -> [ChainQuery] {
        guard members?.contains(anchor) ?? true else { return [] }
        findDistances(from: anchor)
        expansions = 0
        found = []
        steps = []
        extend([Candidate(entity: anchor, walks: 1)], anchor: anchor, random: &random)
        return found
    }

    private mutating func extend(_ frontier: [Candidate], anchor: EntityIndex, random: inout CounterRandom) {
        let depth = Int32(steps.count)
        var open: Set<Step> = []
        for candidate in frontier where isOnWay(candidate, depth: depth) {
            for step in facts.adjacency.steps(from: candidate.entity) where isAllowed[Int(step.code)] {
                open.insert(step)
            }
        }
        var order = open.sorted()
        random.shuffle(&order)
        for step in order {
            guard expansions < maximumExpansions else { return }
            expansions += 1
            guard let next = expand(frontier, by: step) else { continue }
            guard next.contains(where: { isOnWay($0, depth: depth + 1) }) else { continue }
            steps.append(step)
            if hops.contains(steps.count), next.count == 1 {
                found.append(ChainQuery(anchor: anchor, steps: steps))
            }
            if steps.count < hops.upperBound { extend(next, anchor: anchor, random: &random) }
            steps.removeLast()
        }
    }

    /// Whether a witness can lead through the candidate.
    private func isOnWay(_ candidate: Candidate, depth: Int32) -> Bool {
        candidate.walks == 1 && distances[Int(candidate.entity)] == depth
            && (members?.contains(candidate.entity) ?? true)
    }

    /// The candidates after a step, `nil` when there are too many.
    private mutating func expand(_ frontier: [Candidate], by step: Step) -> [Candidate]? {
        if round == .max {
            round = 0
            for index in marks.indices { marks[index] = 0 }
        }
        round += 1
        var next: [Candidate] = []
        for candidate in frontier {
            for edge in facts.adjacency.edges(of: candidate.entity, by: step) {
                let target = facts.adjacency.targets[edge]
                if marks[Int(target)] == round {
                    next[Int(places[Int(target)])].walks = 2
                } else {
                    guard next.count < maximumCandidates else { return nil }
                    marks[Int(target)] = round
                    places[Int(target)] = Int32(next.count)
                    next.append(Candidate(entity: target, walks: candidate.walks))
                }
            }
        }
        return next
    }

    /// Breadth-first distances up to the longest chain, of so many entities; only what the last search touched is cleared.
    private mutating func findDistances(from anchor: EntityIndex) {
        for entity in reached { distances[Int(entity)] = -1 }
        reached = [anchor]
        distances[Int(anchor)] = 0
        var next = 0
        while next < reached.count, reached.count < maximumReached {
            let entity = reached[next]
            next += 1
            let depth = distances[Int(entity)] + 1
            if depth > hops.upperBound { break }
            for edge in facts.adjacency.edges(of: entity) {
                let target = facts.adjacency.targets[edge]
                if distances[Int(target)] < 0 {
                    distances[Int(target)] = depth
                    reached.append(target)
                }
            }
        }
    }
}
