import Primitives

/// Answers that are members of JSON objects in a text.
enum JSONAnswers {
    /// The outermost groups in braces that are closed, in order. Quotation marks count inside of braces only.
    static func groups(in bytes: [UInt8], _ range: Range<Int>, work: inout Work) throws(AnswerProblem) -> [Range<Int>] {
        try work.spend(range.count / 8 + 1)
        var groups: [Range<Int>] = []
        var openings: [Int] = []
        var isString = false
        var position = range.lowerBound
        while position < range.upperBound {
            switch bytes[position] {
            case 0x22 where !openings.isEmpty: isString.toggle()
            case 0x5C where isString: position += 1
            case 0x7B where !isString: openings.append(position)
            case 0x7D where !isString:
                if let start = openings.popLast() {
                    while let last = groups.last, last.lowerBound > start { groups.removeLast() }
                    groups.append(start..<position + 1)
                }
            default: break
            }
            position += 1
        }
        try work.spend(openings.count + groups.count)
        return groups
    }

    /// The members `field` of the objects in the text, in order.
    static func members(
        _ field: String, in bytes: [UInt8], _ range: Range<Int>, work: inout Work
    ) throws(AnswerProblem) -> [ExtractedAnswer] {
        var answers: [ExtractedAnswer] = []
        for group in try groups(in: bytes, range, work: &work) {
            try work.spend(group.count)
            guard let answer = try member(field, ofObjectIn: bytes, group) else { continue }
            answers.append(answer)
        }
        return answers
    }

    /// The value of `argument` in the arguments of a call `{"name": …, "arguments": {…}}`.
    static func argument(
        _ argument: String, ofCallIn bytes: [UInt8], _ range: Range<Int>, work: inout Work
    ) throws(AnswerProblem) -> ExtractedAnswer {
        try work.spend(range.count)
        guard let arguments = valueRange("arguments", ofObjectIn: bytes, range) else {
            throw .malformed("the tool call is no JSON object with `arguments`", offset: range.lowerBound)
        }
        guard let answer = try member(argument, ofObjectIn: bytes, arguments) else {
            throw .malformed("the tool call has no argument `\(argument)`", offset: arguments.lowerBound)
        }
        return answer
    }

    /// `nil` where the range holds no valid object or the object has no such member.
    private static func member(
        _ field: String, ofObjectIn bytes: [UInt8], _ range: Range<Int>
    ) throws(AnswerProblem) -> ExtractedAnswer? {
        guard let value = valueRange(field, ofObjectIn: bytes, range) else { return nil }
        switch bytes[value.lowerBound] {
        case 0x22:
            guard let text = (try? JSONValue.parse(Array(bytes[value])))?.stringValue else { return nil }
            return ExtractedAnswer(span: value.lowerBound + 1..<value.upperBound - 1, bytes: Array(text.utf8))
        case 0x6E: throw .malformed("the member `\(field)` is null", offset: value.lowerBound)
        default: return ExtractedAnswer(value, of: bytes)
        }
    }

    /// Where the value of a top-level member stands, if the range holds one valid JSON object that has it.
    private static func valueRange(_ field: String, ofObjectIn bytes: [UInt8], _ range: Range<Int>) -> Range<Int>? {
        let range = ByteScan.trimmed(range, of: bytes)
        guard !range.isEmpty, bytes[range.lowerBound] == 0x7B,
            (try? JSONValue.parse(Array(bytes[range]))) != nil
        else { return nil }
        // The object is valid, so keys and values alternate and every string and bracket is closed.
        var position = range.lowerBound + 1
        let end = range.upperBound - 1
        while true {
            position = skipSeparators(bytes, from: position, end: end)
            guard position < end else { return nil }
            let keyEnd = valueEnd(bytes, from: position, end: end)
            let key = (try? JSONValue.parse(Array(bytes[position..<keyEnd])))?.stringValue
            let start = skipSeparators(bytes, from: keyEnd, end: end)
            let stop = valueEnd(bytes, from: start, end: end)
            guard start < stop else { return nil }
            if let key, key.utf8.elementsEqual(field.utf8) { return start..<stop }
            position = stop
        }
    }

    private static func skipSeparators(_ bytes: [UInt8], from position: Int, end: Int) -> Int {
        var position = position
        while position < end, AnswerText.isSpace(bytes[position]) || bytes[position] == 0x2C || bytes[position] == 0x3A
        {
            position += 1
        }
        return position
    }

    private static func valueEnd(_ bytes: [UInt8], from start: Int, end: Int) -> Int {
        var position = start
        var depth = 0
        while position < end {
            switch bytes[position] {
            case 0x22:
                position += 1
                while position < end, bytes[position] != 0x22 { position += bytes[position] == 0x5C ? 2 : 1 }
                position += 1
                if depth == 0 { return min(position, end) }
                continue
            case 0x7B, 0x5B: depth += 1
            case 0x7D, 0x5D:
                depth -= 1
                if depth == 0 { return position + 1 }
            case 0x2C, 0x20, 0x09, 0x0A, 0x0D:
                if depth == 0 { return position }
            default: break
            }
            position += 1
        }
        return end
    }
}
