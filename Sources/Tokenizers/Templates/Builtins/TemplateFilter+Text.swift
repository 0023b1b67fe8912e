extension TemplateEvaluator {
    func applyTextFilter(
        _ filter: TemplateFilter, to text: TemplateText, _ arguments: TemplateArguments
    ) throws(TemplateError) -> TemplateValue {
        let name = filter.rawValue
        func bound(_ parameters: String..., required: Int = 0) throws(TemplateError) -> [TemplateValue?] {
            try arguments.bound(to: parameters, required: required, of: "the filter \(name)", work)
        }
        switch filter {
        case .upper, .lower, .capitalize:
            _ = try bound()
            return .text(text.changingCase(name) ?? text)
        case .title:
            _ = try bound()
            return .text(titled(text))
        case .center:
            let width = try integer(try bound("width")[0], name) ?? 80
            return .text(try padded(text, width, TemplateText(" "), name))
        case .replace:
            let values = try bound("old", "new", "count", required: 2)
            return .text(
                try replacing(
                    text, try self.text(values[0] ?? .none), try self.text(values[1] ?? .none),
                    try integer(values[2], name) ?? -1))
        case .indent: return .text(try indented(text, try bound("width", "first", "blank")))
        case .truncate: return .text(try truncated(text, try bound("length", "killwords", "end", "leeway")))
        default:
            _ = try bound()
            return .integer(words(in: text))
        }
    }

    /// Each word begins with a capital; words begin after white space and `-([{<`.
    private func titled(_ text: TemplateText) -> TemplateText {
        let separators: Set<Unicode.Scalar> = ["-", "(", "{", "[", "<"]
        func isSeparator(_ scalar: Unicode.Scalar) -> Bool { scalar.isPythonSpace || separators.contains(scalar) }
        var result = TemplateText()
        var start = 0
        while start < text.count {
            var end = start + 1
            while end < text.count, isSeparator(text.scalars[end]) == isSeparator(text.scalars[start]) { end += 1 }
            result.append(text[start..<start + 1].uppercased())
            result.append(text[start + 1..<end].lowercased())
            start = end
        }
        return result
    }

    private func indented(
        _ text: TemplateText, _ values: [TemplateValue?]
    ) throws(TemplateError) -> TemplateText {
        let indent: TemplateText
        if case .text(let text) = values[0] {
            indent = text
        } else {
            let width = max(0, try integer(values[0], "indent") ?? 4)
            try work.charge(scalars: width)
            indent = TemplateText(String(repeating: " ", count: width))
        }
        let indentsFirst = try values[1].map { (value) throws(TemplateError) in try isTrue(value) } ?? false
        let indentsBlank = try values[2].map { (value) throws(TemplateError) in try isTrue(value) } ?? false
        var ended = text
        ended.append("\n")
        let lines = lines(ended)
        try work.charge(scalars: text.count + indent.count * lines.count)
        var result = indentsFirst ? indent : TemplateText()
        for (index, line) in lines.enumerated() {
            if index > 0 {
                result.append("\n")
                if indentsBlank || !line.isEmpty { result.append(indent) }
            }
            result.append(line)
        }
        return result
    }

    private func truncated(
        _ text: TemplateText, _ values: [TemplateValue?]
    ) throws(TemplateError) -> TemplateText {
        let length = try integer(values[0], "truncate") ?? 255
        let cutsWords = try values[1].map { (value) throws(TemplateError) in try isTrue(value) } ?? false
        let end = try optionalText(values[2], "truncate") ?? TemplateText("...")
        let leeway = try integer(values[3], "truncate") ?? 5
        guard length >= end.count, leeway >= 0 else {
            throw failure("`truncate` needs a length of at least \(end.count)")
        }
        if text.count <= length || text.count - length <= leeway { return text }
        var result = text[0..<length - end.count]
        if !cutsWords, let space = result.scalars.lastIndex(of: " ") { result = result[0..<space] }
        result.append(end)
        return result
    }

    /// Runs of letters, digits and underscores.
    private func words(in text: TemplateText) -> Int {
        var count = 0
        var isInWord = false
        for scalar in text.scalars {
            let isWord = scalar == "_" || TemplateText([scalar], .template).isOfClass("isalnum")
            if isWord, !isInWord { count += 1 }
            isInWord = isWord
        }
        return count
    }
}

extension TemplateText {
    /// With `&`, `<`, `>` and quotes as references.
    var escapedForHTML: TemplateText {
        mapping { (_, scalar) -> [Unicode.Scalar] in
            switch scalar {
            case "&": Array("&amp;".unicodeScalars)
            case "<": Array("&lt;".unicodeScalars)
            case ">": Array("&gt;".unicodeScalars)
            case "'": Array("&#39;".unicodeScalars)
            case "\"": Array("&#34;".unicodeScalars)
            default: [scalar]
            }
        }
    }
}
