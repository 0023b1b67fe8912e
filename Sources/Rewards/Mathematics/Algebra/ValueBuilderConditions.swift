/// Inequalities in one name, as the part of the line on which they hold.
extension ValueBuilder {
    /// A name and the real numbers that it may stand for.
    struct Condition {
        var name: String
        var set: RealSet
    }

    /// The condition that an inequality, a chain of them or a membership states; `nil` where it is of another kind.
    mutating func condition(_ value: MathematicalValue) throws(AnswerProblem) -> Condition? {
        switch value.node {
        case .relation(let relation): return try condition(relation)
        case .membership(let element, let set, let isNegated):
            guard let name = element.scalar?.bareName, let region = realSet(set) else { return nil }
            guard isNegated else { return Condition(name: name, set: try algebra.merged(region)) }
            return Condition(name: name, set: try algebra.combine(.reals, region) { $0 && !$1 })
        default: return nil
        }
    }

    private mutating func condition(_ relation: RelationValue) throws(AnswerProblem) -> Condition? {
        var result: Condition?
        for (index, kind) in relation.relations.enumerated() {
            let (left, right) = (relation.sides[index], relation.sides[index + 1])
            if Self.isEmptyBound(left, kind, right) { continue }
            guard let a = left.scalar, let b = right.scalar,
                let next = try condition(algebra.subtract(a, b), kind)
            else { return nil }
            guard let known = result else {
                result = next
                continue
            }
            guard known.name == next.name else { return nil }
            result = Condition(name: known.name, set: try algebra.combine(known.set, next.set) { $0 && $1 })
        }
        return result
    }

    /// `x < ∞`, `-∞ < x`: true of every number.
    private static func isEmptyBound(
        _ left: MathematicalValue, _ relation: MathRelation, _ right: MathematicalValue
    ) -> Bool {
        switch (left.node, relation, right.node) {
        case (.infinity(-1), .less, .scalar), (.infinity(-1), .lessOrEqual, .scalar): true
        case (.infinity(1), .greater, .scalar), (.infinity(1), .greaterOrEqual, .scalar): true
        case (.scalar, .less, .infinity(1)), (.scalar, .lessOrEqual, .infinity(1)): true
        case (.scalar, .greater, .infinity(-1)), (.scalar, .greaterOrEqual, .infinity(-1)): true
        default: false
        }
    }

    /// Where `difference relation 0` holds, for a difference that is linear in a name or in the size of such a term.
    private mutating func condition(
        _ difference: Scalar, _ relation: MathRelation
    ) throws(AnswerProblem) -> Condition? {
        guard let (generator, slope, rest) = difference.linearParts, let side = try algebra.sign(slope), side != 0
        else { return nil }
        let bound = try algebra.divide(rest.negated, slope)
        guard bound.isReal else { return nil }
        var relation = relation
        if side < 0 { relation = relation.reversed }
        switch generator.kind {
        case .variable, .symbolic:
            guard let set = Self.ray(relation, bound) else { return nil }
            return Condition(name: generator.key, set: set)
        case .call(.abs, let arguments):
            guard arguments.count == 1, let inner = arguments[0].linearParts, try algebra.sign(bound) == 1,
                inner.generator.isName, let direction = try algebra.sign(inner.slope), direction != 0
            else { return nil }
            var ends: [Scalar] = []
            for end in [bound.negated, bound] {
                ends.append(try algebra.divide(algebra.subtract(end, inner.rest), inner.slope))
            }
            if direction < 0 { ends.reverse() }
            let isOpen = relation == .less || relation == .greaterOrEqual
            let inside = RealSet(intervals: [
                RealSet.Interval(
                    lower: .value(ends[0]), isLowerOpen: isOpen, upper: .value(ends[1]), isUpperOpen: isOpen)
            ])
            switch relation {
            case .less, .lessOrEqual: return Condition(name: inner.generator.key, set: inside)
            case .greater, .greaterOrEqual:
                return Condition(
                    name: inner.generator.key, set: try algebra.combine(.reals, inside) { $0 && !$1 })
            default: return nil
            }
        default: return nil
        }
    }

