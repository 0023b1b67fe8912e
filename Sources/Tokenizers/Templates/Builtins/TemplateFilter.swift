/// The filters of Jinja that this interpreter has.
enum TemplateFilter: String, Sendable {
    case abs, batch, capitalize, center, count, d, `default`, dictsort, e, escape, first, float, forceescape, format,
        indent, int, items, join, last, length, list, lower, map, max, min, reject, rejectattr, replace, reverse,
        round, safe, select, selectattr, slice, sort, string, sum, title, tojson, trim, truncate, unique, upper,
        wordcount
}

extension TemplateEvaluator {
    func apply(
        _ filter: TemplateFilter, to value: TemplateValue, _ arguments: TemplateArguments
    ) throws(TemplateError) -> TemplateValue {
        try work.charge()
        func bound(_ parameters: String..., required: Int = 0) throws(TemplateError) -> [TemplateValue?] {
            try arguments.bound(to: parameters, required: required, of: "the filter \(filter.rawValue)", work)
        }
        switch filter {
        case .tojson: return try json(value, arguments)
        case .default, .d:
            let values = try bound("default_value", "boolean")
            let takesFalse = try values[1].map { (value) throws(TemplateError) in try isTrue(value) } ?? false
            let isFalse = try !isTrue(value)
            let isAbsent = value.isUndefined || takesFalse && isFalse
            return isAbsent ? values[0] ?? .emptyText : value
        case .map: return try iterator(try mapped(value, arguments))
        case .select: return try iterator(try selected(value, arguments, keeps: true, hasAttribute: false))
        case .reject: return try iterator(try selected(value, arguments, keeps: false, hasAttribute: false))
        case .selectattr: return try iterator(try selected(value, arguments, keeps: true, hasAttribute: true))
        case .rejectattr: return try iterator(try selected(value, arguments, keeps: false, hasAttribute: true))
        case .format:
            if !arguments.named.isEmpty, !arguments.positional.isEmpty {
                throw failure("`format` takes positional or named arguments, not both")
            }
            var named: [TemplateDictionary.Entry] = []
            for argument in arguments.named { named.append((.text(argument.name), argument.value)) }
            let operand = named.isEmpty ? try tuple(arguments.positional) : try dictionary(named)
            return try combine(.text(try plainText(value, filter)), .remainder, operand)
        case .trim:
            let set = try optionalText(try bound("chars")[0], "trim")
            return .text(try plainText(value, filter).stripped(leading: true, trailing: true, set))
        case .indent, .truncate:
            // Python asks these two for methods of the value itself, which other types lack or answer otherwise.
            guard case .text(let text) = value else {
                throw unsupported("the filter `\(filter.rawValue)` of a value of type \(value.typeName)")
            }
            return try applyTextFilter(filter, to: text, arguments)
        case .upper, .lower, .capitalize, .title, .center, .replace, .wordcount:
            return try applyTextFilter(filter, to: try plainText(value, filter), arguments)
        case .string:
            _ = try bound()
            if case .markup = value { return value }
            return .text(try text(value))
        case .safe:
            _ = try bound()
            return .markup(try text(value))
        case .escape, .e, .forceescape:
            _ = try bound()
            if case .markup = value, filter != .forceescape { return value }
            return .markup(try text(value).escapedForHTML)
        case .abs, .int, .float, .round: return try applyNumberFilter(filter, to: value, arguments)
        case .length, .count:
            _ = try bound()
            return .integer(try length(of: value))
        case .list:
            _ = try bound()
            return try list(try elements(of: value))
        default: return try applySequenceFilter(filter, to: value, arguments)
        }
    }

    /// The text that a filter works on; what Python's `Markup` would do is refused.
    private func plainText(_ value: TemplateValue, _ filter: TemplateFilter) throws(TemplateError) -> TemplateText {
        if case .markup = value { throw unsupported("the filter `\(filter.rawValue)` of a value of type Markup") }
        let text = try text(value)
        try work.charge(scalars: text.count)
        return text
    }

