/// The pre-tokenizer `ByteLevel`: cuts by the pattern of GPT-2 where asked to, and spells bytes in the ``ByteAlphabet``.
struct ByteLevelSplitting: Sendable {
    static let pattern = #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#

    let addsPrefixSpace: Bool
    /// `nil` when text is not cut.
    let rule: SplitRule?

    init(_ component: FileComponent) throws(TokenizerError) {
        try component.require(type: "ByteLevel", members: ["add_prefix_space", "trim_offsets", "use_regex"])
        addsPrefixSpace = try component["add_prefix_space"].bool()
        // Offsets are trimmed by the post-processor of the same name; here the member says nothing.
        _ = try component["trim_offsets"].bool()
        let usesPattern = component["use_regex"].value == nil ? true : try component["use_regex"].bool()
        guard usesPattern else {
            rule = nil
            return
        }
        guard let scanner = SplitPatterns.scanner(for: Self.pattern) else {
            throw component["use_regex"].unsupported("false")
        }
        rule = SplitRule(scanner: scanner, behavior: .isolated, regex: Self.pattern)
    }

    func split(_ text: AlignedText) -> [AlignedText] {
        var text = text
        if addsPrefixSpace, text.utf8.first != UInt8(ascii: " ") { text.prepend([UInt8(ascii: " ")]) }
        var pieces = rule?.split(text) ?? [text]
        for index in pieces.indices { pieces[index].spellBytes() }
        return pieces
    }
}
