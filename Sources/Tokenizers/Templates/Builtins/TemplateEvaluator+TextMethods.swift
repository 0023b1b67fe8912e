/// The methods of Python's `str`.
extension TemplateEvaluator {
    func call(
        _ name: String, of text: TemplateText, _ arguments: TemplateArguments
    ) throws(TemplateError) -> TemplateValue {
        try work.charge(scalars: text.count)
        func bound(_ parameters: String..., required: Int = 0) throws(TemplateError) -> [TemplateValue?] {
            try arguments.bound(to: parameters, required: required, of: name, work)
        }
        switch name {
        case "format": return .text(try formatted(text, fields: arguments))
        case "strip", "lstrip", "rstrip":
            let set = try optionalText(try bound("chars")[0], name)
            return .text(text.stripped(leading: name != "rstrip", trailing: name != "lstrip", set))
        case "split", "rsplit":
            let values = try bound("sep", "maxsplit")
            let limit = try integer(values[1], name) ?? -1
            let parts = try split(text, try optionalText(values[0], name), limit, fromEnd: name == "rsplit")
            return try list(parts.map { .text($0) })
        case "splitlines":
            let keepsEnds = try bound("keepends")[0].map { (value) throws(TemplateError) in try isTrue(value) } ?? false
            return try list(lines(text, keepsEnds: keepsEnds).map { .text($0) })
        case "startswith", "endswith":
            let values = try bound("prefix", "start", "end", required: 1)
            let part = try window(text, values[1], values[2], name)
            let candidates: [TemplateValue]
            if case .tuple(let tuple) = values[0] {
                candidates = tuple.elements
            } else {
                candidates = [values[0] ?? TemplateValue.none]
            }
            for candidate in candidates {
                guard let candidate = try optionalText(candidate, name, allowsNone: false) else { continue }
                try work.charge(1 + candidate.count / 16)
                guard let part else { continue }
                let text = text[part]
                if name == "startswith" ? text.hasPrefix(candidate) : text.hasSuffix(candidate) { return .bool(true) }
            }
            return .bool(false)
        case "find", "rfind", "index", "rindex", "count":
            let values = try bound("sub", "start", "end", required: 1)
            let needle = try requiredText(values[0], name)
            return .integer(try find(needle, in: text, try window(text, values[1], values[2], name), name))
        case "replace":
            let values = try bound("old", "new", "count", required: 2)
            return .text(
                try replacing(
                    text, try requiredText(values[0], name), try requiredText(values[1], name),
                    try integer(values[2], name) ?? -1))
        case "removeprefix", "removesuffix":
            let part = try requiredText(try bound("prefix", required: 1)[0], name)
            if name == "removeprefix" {
                return .text(text.hasPrefix(part) ? text[part.count..<text.count] : text)
            }
            return .text(text.hasSuffix(part) ? text[0..<text.count - part.count] : text)
        case "partition", "rpartition":
            let separator = try requiredText(try bound("sep", required: 1)[0], name)
            if separator.isEmpty { throw failure("ValueError: empty separator") }
            let isFirst = name == "partition"
            let found =
                isFirst
                ? try text.firstIndex(of: separator, in: 0..<text.count, work)
                : try text.lastIndex(of: separator, in: 0..<text.count, work)
            guard let found else {
                let parts: [TemplateText] = isFirst ? [text, .init(), .init()] : [.init(), .init(), text]
                return try tuple(parts.map { .text($0) })
            }
            let parts = [
                text[0..<found], text[found..<found + separator.count], text[found + separator.count..<text.count],
            ]
            return try tuple(parts.map { .text($0) })
        case "join":
            guard let parts = try bound("iterable", required: 1)[0] else { return .emptyText }
            var texts: [TemplateText] = []
            for (index, part) in try elements(of: parts).enumerated() {
                guard case .text(let text) = part else {
                    throw failure(
                        "TypeError: sequence item \(index): expected str instance, \(part.typeName) found")
                }
                texts.append(text)
            }
            return .text(try joined(texts, by: text))
        case "center", "ljust", "rjust":
            let values = try bound("width", "fillchar", required: 1)
            let fill = try optionalText(values[1], name) ?? TemplateText(" ")
            guard fill.count == 1 else {
                throw failure("TypeError: the fill character must be exactly one character long")
            }
            return .text(try padded(text, try integer(values[0], name) ?? 0, fill, name))
        case "zfill":
            let width = try integer(try bound("width", required: 1)[0], name) ?? 0
            try work.charge(scalars: max(0, width))
            let signCount = ["+", "-"].contains(text.scalars.first) ? 1 : 0
            var result = text[0..<signCount]
            result.append(TemplateText(String(repeating: "0", count: max(0, width - text.count))))
            result.append(text[signCount..<text.count])
            return .text(result)
        default:
            _ = try arguments.bound(to: [], of: name, work)
            if let changed = text.changingCase(name) { return .text(changed) }
            return .bool(text.isOfClass(name))
        }
    }