    func length(of value: TemplateValue) throws(TemplateError) -> Int {
        switch value {
        case .undefined: return 0
        case .text(let text), .markup(let text): return text.count
        case .list(let list), .tuple(let list): return list.elements.count
        case .dictionary(let dictionary): return dictionary.entries.count
        case .view(let view): return view.elements.elements.count
        case .loop(let loop): return loop.elements.count
        default: throw failure("TypeError: object of type '\(value.typeName)' has no len()")
        }
    }

    // MARK: Attributes

    /// The value of `a.b.0` of an element, as the filters that take an `attribute` read it.
    func attributeGetter(
        _ path: TemplateValue, default defaultValue: TemplateValue? = nil
    ) throws(TemplateError) -> (TemplateValue) throws(TemplateError) -> TemplateValue {
        var keys: [TemplateValue] = []
        switch path {
        case .integer: keys = [path]
        case .text(let text):
            for part in text.string.split(separator: ".", omittingEmptySubsequences: false) {
                let isNumber = !part.isEmpty && part.utf8.allSatisfy { (0x30...0x39).contains($0) }
                keys.append(isNumber ? Int(part).map { .integer($0) } ?? .text(String(part)) : .text(String(part)))
            }
        default: throw unsupported("an `attribute` of type \(path.typeName)")
        }
        let path = keys
        return { (element) throws(TemplateError) in
            var value = element
            for key in path {
                value = try self.item(key, of: value)
                if value.isUndefined, let defaultValue { value = defaultValue }
            }
            return value
        }
    }

    private func mapped(
        _ value: TemplateValue, _ arguments: TemplateArguments
    ) throws(TemplateError) -> [TemplateValue] {
        let elements = try elements(of: value)
        var result: [TemplateValue] = []
        if arguments.positional.isEmpty, let path = arguments.named.first(where: { $0.name == "attribute" })?.value {
            if let other = arguments.named.first(where: { !["attribute", "default"].contains($0.name) }) {
                throw failure("the filter `map` has no argument `\(other.name)`")
            }
            let defaultValue = arguments.named.first { $0.name == "default" }?.value
            let getter = try attributeGetter(path, default: defaultValue)
            for element in elements { result.append(try getter(element)) }
            return result
        }
        guard case .text(let name) = arguments.positional.first else {
            throw failure("the filter `map` needs the name of a filter or an attribute")
        }
        guard let filter = TemplateFilter(rawValue: name.string) else {
            throw unsupported("the filter `\(name.string)`")
        }
        let rest = TemplateArguments(positional: Array(arguments.positional.dropFirst()), named: arguments.named)
        for element in elements { result.append(try apply(filter, to: element, rest)) }
        return result
    }

    private func selected(
        _ value: TemplateValue, _ arguments: TemplateArguments, keeps: Bool, hasAttribute: Bool
    ) throws(TemplateError) -> [TemplateValue] {
        let elements = try elements(of: value)
        if elements.isEmpty { return [] }
        var positional = arguments.positional[...]
        var getter: ((TemplateValue) throws(TemplateError) -> TemplateValue)?
        if hasAttribute {
            guard let path = positional.popFirst() else { throw failure("an attribute's name is missing") }
            getter = try attributeGetter(path)
        }
        var test: TemplateTest?
        if let name = positional.popFirst() {
            guard case .text(let text) = name, let found = TemplateTest(text.string) else {
                throw unsupported("the test `\((try? self.text(name).string) ?? "")`")
            }
            test = found
        }
        let rest = TemplateArguments(positional: Array(positional), named: arguments.named)
        var result: [TemplateValue] = []
        for element in elements {
            try work.charge()
            let operand = try getter?(element) ?? element
            let holds: Bool
            if let test { holds = try passes(test, operand, rest) } else { holds = try isTrue(operand) }
            if holds == keeps { result.append(element) }
        }
        return result
    }
}
