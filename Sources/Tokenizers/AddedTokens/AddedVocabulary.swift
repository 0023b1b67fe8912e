import Primitives

/// The added tokens of a file: those that are looked for in the text as it is, and those in normalised text.
struct AddedVocabulary: Sendable {
    let tokens: [AddedToken]
    /// What is looked for: the contents of the tokens, normalised where they are looked for in normalised text.
    let spellings: [[UInt8]]
    let rawMatcher: AddedTokenMatcher
    let normalizedMatcher: AddedTokenMatcher
    /// Whether every token stands for exactly the bytes of its name, and its name for no others in the byte alphabet.
    let areLiteral: Bool

    /// - Parameter normalizer: brings the names that are looked for in normalised text into that form.
    init(_ tokens: [AddedToken], normalizer: Normalizer) {
        self.tokens = tokens
        let spellings = tokens.map { token in
            var name = AlignedText(token.content.utf8, at: nil)
            if token.isNormalized { normalizer.normalize(&name) }
            return name.utf8
        }
        self.spellings = spellings
        rawMatcher = AddedTokenMatcher(tokens.filter { !$0.isNormalized })
        let named = zip(tokens, spellings).filter { $0.0.isNormalized }
        normalizedMatcher = AddedTokenMatcher(named.map(\.0), spellings: named.map(\.1))
        areLiteral = zip(tokens, spellings).allSatisfy { token, spelling in
            !token.stripsLeft && !token.stripsRight && spelling.elementsEqual(token.content.utf8)
                && ByteAlphabet.bytes(of: token.content) == spelling
        }
    }

    /// Reads the array `added_tokens`.
    ///
    /// Hugging Face gives an added token its id in the vocabulary, or the next free one, whatever the file says; a file
    /// that says otherwise is refused.
    static func tokens(_ component: FileComponent, _ vocabulary: Vocabulary) throws(TokenizerError) -> [AddedToken] {
        if component.isAbsent { return [] }
        var nextID = TokenID(vocabulary.count)
        var names: Set<[UInt8]> = []
        var tokens: [AddedToken] = []
        for entry in try component.elements("an array of added tokens") {
            try entry.require(
                type: nil, members: ["id", "content", "single_word", "lstrip", "rstrip", "normalized", "special"])
            let content = try entry["content"].string("the text of the token")
            if content.isEmpty { throw entry["content"].unsupported("a text that is not empty") }
            if !names.insert(Array(content.utf8)).inserted {
                throw entry["content"].unsupported("a token that is not added twice")
            }
            let id = vocabulary.id(of: content) ?? nextID
            nextID = max(nextID, id + 1)
            try entry["id"].require(.integer(Int64(id)))
            tokens.append(
                AddedToken(
                    id: id, content: content, isSpecial: try entry["special"].bool(),
                    isSingleWord: try entry["single_word"].bool(), stripsLeft: try entry["lstrip"].bool(),
                    stripsRight: try entry["rstrip"].bool(), isNormalized: try entry["normalized"].bool()))
        }
        return tokens
    }
}
