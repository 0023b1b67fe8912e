extension ValueBuilder {
    mutating func relation(
        _ first: MathExpression, _ links: [MathExpression.RelationLink]
    ) throws(AnswerProblem) -> MathematicalValue {
        let sides = try values([first] + links.map(\.right))
        let relations = links.map(\.relation)
        let isLastOfChain = policy.chains == .last && links.count > 1 && first.isNameable
        if side == .prediction, !isLastOfChain { try refuseFalse(sides, relations) }
        var relation = RelationValue(
            sides: sides, relations: relations, normalised: nil, assigned: nil, isNamed: first.isNameable)
        relation.assigned = assigned(first, sides, relations)
        relation.normalised = try normalised(sides, relations)
        relation.renamed = try renamed(first, links)
        let text: String
        if let renamed = relation.renamed {
            text = try texts([renamed.equation]).joined()
        } else if let normalised = relation.normalised {
            text = try texts(normalised).joined(separator: " ∧ ")
        } else {
            text = zip([""] + relations.map(\.rawValue), sides).map { $0 + $1.text }.joined()
        }
        return MathematicalValue(.relation(relation), text: text)
    }

    /// An equation that defines a function: an application to different lower-case letters on its left. Capital letters
    /// are events or sets more often than arguments.
    private mutating func renamed(
        _ first: MathExpression, _ links: [MathExpression.RelationLink]
    ) throws(AnswerProblem) -> RenamedFunction? {
        guard links.count == 1, links[0].relation == .equal, case .application(let function, let arguments) = first,
            arguments.count <= 4, function != "cases", function != "set builder"
        else { return nil }
        var (names, right) = (Set<String>(), links[0].right)
        for (index, argument) in arguments.enumerated() {
            guard case .symbol(let name) = argument, name.utf8.count == 1,
                name.utf8.allSatisfy({ (0x61...0x7A).contains($0) }), names.insert(name).inserted
            else { return nil }
            right = right.substituting(name, .symbol("#\(index + 1)"))
        }
        guard case .scalar(let body) = try value(right).node else { return nil }
        let name = "\(function)/\(arguments.count)"
        let difference = try algebra.subtract(Scalar(.symbolic(name)), body)
        return RenamedFunction(name: name, equation: try algebra.equation(difference, .equal))
    }

    /// The place of the value in `name = … = value`. After `≈` stands an approximation, which is the value only where
    /// there is no other.
    private func assigned(
        _ first: MathExpression, _ sides: [MathematicalValue], _ relations: [MathRelation]
    ) -> Int? {
        guard relations.allSatisfy({ $0 == .equal || $0 == .approximately }) else { return nil }
        let isConstant = sides.allSatisfy { $0.scalar?.isConstant ?? false }
        guard first.isNameable || (side == .prediction && isConstant && sides.count == 2) else { return nil }
        let exact = relations.firstIndex(of: .approximately) ?? relations.count
        return exact > 0 ? exact : 1
    }

    /// A prediction whose equations between numbers are false is no answer.
    private mutating func refuseFalse(
        _ sides: [MathematicalValue], _ relations: [MathRelation]
    ) throws(AnswerProblem) {
        var known: Scalar?
        for index in sides.indices {
            if index > 0, relations[index - 1] != .equal { known = nil }
            guard let scalar = sides[index].scalar, scalar.isConstant else { continue }
            if let other = known {
                let test: Bool
                do {
                    test = try algebra.isZero(algebra.subtract(scalar, other))
                } catch {
                    guard case .undecided = error else { throw error }
                    test = true
                }
                if !test {
                    throw .refused("an equation that is false: \(other.text) is not \(scalar.text)")
                }
            }
            known = scalar
        }
    }

    private mutating func texts(_ relations: [NormalisedRelation]) throws(AnswerProblem) -> [String] {
        var texts: [String] = []
        for relation in relations {
            texts.append(try algebra.canonicalText(relation.difference) + relation.kind.rawValue + "0")
        }
        return texts.sorted()
    }

    private mutating func normalised(
        _ sides: [MathematicalValue], _ relations: [MathRelation]
    ) throws(AnswerProblem) -> [NormalisedRelation]? {
        var result: [NormalisedRelation] = []
        for (index, relation) in relations.enumerated() {
            guard let left = sides[index].scalar, let right = sides[index + 1].scalar else { return nil }
            let difference = try algebra.subtract(left, right)
            switch relation {
            case .equal: result.append(try algebra.equation(difference, .equal))
            case .notEqual: result.append(try algebra.equation(difference, .notEqual))
            case .greater: result.append(try algebra.inequality(difference, .positive))
            case .greaterOrEqual: result.append(try algebra.inequality(difference, .notNegative))
            case .less: result.append(try algebra.inequality(difference.negated, .positive))
            case .lessOrEqual: result.append(try algebra.inequality(difference.negated, .notNegative))
            default: return nil
            }
        }
        return result
    }
}

extension Algebra {
    /// The zeros of the numerator, its leading coefficient one.
    mutating func equation(
        _ difference: Scalar, _ kind: NormalisedRelation.Kind
    ) throws(AnswerProblem) -> NormalisedRelation {
        var numerator = difference.numerator
        for generator in numerator.generators where !generator.isConstant {
            let least = numerator.terms.map { $0.monomial.exponent(of: generator) }.min() ?? .zero
            if least.signum < 0 {
                numerator = try numerator.multiplied(by: Polynomial(Monomial(generator, -least)), work: &work)
            }
        }
        let cleared = Scalar(numerator)
        guard let leading = leadingConstant(numerator), !leading.isZero else {
            return NormalisedRelation(kind: kind, difference: cleared)
        }
        return NormalisedRelation(kind: kind, difference: try divide(cleared, leading))
    }

    /// Divided by the size of the leading coefficient.
    mutating func inequality(
        _ difference: Scalar, _ kind: NormalisedRelation.Kind
    ) throws(AnswerProblem) -> NormalisedRelation {
        guard let leading = leadingConstant(difference.numerator), leading.isReal, let side = try sign(leading),
            side != 0
        else { return NormalisedRelation(kind: kind, difference: difference) }
        let size = side < 0 ? leading.negated : leading
        return NormalisedRelation(kind: kind, difference: try divide(difference, size))
    }

    /// The constant factor of the greatest product of variables; the rational content where all is constant.
    private func leadingConstant(_ polynomial: Polynomial) -> Scalar? {
        func variables(_ monomial: Monomial) -> [Monomial.Factor] {
            monomial.factors.filter { !$0.generator.isConstant }
        }
        guard let first = polynomial.terms.first else { return nil }
        let leading = variables(first.monomial)
        if leading.isEmpty { return .rational(Scalar(polynomial).content) }
        let terms = polynomial.terms.filter { variables($0.monomial) == leading }.map { term in
            Polynomial.Term(
                monomial: Monomial(factors: term.monomial.factors.filter(\.generator.isConstant)),
                coefficient: term.coefficient)
        }
        return Scalar(Polynomial(sum: terms))
    }
}