    func requiredText(_ value: TemplateValue?, _ function: String) throws(TemplateError) -> TemplateText {
        try optionalText(value, function, allowsNone: false) ?? TemplateText()
    }

    func optionalText(
        _ value: TemplateValue?, _ function: String, allowsNone: Bool = true
    ) throws(TemplateError) -> TemplateText? {
        switch value {
        case .text(let text): return text
        case nil: return nil
        case .some(.none) where allowsNone: return nil
        case .markup: throw unsupported("`\(function)` with a value of type Markup")
        case .some(let value): throw failure("TypeError: `\(function)` needs a str, not \(value.typeName)")
        }
    }

    func integer(_ value: TemplateValue?, _ function: String) throws(TemplateError) -> Int? {
        switch value {
        case nil, .some(.none): return nil
        case .integer(let value): return value
        case .bool(let value): return value ? 1 : 0
        case .some(let value):
            throw failure("TypeError: `\(function)` needs an integer, not \(value.typeName)")
        }
    }

    /// The part of a text that `start` and `end` delimit; `nil` when it begins beyond the text's or its own end.
    private func window(
        _ text: TemplateText, _ start: TemplateValue?, _ end: TemplateValue?, _ function: String
    ) throws(TemplateError) -> Range<Int>? {
        func resolved(_ index: Int) -> Int { index < 0 ? max(0, index < -text.count ? 0 : index + text.count) : index }
        let lower = resolved(try integer(start, function) ?? 0)
        let upper = min(resolved(try integer(end, function) ?? text.count), text.count)
        return lower <= upper ? lower..<upper : nil
    }

    private func find(
        _ needle: TemplateText, in text: TemplateText, _ window: Range<Int>?, _ name: String
    ) throws(TemplateError) -> Int {
        if name == "count" {
            guard let window else { return 0 }
            if needle.isEmpty { return window.count + 1 }
            var count = 0
            var position = window.lowerBound
            while let found = try text.firstIndex(of: needle, in: position..<window.upperBound, work) {
                count += 1
                position = found + needle.count
            }
            return count
        }
        let isLast = name.utf8.first == UInt8(ascii: "r")
        let found = try window.flatMap { (window) throws(TemplateError) in
            isLast
                ? try text.lastIndex(of: needle, in: window, work) : try text.firstIndex(of: needle, in: window, work)
        }
        if found == nil, name.hasSuffix("index") { throw failure("ValueError: substring not found") }
        return found ?? -1
    }

    func joined(_ parts: [TemplateText], by separator: TemplateText) throws(TemplateError) -> TemplateText {
        try work.charge(scalars: parts.reduce(separator.count * max(0, parts.count - 1)) { $0 + $1.count })
        var result = TemplateText()
        for (index, part) in parts.enumerated() {
            if index > 0 { result.append(separator) }
            result.append(part)
        }
        return result
    }

    func replacing(
        _ text: TemplateText, _ old: TemplateText, _ new: TemplateText, _ limit: Int
    ) throws(TemplateError) -> TemplateText {
        var result = TemplateText()
        var position = 0
        var count = 0
        func append(_ part: TemplateText) throws(TemplateError) {
            try work.charge(scalars: part.count)
            result.append(part)
            if result.count > work.budget.textLength { try work.charge(scalars: result.count) }
        }
        if old.isEmpty {
            for (index, character) in text.characters.enumerated() {
                if limit < 0 || index < limit { try append(new) }
                try append(character)
            }
            if limit < 0 || text.count < limit { try append(new) }
            return result
        }
        while limit < 0 || count < limit,
            let found = try text.firstIndex(of: old, in: position..<text.count, work)
        {
            try append(text[position..<found])
            try append(new)
            position = found + old.count
            count += 1
        }
        if count == 0 { return text }
        try append(text[position..<text.count])
        return result
    }

    func padded(
        _ text: TemplateText, _ width: Int, _ fill: TemplateText, _ name: String
    ) throws(TemplateError) -> TemplateText {
        let missing = width - text.count
        if missing <= 0 { return text }
        try work.charge(scalars: width)
        // Python puts the odd character to the left when the width is odd as well.
        let left = name == "ljust" ? 0 : name == "rjust" ? missing : missing / 2 + (missing & width & 1)
        func filled(_ count: Int) -> TemplateText {
            TemplateText(Array(repeating: fill.scalars[0], count: count), fill.origin)
        }
        var result = filled(left)
        result.append(text)
        result.append(filled(missing - left))
        return result
    }
}
