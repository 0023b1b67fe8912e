import Primitives

/// Finds conjunctions with a given answer: constraints of one or two steps, no one of which decides alone, that leave this
/// one entity together, and none of which can be left out.
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

    /// Constraints that several entities meet, in random order.
    private func constraints(on answer: EntityIndex, random: inout CounterRandom) -> [Constraint] {
        let adjacency = facts.adjacency
        let edges = adjacency.edges(of: answer)
        var constraints: [Constraint] = []
        var seen: Set<ChainQuery> = []
        guard !edges.isEmpty else { return [] }
        for _ in 0..<Self.drawn {
            let edge = edges.lowerBound + random.integer(below: edges.count)
            let last = Step(code: adjacency.steps[edge]).reversed
            var query = ChainQuery(anchor: adjacency.targets[edge], steps: [last])
            if random.integer(below: 2) == 0 {
                let further = adjacency.edges(of: query.anchor)
                let way = further.lowerBound + random.integer(below: further.count)
                let anchor = adjacency.targets[way]
                if anchor == answer || adjacency.areAdjacent(anchor, answer) { continue }
                query = ChainQuery(anchor: anchor, steps: [Step(code: adjacency.steps[way]).reversed, last])
            }
            guard query.steps.allSatisfy({ isAllowed[Int($0.code)] }), query.anchor != answer,
                isWithinMembers(query, answer: answer, through: adjacency.targets[edge]), seen.insert(query).inserted
            else { continue }
            if let constraint = constraint(query, answer: answer) { constraints.append(constraint) }
        }
        return constraints
    }

    private func isWithinMembers(_ query: ChainQuery, answer: EntityIndex, through middle: EntityIndex) -> Bool {
        guard let members else { return true }
        return members.contains(query.anchor) && members.contains(middle)
    }

    /// The constraint with its answers, `nil` where there are too many or one alone, or several walks lead to the answer.
    private func constraint(_ query: ChainQuery, answer: EntityIndex) -> Constraint? {
        let adjacency = facts.adjacency
        let first = adjacency.edges(of: query.anchor, by: query.steps[0])
        guard first.count <= maximumAnswers else { return nil }
        guard query.steps.count == 2 else {
            return first.count < 2 ? nil : Constraint(query: query, answers: Array(adjacency.targets[first]))
        }
        var answers: [EntityIndex] = []
        var walks = 0
        for middle in adjacency.targets[first] {
            let reached = adjacency.neighbours(of: middle, by: query.steps[1])
            answers += reached
            guard answers.count <= maximumAnswers else { return nil }
            if reached.contains(answer) { walks += 1 }
        }
        guard walks == 1 else { return nil }
        answers.sort()
        var unique: [EntityIndex] = []
        for entity in answers where unique.last != entity { unique.append(entity) }
        return unique.count < 2 ? nil : Constraint(query: query, answers: unique)
    }
}
