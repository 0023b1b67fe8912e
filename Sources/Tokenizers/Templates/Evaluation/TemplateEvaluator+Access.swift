/// Attributes, items and slices.
extension TemplateEvaluator {
    private func missing(_ name: String, of value: TemplateValue) -> TemplateValue {
        undefined("'\(value.typeName) object' has no attribute '\(name)'")
    }

    private func unsafe(_ name: String, of value: TemplateValue) -> TemplateValue {
        undefined("access to attribute '\(name)' of '\(value.typeName)' object is unsafe")
    }

    /// `value.name`: what Python's object has of that name, else the item of that key.
    func attribute(_ name: String, of value: TemplateValue) throws(TemplateError) -> TemplateValue {
        if let found = try ownAttribute(name, of: value) { return found }
        if case .dictionary(let dictionary) = value {
            try work.charge(1 + dictionary.entries.count / 8)
            if let member = dictionary[TemplateText(name)] { return member }
        }
        return missing(name, of: value)
    }

    /// `value[key]`: the item of that key, else what Python's object has of that name.
    func item(_ key: TemplateValue, of value: TemplateValue) throws(TemplateError) -> TemplateValue {
        switch value {
        case .undefined(let undefined): throw failure("UndefinedError: \(undefined.message)")
        case .dictionary(let dictionary):
            try work.charge(1 + dictionary.entries.count / 8)
            if let found = try member(key, of: dictionary) { return found }
        case .list(let list), .tuple(let list):
            if let index = index(key, count: list.elements.count) { return list.elements[index] }
        case .view(let view) where view.kind == .range:
            if let index = index(key, count: view.elements.elements.count) { return view.elements.elements[index] }
        case .text(let text):
            if let index = index(key, count: text.count) { return .text(text[index..<index + 1]) }
        case .markup: throw unsupported("a subscript of a value of type Markup")
        default: break
        }
        guard case .text(let name) = key else {
            return undefined("\(value.typeName) object has no element \((try? representation(key).string) ?? "")")
        }
        return try ownAttribute(name.string, of: value) ?? missing(name.string, of: value)
    }

    func member(
        _ key: TemplateValue, of dictionary: TemplateDictionary
    ) throws(TemplateError) -> TemplateValue? {
        if case .text(let text) = key { return dictionary[text] }
        guard isHashable(key) else { return nil }
        for entry in dictionary.entries where try isEqual(entry.key, key) { return entry.value }
        return nil
    }

    private func index(_ key: TemplateValue, count: Int) -> Int? {
        let index: Int
        switch key {
        case .integer(let value): index = value
        case .bool(let value): index = value ? 1 : 0
        default: return nil
        }
        let position = index < 0 ? index + count : index
        return (0..<count).contains(position) ? position : nil
    }

    /// What Python's object itself has of that name; `nil` for nothing.
    private func ownAttribute(_ name: String, of value: TemplateValue) throws(TemplateError) -> TemplateValue? {
        if case .undefined(let undefined) = value { throw failure("UndefinedError: \(undefined.message)") }
        if name.utf8.starts(with: "__".utf8) { return name.hasSuffix("__") ? unsafe(name, of: value) : nil }
        switch value {
        case .namespace(let namespace): return namespace[name]
        case .loop(let loop): return try attribute(name, of: loop)
        case .macro(let macro):
            if name == "name" { return .text(macro.name) }
            throw unsupported("the attribute `\(name)` of a macro")
        case .none: return nil
        case .undefined, .markup, .view, .iterator, .function, .method:
            throw unsupported("the attribute `\(name)` of a value of type \(value.typeName)")
        case .bool, .integer, .bigInteger, .float:
            if TemplateMethods.numberAttributes.contains(name) {
                throw unsupported("the attribute `\(name)` of a number")
            }
            return nil
        case .text: return try method(name, of: value, TemplateMethods.text)
        case .list: return try method(name, of: value, TemplateMethods.list)
        case .tuple: return try method(name, of: value, TemplateMethods.tuple)
        case .dictionary: return try method(name, of: value, TemplateMethods.dictionary)
        }
    }

