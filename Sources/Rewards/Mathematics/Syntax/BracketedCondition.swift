extension MathExpression {
    /// `2kπ (k ∈ ℤ)`: a value and the membership in brackets behind it, which reads as a factor.
    var partedCondition: (value: MathExpression, condition: MathExpression)? {
        switch self {
        case .product(var parts):
            guard parts.count > 1, let last = parts.popLast() else { return nil }
            if case .membership = last { return (parts.count == 1 ? parts[0] : .product(parts), last) }
            guard let (value, condition) = last.partedCondition else { return nil }
            return (.product(parts + [value]), condition)
        case .sum(var parts):
            guard parts.count > 1, let last = parts.popLast(), let (value, condition) = last.partedCondition else {
                return nil
            }
            return (.sum(parts + [value]), condition)
        case .relation(let first, var links):
            guard var last = links.popLast(), let (value, condition) = last.right.partedCondition else { return nil }
            last.right = value
            return (.relation(first, links + [last]), condition)
        default: return nil
        }
    }
}
