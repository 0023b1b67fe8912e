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
