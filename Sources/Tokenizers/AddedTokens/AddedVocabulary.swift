import Primitives

/// The added tokens of a file: those that are looked for in the text as it is, and those in normalised text.
struct AddedVocabulary: Sendable {
    let tokens: [AddedToken]
    let rawMatcher: AddedTokenMatcher
    let normalizedMatcher: AddedTokenMatcher
    /// Whether every token stands for exactly the bytes of its name, and its name for no others in the byte alphabet.
    let areLiteral: Bool

    /// - Parameter normalizer: brings the names that are looked for in normalised text into that form.
    init(_ tokens: [AddedToken], normalizer: Normalizer) {
        self.tokens = tokens
        rawMatcher = AddedTokenMatcher(tokens.filter { !$0.isNormalized })
        let named = tokens.filter(\.isNormalized).compactMap { token in
            var name = AlignedText(token.content.utf8, at: nil)
            normalizer.normalize(&name)
            // A name of which nothing is left is found nowhere.
            return name.utf8.isEmpty ? nil : (token: token, spelling: name.utf8)
        }
        areLiteral =
            tokens.allSatisfy { token in
                !token.stripsLeft && !token.stripsRight
                    && ByteAlphabet.bytes(of: token.content).elementsEqual(token.content.utf8)
            } && named.allSatisfy { $0.spelling.elementsEqual($0.token.content.utf8) }
        normalizedMatcher = AddedTokenMatcher(named.map(\.token), spellings: named.map(\.spelling))
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
                    id: id, content: content, isSpecial: try flag(entry["special"]),
                    isSingleWord: try flag(entry["single_word"]), stripsLeft: try flag(entry["lstrip"]),
                    stripsRight: try flag(entry["rstrip"]), isNormalized: try flag(entry["normalized"])))
        }
        return tokens
    }

    /// Unlike elsewhere, none may be missing.
    private static func flag(_ component: FileComponent) throws(TokenizerError) -> Bool {
        guard let flag = component.value?.boolValue else { throw component.unsupported("true or false") }
        return flag
    }
}
