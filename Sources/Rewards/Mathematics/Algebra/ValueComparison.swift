/// Compares a prediction's value with a gold's, after reading the prediction as a value of the gold's shape.
struct ValueComparison {
    var algebra: Algebra
    let policy: MathematicsPolicy
    private var guarantee = Guarantee.exact

    init(work: Work, policy: MathematicsPolicy) {
        algebra = Algebra(work: work)
        self.policy = policy
    }

    mutating func compare(_ gold: MathematicalValue, _ prediction: MathematicalValue) throws(AnswerProblem)
        -> Comparison
    {
        let isEqual = try equal(gold, prediction)
        return Comparison(isEqual: isEqual, guarantee: isEqual ? guarantee : .exact)
    }

    private mutating func equal(_ gold: MathematicalValue, _ prediction: MathematicalValue) throws(AnswerProblem)
        -> Bool
    {
        if gold.text == prediction.text, !gold.isDigest { return true }
        if let verdict = try equalWords(gold, prediction) { return verdict }
        switch (gold.node, prediction.node) {
        case (.scalar(let left), .scalar(let right)): return try equal(left, right)
        case (.infinity(let left), .infinity(let right)): return left == right
        case (.numeral(let left, let base), .numeral(let right, let other)): return base == other && left == right
        case (.measured(let left, let unit), .measured(let right, let other)):
            return unit == other ? try equal(left, right) : false
        case (.measured(let left, _), _) where isOptional(gold) && !prediction.isStatement:
            algebra.work.apply("a unit on one side only")
            return try equal(left, prediction)
        case (_, .measured(let right, _)) where isOptional(prediction) && !gold.isStatement:
            algebra.work.apply("a unit on one side only")
            return try equal(gold, right)
        case (.relation(let left), .relation(let right)): return try equal(left, right)
        case (.membership(let a, let s, let isNegated), .membership(let b, let t, let other)):
            return isNegated == other ? try both(a, b, s, t) : false
        case (.membership(let element, let set, false), .relation(let relation)):
            if let assigned = relation.assignedValue { return try both(element, relation.sides[0], set, assigned) }
            guard policy.relationAsSet || prediction.isJoined || gold.isJoined else { return false }
            return try sameConditions(gold, prediction)
        case (.relation(let relation), .membership(let element, let set, false)):
            if let assigned = relation.assignedValue { return try both(relation.sides[0], element, assigned, set) }
            guard policy.relationAsSet || prediction.isJoined || gold.isJoined else { return false }
            return try sameConditions(gold, prediction)
        case (.relation(let relation), _):
            if let assigned = relation.assignedValue, !assigned.isStatement {
                algebra.work.apply("the value of an assignment")
                return try equal(assigned, prediction)
            }
            return try holds(gold, on: prediction)
        case (_, .relation(let relation)):
            if let assigned = relation.assignedValue, !assigned.isStatement {
                algebra.work.apply("the value of an assignment")
                return try equal(gold, assigned)
            }
            return try holds(prediction, on: gold)
        case (.membership(_, let set, false), _):
            algebra.work.apply("the set of a membership")
            return try equal(set, prediction)
        case (_, .membership(_, let set, false)):
            algebra.work.apply("the set of a membership")
            return try equal(gold, set)
        case (.matrix(let left), .matrix(let right)): return try equal(left, right)
        case (.matrix(let rows), .tuple(let parts)) where policy.brackets == .loose:
            return try Self.vector(rows).map { entries throws(AnswerProblem) in try ordered(entries, parts) } ?? false
        case (.tuple(let parts), .matrix(let rows)) where policy.brackets == .loose:
            return try Self.vector(rows).map { entries throws(AnswerProblem) in try ordered(parts, entries) } ?? false
        case (.ratio(let left), .ratio(let right)):
            guard left.count == right.count else { return false }
            for (a, b) in zip(left, right) { guard try equal(a, b) else { return false } }
            return true
        default: return try equalCollections(gold, prediction)
        }
    }

    /// A degree sign that is there at all is there by the policy's demand.
    private func isOptional(_ value: MathematicalValue) -> Bool {
        if case .measured(_, "degree") = value.node { return false }
        return policy.units == .optional
    }

    private mutating func both(
        _ gold: MathematicalValue, _ prediction: MathematicalValue, _ otherGold: MathematicalValue,
        _ otherPrediction: MathematicalValue
    ) throws(AnswerProblem) -> Bool {
        try equal(gold, prediction) ? try equal(otherGold, otherPrediction) : false
    }

    private static func vector(_ rows: [[MathematicalValue]]) -> [MathematicalValue]? {
        if rows.count == 1 { return rows[0] }
        return rows.allSatisfy { $0.count == 1 } ? rows.map { $0[0] } : nil
    }

    /// Words against words, and against the products of letters that words are read as where nothing marks them.
    private func equalWords(_ gold: MathematicalValue, _ prediction: MathematicalValue) throws(AnswerProblem) -> Bool? {
        switch (gold.node, prediction.node) {
        case (.text(let left), .text(let right)): return left == right
        case (.text(let word), _): return prediction.letters.map { $0.lowercased() == word }
        case (_, .text(let word)): return gold.letters.map { $0.lowercased() == word }
        default: return nil
        }
    }

