extension TemplateEvaluator {
    func applySequenceFilter(
        _ filter: TemplateFilter, to value: TemplateValue, _ arguments: TemplateArguments
    ) throws(TemplateError) -> TemplateValue {
        let name = "the filter \(filter.rawValue)"
        func bound(_ parameters: String..., required: Int = 0) throws(TemplateError) -> [TemplateValue?] {
            try arguments.bound(to: parameters, required: required, of: name, work)
        }
        func flag(_ value: TemplateValue?) throws(TemplateError) -> Bool {
            try value.map { (value) throws(TemplateError) in try isTrue(value) } ?? false
        }
        switch filter {
        case .items:
            _ = try bound()
            switch value {
            case .undefined: return try iterator([])
            case .dictionary(let dictionary): return try iterator(try items(of: dictionary))
            default: throw failure("TypeError: Can only get item pairs from a mapping.")
            }
        case .first:
            _ = try bound()
            if case .iterator(let iterator) = value { return iterator.next() ?? undefined("no first item") }
            return try elements(of: value).first ?? undefined("No first item, sequence was empty.")
        case .last:
            _ = try bound()
            if case .iterator = value { throw failure("TypeError: 'generator' object is not reversible") }
            return try elements(of: value).last ?? undefined("No last item, sequence was empty.")
        case .reverse:
            _ = try bound()
            if case .text(let text) = value {
                var result = TemplateText()
                for character in text.characters.reversed() { result.append(character) }
                return .text(result)
            }
            let reversed = Array(try elements(of: value).reversed())
            // What Python cannot read backwards becomes a list first, and stays one.
            if case .iterator = value { return try list(reversed) }
            return try iterator(reversed)
        case .join:
            let values = try bound("d", "attribute")
            var elements = try elements(of: value)
            if let path = values[1], !path.isNone {
                let getter = try attributeGetter(path)
                var mapped: [TemplateValue] = []
                for element in elements { mapped.append(try getter(element)) }
                elements = mapped
            }
            var texts: [TemplateText] = []
            for element in elements { texts.append(try text(element)) }
            return .text(try joined(texts, by: try text(values[0] ?? .emptyText)))
        case .sort:
            let values = try bound("reverse", "case_sensitive", "attribute")
            let key = try sortKey(values[2], isCaseSensitive: try flag(values[1]))
            return try list(try sorted(try elements(of: value), descending: try flag(values[0]), by: key))
        case .unique:
            let values = try bound("case_sensitive", "attribute")
            let key = try sortKey(values[1], isCaseSensitive: try flag(values[0]))
            var seen: [TemplateValue] = []
            var result: [TemplateValue] = []
            next: for element in try elements(of: value) {
                let own = try key(element)
                guard isHashable(own) else { throw failure("TypeError: unhashable type: '\(own.typeName)'") }
                for other in seen where try isEqual(other, own) { continue next }
                seen.append(own)
                result.append(element)
            }
            return try iterator(result)
        case .min, .max:
            let values = try bound("case_sensitive", "attribute")
            let key = try sortKey(values[1], isCaseSensitive: try flag(values[0]))
            let elements = try elements(of: value)
            guard var best = elements.first else { return undefined("No aggregated item, sequence was empty.") }
            for element in elements.dropFirst() {
                if try isOrdered(try key(element), filter == .min ? .less : .greater, try key(best)) { best = element }
            }
            return best
        case .sum:
            let values = try bound("attribute", "start")
            let getter = try values[0].flatMap { (path) throws(TemplateError) in
                path.isNone ? nil : try attributeGetter(path)
            }
            var result = values[1] ?? .integer(0)
            if case .text = result { throw failure("TypeError: sum() can't sum strings [use ''.join(seq) instead]") }
            for element in try elements(of: value) {
                result = try combine(result, .add, try getter?(element) ?? element)
            }
            return result
        case .dictsort:
            let values = try bound("case_sensitive", "by", "reverse")
            guard case .dictionary(let dictionary) = value else {
                throw failure("AttributeError: '\(value.typeName)' object has no attribute 'items'")
            }
            let by = try optionalText(values[1], "dictsort")?.string ?? "key"
            guard ["key", "value"].contains(by) else {
                throw failure("You can only sort by either \"key\" or \"value\"")
            }
            let key = try sortKey(.integer(by == "key" ? 0 : 1), isCaseSensitive: try flag(values[0]))
            return try list(
                try sorted(try items(of: dictionary), descending: try flag(values[2]), by: key))
        case .batch, .slice:
            let values = try bound("count", "fill_with", required: 1)
            let count = try integer(values[0], filter.rawValue) ?? 0
            guard count > 0 else { throw failure("the filter `\(filter.rawValue)` needs a positive number") }
            let fill = values[1].flatMap { $0.isNone ? nil : $0 }
            return try iterator(
                filter == .batch
                    ? try batches(try elements(of: value), count, fill)
                    : try slices(try elements(of: value), count, fill))
        default: throw unsupported("the filter `\(filter.rawValue)`")
        }
    }

    /// What elements are sorted by: themselves or some attributes, texts without regard to case unless asked for.
    private func sortKey(
        _ attribute: TemplateValue?, isCaseSensitive: Bool
    ) throws(TemplateError) -> (TemplateValue) throws(TemplateError) -> TemplateValue {
        func folded(_ value: TemplateValue) throws(TemplateError) -> TemplateValue {
            guard !isCaseSensitive, case .text(let text) = value else { return value }
            try work.charge(scalars: text.count)
            return .text(text.lowercased())
        }
        guard let attribute, !attribute.isNone else {
            return { (value) throws(TemplateError) in try folded(value) }
        }
        if case .text(let text) = attribute, text.scalars.contains(",") {
            throw unsupported("sorting by several attributes")
        }
        let getter = try attributeGetter(attribute)
        return { (value) throws(TemplateError) in try folded(try getter(value)) }
    }

    private func batches(
        _ elements: [TemplateValue], _ count: Int, _ fill: TemplateValue?
    ) throws(TemplateError) -> [TemplateValue] {
        var result: [TemplateValue] = []
        var start = 0
        while start < elements.count {
            var batch = Array(elements[start..<min(start + min(count, elements.count), elements.count)])
            start += batch.count
            if let fill, batch.count < count {
                try work.charge(count)
                batch += repeatElement(fill, count: count - batch.count)
            }
            result.append(try list(batch))
        }
        return result
    }

    private func slices(
        _ elements: [TemplateValue], _ count: Int, _ fill: TemplateValue?
    ) throws(TemplateError) -> [TemplateValue] {
        try work.charge(count)
        let (size, longer) = elements.count.quotientAndRemainder(dividingBy: count)
        var result: [TemplateValue] = []
        var start = 0
        for index in 0..<count {
            let end = start + size + (index < longer ? 1 : 0)
            var slice = Array(elements[start..<end])
            if let fill, index >= longer { slice.append(fill) }
            start = end
            result.append(try list(slice))
        }
        return result
    }
}
