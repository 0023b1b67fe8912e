extension MathExpression {
    /// The expression with every part replaced for which `change` has a replacement, outermost first.
    func replacing(_ change: (MathExpression) -> MathExpression?) -> MathExpression {
        if let replacement = change(self) { return replacement }
        func all(_ parts: [MathExpression]) -> [MathExpression] { parts.map { $0.replacing(change) } }
        switch self {
        case .number, .constant, .symbol, .text, .namedSet, .numeral: return self
        case .sum(let parts): return .sum(all(parts))
        case .product(let parts): return .product(all(parts))
        case .call(let function, let parts): return .call(function, all(parts))
        case .application(let name, let parts): return .application(name, all(parts))
        case .tuple(let parts): return .tuple(all(parts))
        case .set(let parts): return .set(all(parts))
        case .list(let parts): return .list(all(parts))
        case .setOperation(let operation, let parts): return .setOperation(operation, all(parts))
        case .ratio(let parts): return .ratio(all(parts))
        case .power(let left, let right): return .power(left.replacing(change), right.replacing(change))
        case .membership(let left, let right, let isNegated):
            return .membership(left.replacing(change), right.replacing(change), isNegated: isNegated)
        case .plusMinus(let inner): return .plusMinus(inner.replacing(change))
        case .percent(let inner): return .percent(inner.replacing(change))
        case .degrees(let inner): return .degrees(inner.replacing(change))
        case .measured(let inner, let unit): return .measured(inner.replacing(change), unit: unit)
        case .operation(let operation, let body, let variable, let from, let to):
            return .operation(
                operation, body: body.replacing(change), variable: variable?.replacing(change),
                from: from?.replacing(change), to: to?.replacing(change))
        case .relation(let first, let links):
            return .relation(
                first.replacing(change),
                links.map { RelationLink(relation: $0.relation, right: $0.right.replacing(change)) })
        case .interval(let lower, let isLowerOpen, let upper, let isUpperOpen):
            return .interval(
                lower: lower.replacing(change), isLowerOpen: isLowerOpen, upper: upper.replacing(change),
                isUpperOpen: isUpperOpen)
        case .matrix(let rows): return .matrix(rows.map(all))
        }
    }

    func substituting(_ name: String, _ value: MathExpression) -> MathExpression {
        replacing { $0 == .symbol(name) ? value : nil }
    }

    /// One of the two readings of `±`; nothing where there is none.
    func choosing(plus: Bool) -> MathExpression {
        replacing { part in
            guard case .plusMinus(let inner) = part else { return nil }
            let chosen = inner.choosing(plus: plus)
            return plus ? chosen : .product([.number(-1), chosen])
        }
    }

    /// An inequality or a chain of them.
    var isInequality: Bool {
        guard case .relation(_, let links) = self else { return false }
        return links.allSatisfy { $0.relation.isOrder }
    }

    var hasPlusMinus: Bool { ExpressionTraits(self).hasPlusMinus }

    /// The letters of a word that was read as a product of symbols: `odd`.
    var letters: String? {
        switch self {
        case .symbol(let name): return name
        case .constant(.e): return "e"
        case .constant(.i): return "i"
        case .product(let parts):
            var word = ""
            for part in parts {
                guard let letters = part.letters, letters.utf8.count == 1 || part.isSymbol else { return nil }
                word += letters
            }
            return word
        default: return nil
        }
    }

    /// Capital letters, as the ends of a segment have.
    private var isPointName: Bool {
        letters.map { $0.utf8.allSatisfy { (0x41...0x5A).contains($0) } } ?? false
    }

    /// `m∠ABC`
    private var isAngleMeasure: Bool {
        guard case .product(let parts) = self, parts.count == 2, parts[0] == .symbol("m"),
            case .symbol(let name) = parts[1]
        else { return false }
        return name.hasPrefix("angle{") || name.hasPrefix("measuredangle{")
    }

    private var isSymbol: Bool {
        if case .symbol = self { return true }
        return false
    }

    /// May stand on the left of `=` as the name of what is asked for.
    var isNameable: Bool {
        switch self {
        case .symbol, .application, .text: true
        case .tuple(let parts), .list(let parts): parts.allSatisfy(\.isNameable)
        case .product(let parts):
            // Ratios of segments and products of letters that are one name: `NO/BO`.
            parts.allSatisfy { part in
                if case .power(let base, .number(-1)) = part { return base.isPointName }
                return part.isPointName
            } || isAngleMeasure
        case .measured(let inner, _): inner.isNameable
        case .call(.abs, let parts): parts.count == 1 && parts[0].isPointName
        case .ratio(let parts): parts.allSatisfy { $0.letters != nil }
        default: false
        }
    }
}