    // MARK: Scalars

    private mutating func note(_ comparison: Comparison) -> Bool {
        guard comparison.isEqual else { return false }
        switch (guarantee, comparison.guarantee) {
        case (.probability(let a), .probability(let b)): guarantee = .probability(bits: min(a, b))
        case (.exact, let other): guarantee = other
        case (.separationBound, .probability), (.separationBound, .tolerance), (.probability, .tolerance):
            guarantee = comparison.guarantee
        default: break
        }
        return true
    }

    private mutating func equal(_ left: Scalar, _ right: Scalar) throws(AnswerProblem) -> Bool {
        if policy.hasConstantOfIntegration { return try note(algebra.compareUpToConstant(left, right)) }
        if let places = policy.decimals, try algebra.areRounded(left, right, places) {
            algebra.work.apply("a rounded decimal")
            return note(Comparison(isEqual: true, guarantee: left == right ? .exact : .tolerance))
        }
        return try note(algebra.compare(left, right))
    }

    // MARK: Relations

    private mutating func equal(_ gold: RelationValue, _ prediction: RelationValue) throws(AnswerProblem) -> Bool {
        if let left = gold.renamed, let right = prediction.renamed, left.name == right.name {
            algebra.work.apply("a function under another name of its argument")
            return try equal(left.equation, right.equation)
        }
        if let left = gold.normalised, let right = prediction.normalised {
            if left.count == 1, right.count == 1 { return try equal(left[0], right[0]) }
            if try matched(left, right) { return true }
        }
        if gold.relations == prediction.relations, gold.sides.count == prediction.sides.count {
            var all = true
            for (a, b) in zip(gold.sides, prediction.sides) where all { all = try equal(a, b) }
            if all { return true }
        }
        // Chains of equations: what the first side is said to be.
        if gold.relations.contains(where: \.isOrder), prediction.relations.contains(where: \.isOrder) {
            return try sameConditions(
                MathematicalValue(.relation(gold), text: ""), MathematicalValue(.relation(prediction), text: ""))
        }
        guard gold.isNamed, prediction.isNamed, let left = gold.assignedValue, let right = prediction.assignedValue,
            try equal(gold.sides[0], prediction.sides[0])
        else { return false }
        return try equal(left, right)
    }

    private mutating func matched(
        _ gold: [NormalisedRelation], _ prediction: [NormalisedRelation]
    ) throws(AnswerProblem) -> Bool {
        guard gold.count == prediction.count else { return false }
        var left = prediction
        for relation in gold {
            var found: Int?
            for index in left.indices where found == nil {
                if try equal(relation, left[index]) { found = index }
            }
            guard let found else { return false }
            left.remove(at: found)
        }
        return true
    }

    private mutating func equal(
        _ gold: NormalisedRelation, _ prediction: NormalisedRelation
    ) throws(AnswerProblem) -> Bool {
        guard gold.kind == prediction.kind else { return false }
        if try note(algebra.compare(gold.difference, prediction.difference)) { return true }
        let isRational = gold.difference.isIndependent && prediction.difference.isIndependent
        guard !isRational, !gold.difference.isConstant, !prediction.difference.isConstant else { return false }
        let isSigned = gold.kind == .positive || gold.kind == .notNegative
        return try note(algebra.compareUpToFactor(gold.difference, prediction.difference, isPositive: isSigned))
    }

    /// Whether two statements about one name allow it the same numbers.
    private mutating func sameConditions(
        _ gold: MathematicalValue, _ prediction: MathematicalValue
    ) throws(AnswerProblem) -> Bool {
        var builder = ValueBuilder(work: algebra.work, policy: policy, side: .gold)
        defer { algebra.work = builder.algebra.work }
        guard let left = try builder.condition(gold), let right = try builder.condition(prediction),
            left.name == right.name
        else { return false }
        algebra.work = builder.algebra.work
        let isEqual = try equal(left.set, right.set)
        builder.algebra.work = algebra.work
        return isEqual
    }

    /// Whether inequalities describe the set.
    private mutating func holds(
        _ statement: MathematicalValue, on set: MathematicalValue
    ) throws(AnswerProblem) -> Bool {
        guard set.isSetLike else { return false }
        var builder = ValueBuilder(work: algebra.work, policy: policy, side: .gold)
        defer { algebra.work = builder.algebra.work }
        guard let condition = try builder.condition(statement), let region = builder.realSet(set) else { return false }
        builder.algebra.work.apply("an inequality as an interval")
        let merged = try builder.algebra.merged(region)
        algebra.work = builder.algebra.work
        let isEqual = try equal(condition.set, merged)
        builder.algebra.work = algebra.work
        return isEqual
    }

    // MARK: Collections

