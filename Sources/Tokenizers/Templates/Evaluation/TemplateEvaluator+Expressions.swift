extension TemplateEvaluator {
    /// - Parameter caller: what `{% call %}` adds to the arguments of the call that `expression` is.
    func evaluate(
        _ expression: TemplateExpression, _ scope: TemplateScope, caller: TemplateValue? = nil
    ) throws(TemplateError) -> TemplateValue {
        try work.enter()
        defer { work.leave() }
        try work.charge()
        work.line = expression.line
        switch expression.kind {
        case .literal(let literal): return literal.value
        case .name(let name): return value(of: name, in: scope)
        case .tuple(let elements): return try tuple(try values(of: elements, scope))
        case .list(let elements): return try list(try values(of: elements, scope))
        case .dictionary(let pairs):
            var entries: [TemplateDictionary.Entry] = []
            for pair in pairs {
                let key = try evaluate(pair.key, scope)
                try insert(key, try evaluate(pair.value, scope), into: &entries)
            }
            return try dictionary(entries)
        case .attribute(let operand, let name): return try attribute(name, of: try evaluate(operand, scope))
        case .item(let operand, let key):
            let value = try evaluate(operand, scope)
            return try item(try evaluate(key, scope), of: value)
        case .slice(let operand, let start, let stop, let stride):
            let value = try evaluate(operand, scope)
            return try slice(
                value, try bound(start, scope), try bound(stop, scope), try bound(stride, scope))
        case .call(let function, let arguments):
            let function = try evaluate(function, scope)
            var arguments = try evaluate(arguments, scope)
            if let caller { arguments.named.append(("caller", caller)) }
            work.line = expression.line
            return try call(function, arguments)
        case .filter(let operand, let filter, let arguments):
            guard let operand else { throw failure("a filter without an operand") }
            let value = try evaluate(operand, scope)
            let arguments = try evaluate(arguments, scope)
            work.line = expression.line
            return try apply(filter, to: value, arguments)
        case .test(let operand, let test, let arguments):
            let value = try evaluate(operand, scope)
            return .bool(try passes(test, value, try evaluate(arguments, scope)))
        case .negation(let operand): return .bool(try !isTrue(try evaluate(operand, scope)))
        case .minus(let operand): return try negative(try evaluate(operand, scope))
        case .plus(let operand): return try positive(try evaluate(operand, scope))
        case .arithmetic(let first, let steps):
            var result = try evaluate(first, scope)
            for step in steps {
                let operand = try evaluate(step.operand, scope)
                work.line = step.operand.line
                result = try combine(result, step.operation, operand)
            }
            return result
        case .concatenation(let operands):
            var result = TemplateText()
            for operand in operands { result.append(try text(try evaluate(operand, scope))) }
            try work.charge(scalars: result.count)
            return .text(result)
        case .comparison(let first, let steps): return try compare(first, steps, scope)
        case .and(let operands): return try firstOperand(operands, thatIs: false, scope)
        case .or(let operands): return try firstOperand(operands, thatIs: true, scope)
        case .conditional(let test, let then, let otherwise):
            if try isTrue(try evaluate(test, scope)) { return try evaluate(then, scope) }
            guard let otherwise else {
                return undefined("the inline if-expression evaluated to false and no else section was defined")
            }
            return try evaluate(otherwise, scope)
        }
    }

    private func firstOperand(
        _ operands: [TemplateExpression], thatIs wanted: Bool, _ scope: TemplateScope
    ) throws(TemplateError) -> TemplateValue {
        var last = TemplateValue.none
        for operand in operands {
            last = try evaluate(operand, scope)
            if try isTrue(last) == wanted { return last }
        }
        return last
    }

    /// Chained as in Python: `a < b < c` is `a < b and b < c`.
    private func compare(
        _ first: TemplateExpression, _ steps: [TemplateExpression.ComparisonStep], _ scope: TemplateScope
    ) throws(TemplateError) -> TemplateValue {
        var left = try evaluate(first, scope)
        for step in steps {
            let right = try evaluate(step.operand, scope)
            work.line = step.operand.line
            guard try holds(left, step.operation, right) else { return .bool(false) }
            left = right
        }
        return .bool(true)
    }

    private func values(
        of expressions: [TemplateExpression], _ scope: TemplateScope
    ) throws(TemplateError) -> [TemplateValue] {
        var values: [TemplateValue] = []
        values.reserveCapacity(expressions.count)
        for expression in expressions { values.append(try evaluate(expression, scope)) }
        return values
    }

    private func bound(
        _ expression: TemplateExpression?, _ scope: TemplateScope
    ) throws(TemplateError) -> TemplateValue? {
        guard let expression else { return nil }
        return try evaluate(expression, scope)
    }

    func evaluate(
        _ arguments: TemplateExpression.CallArguments, _ scope: TemplateScope
    ) throws(TemplateError) -> TemplateArguments {
        var result = TemplateArguments(positional: try values(of: arguments.positional, scope))
        for argument in arguments.named {
            result.named.append((argument.name, try evaluate(argument.value, scope)))
        }
        if let spread = arguments.spread { result.positional += try elements(of: try evaluate(spread, scope)) }
        if let spread = arguments.namedSpread {
            guard case .dictionary(let dictionary) = try evaluate(spread, scope) else {
                throw failure("TypeError: argument after ** must be a mapping")
            }
            for entry in dictionary.entries {
                guard case .text(let name) = entry.key else { throw failure("TypeError: keywords must be strings") }
                let string = name.string
                if result.named.contains(where: { $0.name == string }) {
                    throw failure("TypeError: got multiple values for keyword argument `\(string)`")
                }
                result.named.append((string, entry.value))
            }
        }
        return result
    }

    /// Applies `| a | b` whose first operand is given.
    func apply(
        _ expression: TemplateExpression, to value: TemplateValue, _ scope: TemplateScope
    ) throws(TemplateError) -> TemplateValue {
        guard case .filter(let operand, let filter, let arguments) = expression.kind else {
            throw failure("a filter was expected")
        }
        let inner = try operand.map { (operand) throws(TemplateError) in try apply(operand, to: value, scope) } ?? value
        let values = try evaluate(arguments, scope)
        work.line = expression.line
        return try apply(filter, to: inner, values)
    }

    // MARK: Containers

    func list(_ elements: [TemplateValue]) throws(TemplateError) -> TemplateValue {
        .list(try checked(TemplateList(elements)))
    }

    func tuple(_ elements: [TemplateValue]) throws(TemplateError) -> TemplateValue {
        .tuple(try checked(TemplateList(elements)))
    }

    func iterator(_ elements: [TemplateValue]) throws(TemplateError) -> TemplateValue {
        .iterator(TemplateIterator(try checked(TemplateList(elements)).elements))
    }

    func checked(_ list: TemplateList) throws(TemplateError) -> TemplateList {
        try work.charge(1 + list.elements.count / 4)
        try work.checkNesting(list.depth)
        return list
    }

    func dictionary(_ entries: [TemplateDictionary.Entry]) throws(TemplateError) -> TemplateValue {
        try work.charge(1 + entries.count / 4)
        let dictionary = TemplateDictionary(entries)
        try work.checkNesting(dictionary.depth)
        return .dictionary(dictionary)
    }

    func insert(
        _ key: TemplateValue, _ value: TemplateValue, into entries: inout [TemplateDictionary.Entry]
    ) throws(TemplateError) {
        guard isHashable(key) else { throw failure("TypeError: unhashable type: '\(key.typeName)'") }
        for index in entries.indices where try isEqual(entries[index].key, key) {
            entries[index].value = value
            return
        }
        entries.append((key, value))
    }

    func isHashable(_ value: TemplateValue) -> Bool {
        switch value {
        case .list, .dictionary, .view: false
        case .tuple(let tuple): tuple.elements.allSatisfy(isHashable)
        default: true
        }
    }

    /// What a loop over the value visits.
    func elements(of value: TemplateValue) throws(TemplateError) -> [TemplateValue] {
        switch value {
        case .list(let list), .tuple(let list):
            try work.charge(1 + list.elements.count / 16)
            return list.elements
        case .dictionary(let dictionary):
            try work.charge(1 + dictionary.entries.count / 4)
            return dictionary.entries.map(\.key)
        case .text(let text):
            try work.charge(text.count)
            return text.characters.map { .text($0) }
        case .view(let view): return view.elements.elements
        case .iterator(let iterator): return iterator.drain()
        case .undefined: return []
        case .markup, .loop: throw unsupported("iterating over a value of type \(value.typeName)")
        default: throw failure("TypeError: '\(value.typeName)' object is not iterable")
        }
    }

    func isTrue(_ value: TemplateValue) throws(TemplateError) -> Bool {
        switch value {
        case .undefined, .none: false
        case .bool(let value): value
        case .integer(let value): value != 0
        case .float(let value): value != 0
        case .text(let text), .markup(let text): !text.isEmpty
        case .list(let list), .tuple(let list): !list.elements.isEmpty
        case .dictionary(let dictionary): !dictionary.entries.isEmpty
        case .view(let view): !view.elements.elements.isEmpty
        default: true
        }
    }
}