    private static func ray(_ relation: MathRelation, _ bound: Scalar) -> RealSet? {
        func below(_ isOpen: Bool) -> RealSet.Interval {
            RealSet.Interval(
                lower: .negativeInfinity, isLowerOpen: true, upper: .value(bound), isUpperOpen: isOpen)
        }
        func above(_ isOpen: Bool) -> RealSet.Interval {
            RealSet.Interval(
                lower: .value(bound), isLowerOpen: isOpen, upper: .positiveInfinity, isUpperOpen: true)
        }
        switch relation {
        case .less: return RealSet(intervals: [below(true)])
        case .lessOrEqual: return RealSet(intervals: [below(false)])
        case .greater: return RealSet(intervals: [above(true)])
        case .greaterOrEqual: return RealSet(intervals: [above(false)])
        case .notEqual: return RealSet(intervals: [below(true), above(true)])
        default: return nil
        }
    }

    /// Inequalities joined by `or` or by `and`: a membership in what they describe; `nil` where they describe no part
    /// of the line.
    mutating func joined(
        _ operation: SetOperation, _ parts: [MathematicalValue]
    ) throws(AnswerProblem) -> MathematicalValue? {
        guard parts.count <= 24, let first = parts.first, var result = try condition(first) else { return nil }
        for part in parts.dropFirst() {
            guard let next = try condition(part), next.name == result.name else { return nil }
            result.set = try algebra.combine(result.set, next.set) { operation == .union ? $0 || $1 : $0 && $1 }
        }
        let name = MathematicalValue(.scalar(Scalar(.variable(result.name))), text: result.name)
        let region = try region(result.set)
        var value = MathematicalValue(
            .membership(name, region, isNegated: false), text: "\(name.text)∈\(region.text)")
        value.isJoined = true
        return value
    }

    /// `{x | conditions}` as the set of numbers that it describes.
    mutating func described(_ parts: [MathExpression]) throws(AnswerProblem) -> MathematicalValue? {
        guard parts.count > 1, parts.count <= 8 else { return nil }
        let name: String
        var set = RealSet.reals
        switch try value(parts[0]).node {
        case .scalar(let scalar):
            guard let bare = scalar.bareName else { return nil }
            name = bare
        case .membership(let element, let domain, false):
            guard let bare = element.scalar?.bareName, let region = realSet(domain) else { return nil }
            name = bare
            set = try algebra.merged(region)
        default: return nil
        }
        for part in parts.dropFirst() {
            guard let next = try condition(value(part)), next.name == name else { return nil }
            set = try algebra.combine(set, next.set) { $0 && $1 }
        }
        return try region(set)
    }
}

extension MathRelation {
    /// The relation of the negatives of both sides.
    var reversed: MathRelation {
        switch self {
        case .less: .greater
        case .lessOrEqual: .greaterOrEqual
        case .greater: .less
        case .greaterOrEqual: .lessOrEqual
        default: self
        }
    }

    var isOrder: Bool {
        switch self {
        case .less, .lessOrEqual, .greater, .greaterOrEqual, .notEqual: true
        default: false
        }
    }
}

extension Generator {
    /// A variable or a name with arguments, and no value.
    var isName: Bool {
        switch kind {
        case .variable, .symbolic: true
        default: false
        }
    }
}

extension Scalar {
    /// The name where the scalar is one, without factor or exponent.
    var bareName: String? {
        guard let (generator, slope, rest) = linearParts, generator.isName, slope == .one, rest.isZero else {
            return nil
        }
        return generator.key
    }

    /// `slope · generator + rest` with constants, in the one generator that is none.
    var linearParts: (generator: Generator, slope: Scalar, rest: Scalar)? {
        guard let polynomial, polynomial.terms.count <= 16 else { return nil }
        var found: Generator?
        var (slope, rest): ([Polynomial.Term], [Polynomial.Term]) = ([], [])
        for term in polynomial.terms {
            let names = term.monomial.factors.filter { !$0.generator.isConstant }
            guard let factor = names.first else {
                rest.append(term)
                continue
            }
            guard names.count == 1, factor.exponent == .one, found == nil || found == factor.generator else {
                return nil
            }
            found = factor.generator
            slope.append(
                Polynomial.Term(monomial: term.monomial.without(factor.generator), coefficient: term.coefficient))
        }
        guard let found else { return nil }
        return (found, Scalar(Polynomial(sum: slope)), Scalar(Polynomial(sum: rest)))
    }
}
