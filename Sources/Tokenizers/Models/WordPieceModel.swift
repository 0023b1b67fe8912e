import Primitives

/// Cuts a word into the longest entries from its start; one unknown token where that leads nowhere.
struct WordPieceModel: TokenizerModel {
    let vocabulary: Vocabulary
    private let unknown: TokenID
    /// Words of more scalars are unknown.
    private let longestWord: Int
    private let entries: ByteTrie
    /// Where entries begin that continue a word; `nil` when there are none.
    private let continuation: ByteTrie.Node?

    init(_ component: FileComponent) throws(TokenizerError) {
        try component.require(
            type: "WordPiece", members: ["vocab", "unk_token", "continuing_subword_prefix", "max_input_chars_per_word"])
        vocabulary = try Vocabulary(component["vocab"])
        unknown = try component["unk_token"].token(in: vocabulary)
        longestWord = try component["max_input_chars_per_word"].integer("a number of characters")
        entries = vocabulary.trie()
        let prefix = try component["continuing_subword_prefix"].string("the prefix of what continues a word")
        continuation = entries.node(for: prefix.utf8)
    }

    func tokenize(_ piece: UnsafeBufferPointer<UInt8>, emit: (TokenID, Range<Int>) -> Void) {
        var tokens: [(id: TokenID, end: Int)] = []
        var start = 0
        if piece.lazy.filter({ $0 & 0xC0 != 0x80 }).count <= longestWord {
            while start < piece.count {
                guard let root = start == 0 ? ByteTrie.root : continuation,
                    let match = entries.longestPrefix(of: piece, from: start, below: root)
                else { break }
                tokens.append((match.value, match.end))
                start = match.end
            }
        }
        guard start == piece.count else { return emit(unknown, 0..<piece.count) }
        start = 0
        for token in tokens {
            emit(token.id, start..<token.end)
            start = token.end
        }
    }
}

extension Vocabulary {
    /// The ids by the bytes of the entries.
    func trie() -> ByteTrie {
        ByteTrie((0..<idLimit).compactMap { id in utf8(id).map { (bytes: Array($0), value: Int32(id)) } })
    }
}