    private func method(
        _ name: String, of value: TemplateValue, _ methods: TemplateMethods
    ) throws(TemplateError) -> TemplateValue? {
        if methods.supported.contains(name) { return .method(TemplateMethod(receiver: value, name: name)) }
        if methods.refused.contains(name) { return unsafe(name, of: value) }
        if methods.others.contains(name) { throw unsupported("the method `\(name)` of \(value.typeName)") }
        return nil
    }

    private func attribute(_ name: String, of loop: TemplateLoop) throws(TemplateError) -> TemplateValue? {
        let count = loop.elements.count
        switch name {
        case "index": return .integer(loop.index + 1)
        case "index0": return .integer(loop.index)
        case "revindex": return .integer(count - loop.index)
        case "revindex0": return .integer(count - loop.index - 1)
        case "first": return .bool(loop.index == 0)
        case "last": return .bool(loop.index == count - 1)
        case "length": return .integer(count)
        // Only recursive loops, which are refused, go deeper.
        case "depth": return .integer(1)
        case "depth0": return .integer(0)
        case "previtem":
            return loop.index > 0 ? loop.elements[loop.index - 1] : undefined("there is no previous item")
        case "nextitem":
            return loop.index + 1 < count ? loop.elements[loop.index + 1] : undefined("there is no next item")
        case "cycle", "changed": return .method(TemplateMethod(receiver: .loop(loop), name: name))
        default: return nil
        }
    }

    func slice(
        _ value: TemplateValue, _ start: TemplateValue?, _ stop: TemplateValue?, _ stride: TemplateValue?
    ) throws(TemplateError) -> TemplateValue {
        switch value {
        case .list(let list):
            return try self.list(try positions(list.elements.count, start, stop, stride).map { list.elements[$0] })
        case .tuple(let tuple):
            return try self.tuple(try positions(tuple.elements.count, start, stop, stride).map { tuple.elements[$0] })
        case .text(let text):
            let positions = try positions(text.count, start, stop, stride)
            try work.charge(scalars: positions.count)
            guard let first = positions.first, let last = positions.last else { return .emptyText }
            if last - first == positions.count - 1 { return .text(text[first..<last + 1]) }
            var result = TemplateText()
            for position in positions { result.append(text.scalars[position], text.origin(at: position)) }
            return .text(result)
        case .undefined(let undefined): throw failure("UndefinedError: \(undefined.message)")
        case .view, .markup: throw unsupported("a slice of a value of type \(value.typeName)")
        default: throw failure("TypeError: '\(value.typeName)' object is not subscriptable")
        }
    }

    /// The positions that a slice takes, as Python's `slice.indices` has them.
    private func positions(
        _ count: Int, _ start: TemplateValue?, _ stop: TemplateValue?, _ stride: TemplateValue?
    ) throws(TemplateError) -> [Int] {
        let stride = try sliceIndex(stride) ?? 1
        if stride == 0 { throw failure("ValueError: slice step cannot be zero") }
        let lower = stride < 0 ? -1 : 0
        let upper = stride < 0 ? count - 1 : count
        func resolved(_ index: Int) -> Int {
            index < 0 ? max(index < -count ? lower : index + count, lower) : min(index, upper)
        }
        let first = try sliceIndex(start).map(resolved) ?? (stride < 0 ? upper : lower)
        let end = try sliceIndex(stop).map(resolved) ?? (stride < 0 ? lower : upper)
        if stride > 0 ? first >= end : first <= end { return [] }
        if stride == 1 { return Array(first..<end) }
        let step = max(-count - 1, min(stride, count + 1))
        return Array(Swift.stride(from: first, to: end, by: step))
    }

    private func sliceIndex(_ value: TemplateValue?) throws(TemplateError) -> Int? {
        switch value {
        case nil, .some(.none): return nil
        case .integer(let index): return index
        case .bool(let value): return value ? 1 : 0
        default: throw failure("TypeError: slice indices must be integers or None")
        }
    }
}
