/// A union of intervals of the real line, in ascending order and merged.
struct RealSet: Sendable {
    enum Bound: Sendable {
        case negativeInfinity
        case value(Scalar)
        case positiveInfinity
    }

    struct Interval: Sendable {
        var lower: Bound
        var isLowerOpen: Bool
        var upper: Bound
        var isUpperOpen: Bool
    }

    var intervals: [Interval]

    static let reals = RealSet(intervals: [
        Interval(lower: .negativeInfinity, isLowerOpen: true, upper: .positiveInfinity, isUpperOpen: true)
    ])
}

/// A place between or at the numbers of the line: a bound and the side of it.
private struct Edge {
    var bound: RealSet.Bound
    /// −1 just below, 0 at, 1 just above.
    var isAbove: Bool
}

extension Algebra {
    mutating func order(_ left: RealSet.Bound, _ right: RealSet.Bound) throws(AnswerProblem) -> Int {
        switch (left, right) {
        case (.negativeInfinity, .negativeInfinity), (.positiveInfinity, .positiveInfinity): return 0
        case (.negativeInfinity, _), (_, .positiveInfinity): return -1
        case (_, .negativeInfinity), (.positiveInfinity, _): return 1
        case (.value(let a), .value(let b)):
            if a == b { return 0 }
            let difference = try subtract(a, b)
            guard difference.isConstant, let side = try sign(difference) else {
                throw .undecided("the order of two bounds")
            }
            return side
        }
    }

    private mutating func order(_ left: Edge, _ right: Edge) throws(AnswerProblem) -> Int {
        let side = try order(left.bound, right.bound)
        return side != 0 ? side : (left.isAbove ? 1 : 0) - (right.isAbove ? 1 : 0)
    }

    private func edges(_ set: RealSet) -> [Edge] {
        set.intervals.flatMap {
            [Edge(bound: $0.lower, isAbove: $0.isLowerOpen), Edge(bound: $0.upper, isAbove: !$0.isUpperOpen)]
        }
    }

    /// The set of numbers for which `rule` holds, given membership in both sets: a sweep over all edges.
    mutating func combine(
        _ left: RealSet, _ right: RealSet, _ rule: (Bool, Bool) -> Bool
    ) throws(AnswerProblem) -> RealSet {
        let (a, b) = (edges(try merged(left)), edges(try merged(right)))
        return try sweep(a, b, rule)
    }

    private mutating func sweep(
        _ a: [Edge], _ b: [Edge], _ rule: (Bool, Bool) -> Bool
    ) throws(AnswerProblem) -> RealSet {
        var result: [RealSet.Interval] = []
        var start: Edge?
        var (i, j) = (0, 0)
        while i < a.count || j < b.count {
            let side: Int
            if i == a.count { side = 1 } else if j == b.count { side = -1 } else { side = try order(a[i], b[j]) }
            let edge = side <= 0 ? a[i] : b[j]
            if side <= 0 { i += 1 }
            if side >= 0 { j += 1 }
            let isInside = rule(i % 2 == 1, j % 2 == 1)
            if isInside, start == nil { start = edge }
            if !isInside, let first = start {
                result.append(
                    RealSet.Interval(
                        lower: first.bound, isLowerOpen: first.isAbove, upper: edge.bound, isUpperOpen: !edge.isAbove))
                start = nil
            }
        }
        return RealSet(intervals: result)
    }

    /// Sorted, overlapping and touching intervals joined, empty ones dropped.
    mutating func merged(_ set: RealSet) throws(AnswerProblem) -> RealSet {
        if set.intervals.count == 1 {
            guard let only = set.intervals.first else { return set }
            let side = try order(only.lower, only.upper)
            if side > 0 || (side == 0 && (only.isLowerOpen || only.isUpperOpen)) { return RealSet(intervals: []) }
            return set
        }
        var result = RealSet(intervals: [])
        for interval in set.intervals {
            let one = try merged(RealSet(intervals: [interval]))
            result = try sweep(edges(result), edges(one)) { $0 || $1 }
        }
        return result
    }
}
