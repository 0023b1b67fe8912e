/// Reads a JSON text by RFC 8259. Numbers are exact (`1.0`, `1` and `1e0` are one number), the order of keys is free.
struct JSONReader: AnswerReader {
    let policy: JSONPolicy

    init(policy: JSONPolicy = JSONPolicy()) { self.policy = policy }

    func read(_ text: AnswerText, side: AnswerSide, work: inout Work) throws(AnswerProblem) -> CanonicalValue {
        guard !text.isEmpty else { throw .malformed("expected a JSON text, found an empty answer") }
        try work.spend(text.bytes.count)
        var bytes = text.bytes
        if policy.allowsCodeFence, let inner = Self.contentOfFence(bytes) {
            bytes = inner
            work.apply("a code fence")
        }
        var options = StrictJSONParser.Options()
        options.duplicateKeys = policy.duplicateKeys
        options.depth = work.limits.depth
        options.digits = work.limits.digits
        var value = try StrictJSONParser.parse(bytes, options: options)
        if policy.isToolCall {
            value = try ToolCallForm.canonical(value, options: options)
            work.apply("name and arguments of a tool call")
        }
        if let problem = try policy.schema?.problem(with: value, work: &work) {
            throw .malformed("the JSON breaks its schema \(problem)")
        }
        return CanonicalValue(.json, value.text)
    }

    /// What stands between a line of three backticks, which may name a language, and a last line of three.
    static func contentOfFence(_ bytes: [UInt8]) -> [UInt8]? {
        let backtick = UInt8(ascii: "`")
        guard bytes.count > 6, bytes.prefix(3).allSatisfy({ $0 == backtick }),
            bytes.suffix(3).allSatisfy({ $0 == backtick }), let lineEnd = bytes.firstIndex(of: 0x0A),
            bytes[3..<lineEnd].allSatisfy({ ASCII.isLetter($0) || AnswerText.isSpace($0) }), lineEnd < bytes.count - 3
        else { return nil }
        return Array(bytes[(lineEnd + 1)..<(bytes.count - 3)])
    }
}
