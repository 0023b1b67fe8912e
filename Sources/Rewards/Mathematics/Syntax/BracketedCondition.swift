extension MathExpression {
    /// `2kπ (k ∈ ℤ)`: a value and the membership in brackets behind it, which reads as a factor.
    var partedCondition: (value: MathExpression, condition: MathExpression)? {
        guard endsWithCondition else { return nil }
        switch self {
        case .product(var parts):
            guard let last = parts.popLast() else { return nil }
            if case .membership = last { return (parts.count == 1 ? parts[0] : .product(parts), last) }
            return last.partedCondition.map { (.product(parts + [$0.value]), $0.condition) }
        case .sum(var parts):
            guard let last = parts.popLast() else { return nil }
            return last.partedCondition.map { (.sum(parts + [$0.value]), $0.condition) }
        case .relation(let first, var links):
            guard let last = links.popLast(), let (value, condition) = last.right.partedCondition else { return nil }
            links.append(RelationLink(relation: last.relation, right: value))
            return (.relation(first, links), condition)
        default: return nil
        }
    }

    private var endsWithCondition: Bool {
        switch self {
        case .product(let parts):
            guard parts.count > 1, let last = parts.last else { return false }
            if case .membership = last { return true }
            return last.endsWithCondition
        case .sum(let parts): return parts.last?.endsWithCondition ?? false
        case .relation(_, let links): return links.last?.right.endsWithCondition ?? false
        default: return false
        }
    }
}
