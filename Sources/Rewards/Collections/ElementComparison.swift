/// Compares the elements of two collections of one size under a reader whose comparison may have a tolerance.
enum ElementComparison {
    private enum Edge {
        case different, equal, undecided
    }

    /// Each with the one at its place. A difference anywhere outweighs an undecided pair.
    static func inOrder(
        _ golds: [CanonicalValue], _ others: [CanonicalValue], by reader: any AnswerReader, work: inout Work
    ) throws(AnswerProblem) -> Comparison {
        var guarantee = Guarantee.exact
        var undecided: AnswerProblem?
        for (gold, other) in zip(golds, others) where gold != other {
            do throws(AnswerProblem) {
                let comparison = try reader.compare(gold: gold, prediction: other, work: &work)
                guard comparison.isEqual else { return comparison }
                guarantee = guarantee.weakened(by: comparison.guarantee)
            } catch {
                guard case .undecided = error else { throw error }
                undecided = undecided ?? error
            }
        }
        if let undecided { throw undecided }
        return Comparison(isEqual: true, guarantee: guarantee)
    }

    /// A perfect matching: each gold element with one of its own. First with the pairs that are shown equal, then with
    /// those that are undecided, whose success would leave the whole undecided.
    static func matched(
        _ golds: [CanonicalValue], _ others: [CanonicalValue], by reader: any AnswerReader, work: inout Work
    ) throws(AnswerProblem) -> Comparison {
        let count = golds.count
        try work.spend(count * count)
        var guarantee = Guarantee.exact
        var edges = [Edge](repeating: .different, count: count * count)
        var undecided: AnswerProblem?
        for row in 0..<count {
            for column in 0..<count {
                if golds[row] == others[column] {
                    edges[row * count + column] = .equal
                    continue
                }
                do throws(AnswerProblem) {
                    let comparison = try reader.compare(gold: golds[row], prediction: others[column], work: &work)
                    guarantee = guarantee.weakened(by: comparison.guarantee)
                    if comparison.isEqual { edges[row * count + column] = .equal }
                } catch {
                    guard case .undecided = error else { throw error }
                    undecided = undecided ?? error
                    edges[row * count + column] = .undecided
                }
            }
        }
        if try isPerfect(count, work: &work, { edges[$0] == .equal }) {
            return Comparison(isEqual: true, guarantee: guarantee)
        }
        if let undecided, try isPerfect(count, work: &work, { edges[$0] != .different }) { throw undecided }
        return Comparison(isEqual: false, guarantee: guarantee)
    }

    /// Whether a bipartite graph of `count` and `count` vertices has a perfect matching, by augmenting paths found
    /// breadth first.
    private static func isPerfect(
        _ count: Int, work: inout Work, _ hasEdge: (Int) -> Bool
    ) throws(AnswerProblem) -> Bool {
        var rowOf = [Int](repeating: -1, count: count)
        var columnOf = [Int](repeating: -1, count: count)
        for root in 0..<count {
            var cameFrom = [Int](repeating: -1, count: count)
            var queue = [root]
            var next = 0
            var free = -1
            while next < queue.count, free < 0 {
                let row = queue[next]
                next += 1
                try work.spend(count)
                for column in 0..<count where cameFrom[column] < 0 && hasEdge(row * count + column) {
                    cameFrom[column] = row
                    if rowOf[column] < 0 {
                        free = column
                        break
                    }
                    queue.append(rowOf[column])
                }
            }
            guard free >= 0 else { return false }
            while free >= 0 {
                let row = cameFrom[free]
                let previous = columnOf[row]
                rowOf[free] = row
                columnOf[row] = free
                free = row == root ? -1 : previous
            }
        }
        return true
    }
}

extension Guarantee {
    private var weakness: Int {
        switch self {
        case .exact: 0
        case .separationBound: 1
        case .probability: 2
        case .tolerance: 3
        case .judged: 4
        }
    }

    /// The guarantee of a statement that rests on both.
    func weakened(by other: Guarantee) -> Guarantee {
        if case .probability(let left) = self, case .probability(let right) = other {
            return .probability(bits: max(0, min(left, right) - 1))
        }
        return weakness >= other.weakness ? self : other
    }
}
