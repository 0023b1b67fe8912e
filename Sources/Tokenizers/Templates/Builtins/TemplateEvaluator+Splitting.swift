/// Python's ways of cutting texts.
extension TemplateEvaluator {
    func split(
        _ text: TemplateText, _ separator: TemplateText?, _ limit: Int, fromEnd: Bool
    ) throws(TemplateError) -> [TemplateText] {
        let limit = limit < 0 ? Int.max : limit
        guard let separator else { return splitAtSpace(text, limit, fromEnd: fromEnd) }
        if separator.isEmpty { throw failure("ValueError: empty separator") }
        var parts: [TemplateText] = []
        if fromEnd {
            var end = text.count
            while parts.count < limit, let found = try text.lastIndex(of: separator, in: 0..<end, work) {
                parts.append(text[found + separator.count..<end])
                end = found
            }
            parts.append(text[0..<end])
            return parts.reversed()
        }
        var start = 0
        while parts.count < limit, let found = try text.firstIndex(of: separator, in: start..<text.count, work) {
            parts.append(text[start..<found])
            start = found + separator.count
        }
        parts.append(text[start..<text.count])
        return parts
    }

    private func splitAtSpace(_ text: TemplateText, _ limit: Int, fromEnd: Bool) -> [TemplateText] {
        var parts: [TemplateText] = []
        if fromEnd {
            var end = text.count
            while true {
                while end > 0, text.scalars[end - 1].isPythonSpace { end -= 1 }
                if end == 0 { break }
                if parts.count == limit {
                    parts.append(text[0..<end])
                    break
                }
                var start = end
                while start > 0, !text.scalars[start - 1].isPythonSpace { start -= 1 }
                parts.append(text[start..<end])
                end = start
            }
            return parts.reversed()
        }
        var start = 0
        while true {
            while start < text.count, text.scalars[start].isPythonSpace { start += 1 }
            if start == text.count { break }
            if parts.count == limit {
                parts.append(text[start..<text.count])
                break
            }
            var end = start
            while end < text.count, !text.scalars[end].isPythonSpace { end += 1 }
            parts.append(text[start..<end])
            start = end
        }
        return parts
    }

    /// `str.splitlines`
    func lines(_ text: TemplateText, keepsEnds: Bool = false) -> [TemplateText] {
        var lines: [TemplateText] = []
        var start = 0
        var index = 0
        while index < text.count {
            let scalar = text.scalars[index]
            index += 1
            switch scalar.value {
            case 0x0A...0x0D, 0x1C...0x1E, 0x85, 0x2028, 0x2029: break
            default: continue
            }
            let end = index - 1
            if scalar == "\r", index < text.count, text.scalars[index] == "\n" { index += 1 }
            lines.append(text[start..<(keepsEnds ? index : end)])
            start = index
        }
        if start < text.count { lines.append(text[start..<text.count]) }
        return lines
    }
}
