import Primitives

/// Finds conjunctions with a given answer: constraints of one to three steps, no one of which decides alone, that leave
/// this one entity together, and none of which can be left out.
struct ConjunctionSearch {
    let facts: FactIndex
    let hops: ClosedRange<Int>
    /// By step code, as the constraint is read: towards the answer.
    let isAllowed: [Bool]
    /// A constraint that more entities meet is not looked at.
    let maximumAnswers: Int
    let maximumConstraints: Int
    let members: Set<EntityIndex>?

    private struct Constraint {
        var query: ChainQuery
        var answers: [EntityIndex]
    }

    /// How many constraints are drawn for an answer.
    private static let drawn = 16
    /// The most steps of one constraint.
    private static let maximumLength = 3

    /// A certifiable conjunction that the answer solves, if drawing finds one.
    func conjunction(answer: EntityIndex, random: inout CounterRandom) -> ConjunctiveQuery? {
        guard members?.contains(answer) ?? true else { return nil }
        let constraints = constraints(on: answer, random: &random)
        guard constraints.count >= 2 else { return nil }
        var chosen: [Constraint] = []
        var common: [EntityIndex] = []
        for constraint in constraints {
            let narrowed =
                chosen.isEmpty ? constraint.answers : FactIndex.intersection([common, constraint.answers])
            if !chosen.isEmpty && narrowed.count == common.count { continue }
            chosen.append(constraint)
            common = narrowed
            if common.count == 1 || chosen.count > maximumConstraints { break }
        }
        guard common.count == 1 else { return nil }
        removeUnnecessary(&chosen)
        let query = ConjunctiveQuery(constraints: chosen.map(\.query))
        guard (2...maximumConstraints).contains(chosen.count), hops.contains(query.hops),
            Set(chosen.map(\.query.anchor)).count == chosen.count
        else { return nil }
        return query
    }

    private func removeUnnecessary(_ chosen: inout [Constraint]) {
        var index = 0
        while index < chosen.count && chosen.count > 1 {
            var others = chosen
            others.remove(at: index)
            if FactIndex.intersection(others.map(\.answers)).count == 1 { chosen = others } else { index += 1 }
        }
    }

    /// Constraints that several entities meet, in random order. Those of one answer tend to have the same length, so that
    /// conjunctions of every number of hops are met.
    private func constraints(on answer: EntityIndex, random: inout CounterRandom) -> [Constraint] {
        guard !facts.adjacency.edges(of: answer).isEmpty else { return [] }
        let longest = min(Self.maximumLength, hops.upperBound - 1)
        guard longest >= 1 else { return [] }
        let usual = 1 + random.integer(below: longest)
        var constraints: [Constraint] = []
        var seen: Set<ChainQuery> = []
        for _ in 0..<Self.drawn {
            let length = random.integer(below: 3) == 0 ? 1 + random.integer(below: longest) : usual
            guard let query = chain(to: answer, length: length, random: &random), seen.insert(query).inserted,
                let constraint = constraint(query, answer: answer)
            else { continue }
            constraints.append(constraint)
        }
        return constraints
    }

    /// A chain along a random shortest path, `nil` where the path drawn breaks a bound.
    private func chain(to answer: EntityIndex, length: Int, random: inout CounterRandom) -> ChainQuery? {
        let adjacency = facts.adjacency
        var path = [answer]
        var steps: [Step] = []
        for _ in 0..<length {
            let edges = adjacency.edges(of: path[path.count - 1])
            let edge = edges.lowerBound + random.integer(below: edges.count)
            let (step, next) = (Step(code: adjacency.steps[edge]).reversed, adjacency.targets[edge])
            guard isAllowed[Int(step.code)], members?.contains(next) ?? true, !path.contains(next) else { return nil }
            steps.append(step)
            path.append(next)
        }
        let anchor = path[path.count - 1]
        switch length {
        case 1: break
        case 2: if adjacency.areAdjacent(anchor, answer) { return nil }
        default: if adjacency.distance(from: anchor, to: answer, atMost: length - 1) != nil { return nil }
        }
        return ChainQuery(anchor: anchor, steps: steps.reversed())
    }

    /// The constraint with its answers, `nil` where there are too many or one alone, or several walks lead to the answer.
    private func constraint(_ query: ChainQuery, answer: EntityIndex) -> Constraint? {
        var sets: [[EntityIndex]] = []
        for step in query.steps {
            var reached: [EntityIndex] = []
            for entity in sets.last ?? [query.anchor] {
                reached += facts.adjacency.neighbours(of: entity, by: step)
                guard reached.count <= maximumAnswers else { return nil }
            }
            reached.sort()
            var unique: [EntityIndex] = []
            for entity in reached where unique.last != entity { unique.append(entity) }
            sets.append(unique)
        }
        let answers = sets[sets.count - 1]
        guard answers.count >= 2, facts.walkCount(query, candidates: sets, answer: answer, limit: 2) == 1 else {
            return nil
        }
        return Constraint(query: query, answers: answers)
    }
}
