import Primitives

/// One token for each piece, or the unknown token.
struct WordLevelModel: TokenizerModel {
    let vocabulary: Vocabulary
    private let unknown: TokenID

    init(_ component: FileComponent) throws(TokenizerError) {
        try component.require(type: "WordLevel", members: ["vocab", "unk_token"])
        vocabulary = try Vocabulary(component["vocab"])
        unknown = try component["unk_token"].token(in: vocabulary)
    }

    func tokenize(_ piece: UnsafeBufferPointer<UInt8>, emit: (TokenID, Range<Int>) -> Void) {
        emit(vocabulary.id(of: piece) ?? unknown, 0..<piece.count)
    }
}

extension FileComponent {
    /// The id of the vocabulary entry that this member names.
    func token(in vocabulary: Vocabulary) throws(TokenizerError) -> TokenID {
        guard let id = vocabulary.id(of: try string("the text of a token")) else {
            throw unsupported("an entry of the vocabulary")
        }
        return id
    }

    /// A flag that is false where it is missing.
    func flag() throws(TokenizerError) -> Bool {
        if isAbsent { return false }
        guard let flag = value?.boolValue else { throw unsupported("true or false") }
        return flag
    }

    func integer(_ expected: String) throws(TokenizerError) -> Int {
        guard let integer = value?.integerValue else { throw unsupported(expected) }
        return integer
    }
}
