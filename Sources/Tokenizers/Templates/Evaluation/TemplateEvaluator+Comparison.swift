/// Python's comparisons.
extension TemplateEvaluator {
    func holds(
        _ left: TemplateValue, _ operation: ComparisonOperator, _ right: TemplateValue
    ) throws(TemplateError) -> Bool {
        switch operation {
        case .equal: try isEqual(left, right)
        case .unequal: try !isEqual(left, right)
        case .contained: try contains(right, left)
        case .notContained: try !contains(right, left)
        case .less, .lessOrEqual, .greater, .greaterOrEqual: try isOrdered(left, operation, right)
        }
    }

    func isEqual(_ left: TemplateValue, _ right: TemplateValue) throws(TemplateError) -> Bool {
        try work.charge()
        switch (left, right) {
        case (.text(let left), .text(let right)):
            try work.charge(min(left.count, right.count) / 16)
            return left == right
        case (.markup, .text), (.text, .markup), (.markup, .markup):
            throw unsupported("comparing a value of type Markup")
        case (.none, .none), (.undefined, .undefined): return true
        case (.list(let left), .list(let right)), (.tuple(let left), .tuple(let right)):
            guard left.elements.count == right.elements.count else { return false }
            for (left, right) in zip(left.elements, right.elements) where try !isEqual(left, right) { return false }
            return true
        case (.dictionary(let left), .dictionary(let right)):
            guard left.entries.count == right.entries.count else { return false }
            for entry in left.entries {
                try work.charge(1 + right.entries.count / 8)
                guard let other = try member(entry.key, of: right), try isEqual(entry.value, other) else {
                    return false
                }
            }
            return true
        case (.namespace(let left), .namespace(let right)): return left === right
        case (.macro(let left), .macro(let right)): return left === right
        case (.iterator(let left), .iterator(let right)): return left === right
        case (.loop(let left), .loop(let right)): return left === right
        case (.function(let left), .function(let right)): return left == right
        case (.bigInteger(let left), .bigInteger(let right)): return left == right
        case (.bigInteger, .float), (.float, .bigInteger):
            throw unsupported("comparing a float with an integer beyond 64 bits")
        case (.view, .view), (.method, .method):
            throw unsupported("comparing values of type \(left.typeName)")
        default:
            if let order = numericOrder(left, right) { return order == .same }
            return false
        }
    }

    private enum Order {
        case ascending, same, descending
        /// One of them is no number.
        case none
    }

    /// `nil` unless both are numbers.
    private func numericOrder(_ left: TemplateValue, _ right: TemplateValue) -> Order? {
        func order<Value: Comparable>(_ left: Value, _ right: Value) -> Order {
            left < right ? .ascending : left > right ? .descending : left == right ? .same : .none
        }
        func integer(_ value: TemplateValue) -> Int? {
            switch value {
            case .bool(let value): value ? 1 : 0
            case .integer(let value): value
            default: nil
            }
        }
        switch (integer(left), integer(right), left, right) {
        case (let left?, let right?, _, _): return order(left, right)
        case (let left?, nil, _, .float(let right)):
            if let exact = Int(exactly: right) { return order(left, exact) }
            return order(Double(left), right)
        case (nil, let right?, .float(let left), _):
            if let exact = Int(exactly: left) { return order(exact, right) }
            return order(left, Double(right))
        case (nil, nil, .float(let left), .float(let right)): return order(left, right)
        default: return nil
        }
    }

    func isOrdered(
        _ left: TemplateValue, _ operation: ComparisonOperator, _ right: TemplateValue
    ) throws(TemplateError) -> Bool {
        let order: Order
        if let numeric = numericOrder(left, right) {
            order = numeric
        } else {
            switch (left, right) {
            case (.text(let left), .text(let right)):
                try work.charge(1 + min(left.count, right.count) / 16)
                order =
                    left == right
                    ? .same : left.scalars.lexicographicallyPrecedes(right.scalars) ? .ascending : .descending
            case (.list(let left), .list(let right)), (.tuple(let left), .tuple(let right)):
                for (left, right) in zip(left.elements, right.elements) where try !isEqual(left, right) {
                    return try isOrdered(left, operation, right)
                }
                let (first, second) = (left.elements.count, right.elements.count)
                order = first < second ? .ascending : first > second ? .descending : .same
            case (.undefined(let undefined), _), (_, .undefined(let undefined)):
                throw failure("UndefinedError: \(undefined.message)")
            case (.markup, _), (_, .markup): throw unsupported("comparing a value of type Markup")
            default:
                throw failure(
                    "TypeError: '\(operation.rawValue)' not supported between instances of '\(left.typeName)' and "
                        + "'\(right.typeName)'")
            }
        }
        switch operation {
        case .less: return order == .ascending
        case .lessOrEqual: return order == .ascending || order == .same
        case .greater: return order == .descending
        default: return order == .descending || order == .same
        }
    }

    func contains(_ container: TemplateValue, _ value: TemplateValue) throws(TemplateError) -> Bool {
        switch container {
        case .text(let text):
            switch value {
            case .text(let needle): return try text.contains(needle, work)
            case .markup: throw unsupported("searching for a value of type Markup")
            default:
                throw failure("TypeError: 'in <string>' requires string as left operand, not \(value.typeName)")
            }
        case .dictionary(let dictionary):
            guard isHashable(value) else { throw failure("TypeError: unhashable type: '\(value.typeName)'") }
            try work.charge(1 + dictionary.entries.count / 8)
            return try member(value, of: dictionary) != nil
        case .iterator(let iterator):
            while let element = iterator.next() { if try isEqual(element, value) { return true } }
            return false
        case .list, .tuple, .view, .undefined:
            for element in try elements(of: container) where try isEqual(element, value) { return true }
            return false
        case .markup, .loop, .namespace: throw unsupported("`in` a value of type \(container.typeName)")
        default: throw failure("TypeError: argument of type '\(container.typeName)' is not iterable")
        }
    }

    /// Sorted by keys, equal ones in their order; backwards, equal ones still in their order.
    func sorted(
        _ values: [TemplateValue], descending: Bool = false,
        by key: (TemplateValue) throws(TemplateError) -> TemplateValue
    ) throws(TemplateError) -> [TemplateValue] {
        var items: [(key: TemplateValue, value: TemplateValue)] = []
        for value in values { items.append((try key(value), value)) }
        return try mergeSorted(items, descending).map(\.value)
    }

    private func mergeSorted(
        _ items: [(key: TemplateValue, value: TemplateValue)], _ descending: Bool
    ) throws(TemplateError) -> [(key: TemplateValue, value: TemplateValue)] {
        guard items.count > 1 else { return items }
        try work.charge(items.count)
        let left = try mergeSorted(Array(items[..<(items.count / 2)]), descending)
        let right = try mergeSorted(Array(items[(items.count / 2)...]), descending)
        var result: [(key: TemplateValue, value: TemplateValue)] = []
        result.reserveCapacity(items.count)
        var (first, second) = (0, 0)
        while first < left.count, second < right.count {
            let isRightFirst =
                descending
                ? try isOrdered(left[first].key, .less, right[second].key)
                : try isOrdered(right[second].key, .less, left[first].key)
            if isRightFirst {
                result.append(right[second])
                second += 1
            } else {
                result.append(left[first])
                first += 1
            }
        }
        return result + left[first...] + right[second...]
    }
}
