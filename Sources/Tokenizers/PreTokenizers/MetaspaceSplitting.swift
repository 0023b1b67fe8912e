/// The pre-tokenizer `Metaspace`: writes spaces as a visible scalar, puts one before the text and cuts before each.
struct MetaspaceSplitting: Sendable {
    enum PrependScheme: String, Sendable, CaseIterable {
        /// Before every piece that comes in.
        case always
        /// Only before what begins the text.
        case first
        case never
    }

    let scheme: PrependScheme
    let replacement: [UInt8]
    let splits: Bool

    init(_ component: FileComponent) throws(TokenizerError) {
        try component.require(
            type: "Metaspace", members: ["replacement", "prepend_scheme", "split", "add_prefix_space", "str_rep"])
        replacement = Array(String(try component["replacement"].scalar()).utf8)
        splits = component["split"].value == nil ? true : try component["split"].bool()
        scheme = try Self.scheme(component)
    }

    /// Files of old versions have `add_prefix_space` and a `str_rep` that says nothing. The reference reads the former
    /// only where it is false, and then insists on `never`.
    private static func scheme(_ component: FileComponent) throws(TokenizerError) -> PrependScheme {
        var scheme = PrependScheme.always
        let member = component["prepend_scheme"]
        if member.value != nil {
            let expected = PrependScheme.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: " or ")
            guard let known = PrependScheme(rawValue: try member.string(expected)) else {
                throw member.unsupported(expected)
            }
            scheme = known
        }
        if !component["add_prefix_space"].isAbsent, try !component["add_prefix_space"].bool(), scheme != .never {
            throw component["add_prefix_space"].unsupported("true, or the prepend_scheme \"never\"")
        }
        return scheme
    }

    func split(_ text: AlignedText, isStart: Bool) -> [AlignedText] {
        var text = text
        if let space = LiteralScanner(" ") { text.replaceMatches(of: space, with: replacement) }
        if scheme == .always || scheme == .first && isStart, !text.utf8.starts(with: replacement) {
            text.prepend(replacement)
        }
        guard splits, let scanner = LiteralScanner(String(decoding: replacement, as: UTF8.self)) else { return [text] }
        return SplitRule(scanner: scanner, behavior: .mergedWithNext).split(text)
    }
}