    private mutating func equal(
        _ gold: [[MathematicalValue]], _ prediction: [[MathematicalValue]]
    ) throws(AnswerProblem) -> Bool {
        guard gold.count == prediction.count else { return false }
        for (left, right) in zip(gold, prediction) { guard try ordered(left, right) else { return false } }
        return true
    }

    private mutating func equalCollections(
        _ gold: MathematicalValue, _ prediction: MathematicalValue
    ) throws(AnswerProblem) -> Bool {
        switch (gold.node, prediction.node) {
        case (.tuple(let left), .tuple(let right)): return try ordered(left, right)
        case (.set(let left), .set(let right)), (.set(let left), .list(let right)), (.list(let left), .set(let right)):
            return try unordered(left, right)
        case (.list(let left), .list(let right)):
            if Self.areNamed(left) != Self.areNamed(right) { return try ordered(left, right) }
            return try unordered(left, right)
        case (.tuple(let left), .list(let right)) where policy.brackets == .loose: return try ordered(left, right)
        case (.list(let left), .tuple(let right)) where policy.brackets == .loose: return try ordered(left, right)
        case (.tuple(let left), .set(let right)) where policy.brackets == .loose: return try unordered(left, right)
        case (.set(let left), .tuple(let right)) where policy.brackets == .loose: return try unordered(left, right)
        case (.region(let left), .region(let right)): return try equal(left, right)
        case (.region(let left), .tuple):
            let builder = ValueBuilder(work: algebra.work, policy: policy, side: .gold)
            return try builder.realSet(prediction).map { set throws(AnswerProblem) in try equal(left, set) } ?? false
        case (.tuple, .region(let right)):
            let builder = ValueBuilder(work: algebra.work, policy: policy, side: .gold)
            return try builder.realSet(gold).map { set throws(AnswerProblem) in try equal(set, right) } ?? false
        case (.setTerm(let left, let a), .setTerm(let right, let b)):
            guard left == right else { return false }
            return try left == SetOperation.difference.rawValue ? ordered(a, b) : unordered(a, b)
        case (.set(let parts), _) where parts.count == 1 && policy.brackets == .loose:
            return try equal(parts[0], prediction)
        case (_, .set(let parts)) where parts.count == 1 && policy.brackets == .loose:
            return try equal(gold, parts[0])
        default: return false
        }
    }

    /// Several names with a value each: their order carries meaning.
    private static func areNamed(_ values: [MathematicalValue]) -> Bool {
        var names = Set<String>()
        for value in values {
            guard case .relation(let relation) = value.node, relation.isNamed, relation.assigned != nil,
                names.insert(relation.sides[0].text).inserted
            else { return false }
        }
        return true
    }

    private mutating func equal(_ gold: RealSet, _ prediction: RealSet) throws(AnswerProblem) -> Bool {
        guard gold.intervals.count == prediction.intervals.count else { return false }
        for (left, right) in zip(gold.intervals, prediction.intervals) {
            guard left.isLowerOpen == right.isLowerOpen, left.isUpperOpen == right.isUpperOpen,
                try equal(left.lower, right.lower), try equal(left.upper, right.upper)
            else { return false }
        }
        return true
    }

    private mutating func equal(_ gold: RealSet.Bound, _ prediction: RealSet.Bound) throws(AnswerProblem) -> Bool {
        switch (gold, prediction) {
        case (.negativeInfinity, .negativeInfinity), (.positiveInfinity, .positiveInfinity): true
        case (.value(let left), .value(let right)): try equal(left, right)
        default: false
        }
    }

    private mutating func ordered(
        _ gold: [MathematicalValue], _ prediction: [MathematicalValue]
    ) throws(AnswerProblem) -> Bool {
        guard gold.count == prediction.count else { return false }
        for (left, right) in zip(gold, prediction) { guard try equal(left, right) else { return false } }
        return true
    }

    private mutating func unordered(
        _ gold: [MathematicalValue], _ prediction: [MathematicalValue]
    ) throws(AnswerProblem) -> Bool {
        guard gold.count == prediction.count else { return false }
        try algebra.work.spend(gold.count * gold.count)
        var left = prediction
        var problem: AnswerProblem?
        for value in gold {
            var found = left.firstIndex { $0.text == value.text && !$0.isDigest }
            for index in left.indices where found == nil {
                do {
                    if try equal(value, left[index]) { found = index }
                } catch {
                    guard case .undecided = error else { throw error }
                    problem = error
                }
            }
            guard let found else {
                if let problem { throw problem }
                return false
            }
            left.remove(at: found)
        }
        return true
    }
}

extension MathematicalValue {
    /// True or false rather than a value: a relation without a name that it gives a value to.
    var isStatement: Bool {
        switch node {
        case .relation(let relation): relation.assigned == nil
        case .membership: true
        default: false
        }
    }

    var isSetLike: Bool {
        switch node {
        case .region, .set, .setTerm, .tuple: true
        default: false
        }
    }
}

extension ValueBuilder {
    static func isInfinity(_ value: MathematicalValue) -> Bool {
        if case .infinity = value.node { return true }
        return false
    }
}
