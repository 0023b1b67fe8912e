extension TemplateEvaluator {
    func call(_ function: TemplateValue, _ arguments: TemplateArguments) throws(TemplateError) -> TemplateValue {
        try work.charge()
        switch function {
        case .macro(let macro): return try call(macro, arguments)
        case .function(let function): return try call(function, arguments)
        case .method(let method):
            switch method.receiver {
            case .text(let text): return try call(method.name, of: text, arguments)
            case .list(let list), .tuple(let list): return try call(method.name, of: list, method.receiver, arguments)
            case .dictionary(let dictionary): return try call(method.name, of: dictionary, arguments)
            case .loop(let loop): return try call(method.name, of: loop, arguments)
            default: throw unsupported("the method `\(method.name)` of \(method.receiver.typeName)")
            }
        case .undefined(let undefined): throw failure("UndefinedError: \(undefined.message)")
        case .loop: throw unsupported("a recursive loop")
        default: throw failure("TypeError: '\(function.typeName)' object is not callable")
        }
    }

    private func call(
        _ function: TemplateFunction, _ arguments: TemplateArguments
    ) throws(TemplateError) -> TemplateValue {
        switch function {
        case .range:
            guard arguments.named.isEmpty else { throw failure("TypeError: range() takes no keyword arguments") }
            return try range(arguments.positional)
        case .dict: return try dictionary(try entries(arguments, "dict"))
        case .namespace:
            let namespace = makeNamespace()
            for entry in try entries(arguments, "namespace") {
                guard case .text(let name) = entry.key else {
                    throw unsupported("a namespace with keys that are no texts")
                }
                try set(name.string, of: namespace, to: entry.value)
            }
            return .namespace(namespace)
        case .raiseException:
            let values = try arguments.bound(to: ["message"], required: 1, of: "raise_exception", work)
            throw work.failure(try text(values[0] ?? .none).string, .raised)
        case .strftimeNow:
            let values = try arguments.bound(to: ["format"], required: 1, of: "strftime_now", work)
            guard case .text(let format) = values[0] else { throw failure("TypeError: strftime_now needs a text") }
            guard let text = clock.formatted(format.string) else {
                throw unsupported("the format `\(format.string)` of strftime_now")
            }
            return .text(text)
        case .lipsum, .cycler, .joiner: throw unsupported("the function `\(function.rawValue)`")
        }
    }

    private func range(_ arguments: [TemplateValue]) throws(TemplateError) -> TemplateValue {
        var bounds: [Int] = []
        for argument in arguments {
            switch argument {
            case .integer(let value): bounds.append(value)
            case .bool(let value): bounds.append(value ? 1 : 0)
            default:
                throw failure("TypeError: '\(argument.typeName)' object cannot be interpreted as an integer")
            }
        }
        guard (1...3).contains(bounds.count) else { throw failure("TypeError: range expected 1 to 3 arguments") }
        let start = bounds.count == 1 ? 0 : bounds[0]
        let stop = bounds.count == 1 ? bounds[0] : bounds[1]
        let step = bounds.count == 3 ? bounds[2] : 1
        if step == 0 { throw failure("ValueError: range() arg 3 must not be zero") }
        var values: [TemplateValue] = []
        var value = start
        while step > 0 ? value < stop : value > stop {
            if values.count == 100_000 { throw failure("OverflowError: Range too big") }
            values.append(.integer(value))
            let (next, isOverflow) = value.addingReportingOverflow(step)
            if isOverflow { break }
            value = next
        }
        return .view(TemplateView(kind: .range, elements: try checked(TemplateList(values))))
    }

    /// The members of a dictionary that is written as a call: of a mapping or pairs, and of named arguments.
    private func entries(
        _ arguments: TemplateArguments, _ function: String
    ) throws(TemplateError) -> [TemplateDictionary.Entry] {
        guard arguments.positional.count <= 1 else {
            throw failure("TypeError: \(function) expected at most 1 argument, got \(arguments.positional.count)")
        }
        var entries: [TemplateDictionary.Entry] = []
        switch arguments.positional.first {
        case nil: break
        case .dictionary(let dictionary): entries = dictionary.entries
        case .some(let pairs):
            for pair in try elements(of: pairs) {
                let parts = try elements(of: pair)
                guard parts.count == 2 else { throw failure("ValueError: \(function) needs pairs") }
                try insert(parts[0], parts[1], into: &entries)
            }
        }
        for argument in arguments.named { try insert(.text(argument.name), argument.value, into: &entries) }
        return entries
    }

    private func call(
        _ name: String, of loop: TemplateLoop, _ arguments: TemplateArguments
    ) throws(TemplateError) -> TemplateValue {
        guard arguments.named.isEmpty else { throw failure("TypeError: loop.\(name) takes no keyword arguments") }
        if name == "cycle" {
            let values = arguments.positional
            guard !values.isEmpty else { throw failure("TypeError: no items for cycling given") }
            return values[loop.index % values.count]
        }
        if let last = loop.lastChange, last.count == arguments.positional.count {
            var isSame = true
            for (left, right) in zip(last, arguments.positional) where try !isEqual(left, right) { isSame = false }
            if isSame { return .bool(false) }
        }
        loop.lastChange = arguments.positional
        return .bool(true)
    }

    private func call(
        _ name: String, of dictionary: TemplateDictionary, _ arguments: TemplateArguments
    ) throws(TemplateError) -> TemplateValue {
        if name == "get" {
            guard arguments.named.isEmpty else { throw failure("TypeError: get() takes no keyword arguments") }
            let values = try arguments.bound(to: ["key", "default"], required: 1, of: "get", work)
            let key = values[0] ?? .none
            guard isHashable(key) else { throw failure("TypeError: unhashable type: '\(key.typeName)'") }
            return try member(key, of: dictionary) ?? values[1] ?? .none
        }
        _ = try arguments.bound(to: [], of: name, work)
        switch name {
        case "copy": return .dictionary(dictionary)
        case "keys": return try view(.keys, dictionary.entries.map(\.key))
        case "values": return try view(.values, dictionary.entries.map(\.value))
        default: return try view(.items, try items(of: dictionary))
        }
    }

    private func view(_ kind: TemplateView.Kind, _ elements: [TemplateValue]) throws(TemplateError) -> TemplateValue {
        .view(TemplateView(kind: kind, elements: try checked(TemplateList(elements))))
    }

    func items(of dictionary: TemplateDictionary) throws(TemplateError) -> [TemplateValue] {
        var items: [TemplateValue] = []
        for entry in dictionary.entries { items.append(try tuple([entry.key, entry.value])) }
        return items
    }

    private func call(
        _ name: String, of list: TemplateList, _ receiver: TemplateValue, _ arguments: TemplateArguments
    ) throws(TemplateError) -> TemplateValue {
        if name == "copy" {
            _ = try arguments.bound(to: [], of: name, work)
            return receiver
        }
        let values = try arguments.bound(to: ["value"], required: 1, of: name, work)
        var count = 0
        for (index, element) in list.elements.enumerated() where try isEqual(element, values[0] ?? .none) {
            if name == "index" { return .integer(index) }
            count += 1
        }
        if name == "index" { throw failure("ValueError: the value is not in the list") }
        return .integer(count)
    }
}
