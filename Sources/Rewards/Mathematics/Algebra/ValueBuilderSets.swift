extension ValueBuilder {
    /// Intervals, named sets and what set operations make of them.
    mutating func set(_ expression: MathExpression) throws(AnswerProblem) -> MathematicalValue {
        switch expression {
        case .interval(let lower, let isLowerOpen, let upper, let isUpperOpen):
            let interval = RealSet.Interval(
                lower: try bound(lower), isLowerOpen: isLowerOpen, upper: try bound(upper), isUpperOpen: isUpperOpen)
            return try region(RealSet(intervals: [interval]))
        case .namedSet(let name):
            switch name {
            case .reals: return try region(.reals)
            case .empty: return Self.finiteSet([])
            default: return MathematicalValue(.setTerm(name.rawValue, []), text: name.rawValue)
            }
        case .setOperation(let operation, let parts):
            let sets = try values(parts)
            if parts.allSatisfy(\.isInequality) {
                return try joined(operation, sets) ?? Self.list(sets)
            }
            guard var result = sets.first else { return Self.finiteSet([]) }
            for set in sets.dropFirst() { result = try combined(operation, result, set) }
            return result
        default: return try value(expression)
        }
    }

    private mutating func bound(_ expression: MathExpression) throws(AnswerProblem) -> RealSet.Bound {
        switch expression.infinitySign ?? 0 {
        case 1: return .positiveInfinity
        case -1: return .negativeInfinity
        default: return .value(try scalar(expression))
        }
    }

    /// A set of the line in its canonical form; one that has no order stays as it is written.
    mutating func region(_ set: RealSet) throws(AnswerProblem) -> MathematicalValue {
        var set = set
        do {
            set = try algebra.merged(set)
        } catch {
            guard case .undecided = error, set.intervals.count == 1 else { throw error }
        }
        if set.intervals.isEmpty { return Self.finiteSet([]) }
        var (texts, points): ([String], [MathematicalValue]) = ([], [])
        for interval in set.intervals {
            let (low, high) = (try text(interval.lower), try text(interval.upper))
            if low == high, !interval.isLowerOpen, case .value(let point) = interval.lower {
                points.append(try wrap(point))
                texts.append("{\(low)}")
            } else {
                texts.append((interval.isLowerOpen ? "(" : "[") + low + ";" + high + (interval.isUpperOpen ? ")" : "]"))
            }
        }
        if points.count == set.intervals.count { return Self.finiteSet(points) }
        return MathematicalValue(.region(set), text: texts.joined(separator: "∪"))
    }

    private mutating func text(_ bound: RealSet.Bound) throws(AnswerProblem) -> String {
        switch bound {
        case .negativeInfinity: "-∞"
        case .positiveInfinity: "∞"
        case .value(let scalar): try algebra.canonicalText(scalar)
        }
    }

    /// The set as part of the line: intervals, pairs in round brackets, sets of real constants.
    func realSet(_ value: MathematicalValue) -> RealSet? {
        switch value.node {
        case .region(let set): return set
        case .tuple(let parts):
            guard parts.count == 2, let lower = Self.bound(parts[0]), let upper = Self.bound(parts[1]) else {
                return nil
            }
            return RealSet(intervals: [
                RealSet.Interval(lower: lower, isLowerOpen: true, upper: upper, isUpperOpen: true)
            ])
        case .set(let parts), .list(let parts):
            var intervals: [RealSet.Interval] = []
            for part in parts {
                guard let scalar = part.scalar, scalar.isConstant else { return nil }
                intervals.append(
                    RealSet.Interval(
                        lower: .value(scalar), isLowerOpen: false, upper: .value(scalar), isUpperOpen: false))
            }
            return RealSet(intervals: intervals)
        case .scalar(let scalar) where scalar.isConstant:
            return RealSet(intervals: [
                RealSet.Interval(lower: .value(scalar), isLowerOpen: false, upper: .value(scalar), isUpperOpen: false)
            ])
        default: return nil
        }
    }

    static func bound(_ value: MathematicalValue) -> RealSet.Bound? {
        switch value.node {
        case .scalar(let scalar): .value(scalar)
        case .infinity(1): .positiveInfinity
        case .infinity(-1): .negativeInfinity
        default: nil
        }
    }

    private static func finiteElements(_ value: MathematicalValue) -> [MathematicalValue]? {
        switch value.node {
        case .set(let parts), .list(let parts): parts
        case .scalar: [value]
        default: nil
        }
    }

    private mutating func combined(
        _ operation: SetOperation, _ left: MathematicalValue, _ right: MathematicalValue
    ) throws(AnswerProblem) -> MathematicalValue {
        if let a = Self.finiteElements(left), let b = Self.finiteElements(right) {
            let (inA, inB) = (Set(a.map(\.text)), Set(b.map(\.text)))
            switch operation {
            case .union: return Self.finiteSet(a + b)
            case .intersection: return Self.finiteSet(a.filter { inB.contains($0.text) })
            case .difference: return Self.finiteSet(a.filter { !inB.contains($0.text) })
            case .symmetricDifference:
                return Self.finiteSet(a.filter { !inB.contains($0.text) } + b.filter { !inA.contains($0.text) })
            }
        }
        if let a = realSet(left), let b = realSet(right) {
            do {
                let set: RealSet
                switch operation {
                case .union: set = try algebra.combine(a, b) { $0 || $1 }
                case .intersection: set = try algebra.combine(a, b) { $0 && $1 }
                case .difference: set = try algebra.combine(a, b) { $0 && !$1 }
                case .symmetricDifference: set = try algebra.combine(a, b) { $0 != $1 }
                }
                return try region(set)
            } catch {
                guard case .undecided = error else { throw error }
            }
        }
        var parts = [left, right]
        if operation == .union || operation == .intersection {
            parts = parts.flatMap { part in
                if case .setTerm(operation.rawValue, let inner) = part.node, !inner.isEmpty { return inner }
                return [part]
            }
            parts = Self.distinct(parts).sorted { $0.text < $1.text }
        }
        let text = operation.rawValue + "(" + parts.map(\.text).joined(separator: ",") + ")"
        return MathematicalValue(.setTerm(operation.rawValue, parts), text: text)
    }
}
