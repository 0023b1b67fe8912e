import Primitives

/// What a `BPE` model does besides merging.
struct BytePairOptions: Sendable {
    /// Stands for scalars that the vocabulary lacks; without one they are dropped.
    var unknown: TokenID?
    /// A run of unknown scalars is one token.
    var fusesUnknown: Bool
    /// Unknown scalars are written as the tokens of their bytes, where there are all of them.
    var fallsBackToBytes: Bool
    /// Precedes every scalar of a piece but the first when it is looked up.
    var continuingSubwordPrefix: String
    /// Follows the last scalar of a piece when it is looked up.
    var endOfWordSuffix: String
    /// A piece that is an entry is that token, whether or not merges lead there.
    var ignoresMerges: Bool

    init(_ component: FileComponent, _ vocabulary: Vocabulary) throws(TokenizerError) {
        try component.require(
            type: component["type"].value == nil ? nil : "BPE",
            members: [
                "dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix", "fuse_unk", "byte_fallback",
                "ignore_merges", "vocab", "merges",
            ])
        try component["dropout"].requireIfPresent(0, 0.0)
        unknown = component["unk_token"].isAbsent ? nil : try component["unk_token"].token(in: vocabulary)
        fusesUnknown = try component["fuse_unk"].flag()
        fallsBackToBytes = try component["byte_fallback"].flag()
        let prefix = component["continuing_subword_prefix"]
        continuingSubwordPrefix = prefix.isAbsent ? "" : try prefix.string("a prefix or null")
        let suffix = component["end_of_word_suffix"]
        endOfWordSuffix = suffix.isAbsent ? "" : try suffix.string("a suffix or null")
        ignoresMerges = try component["ignore_merges"].flag()
    }

    /// Whether the model does nothing but merge, as long as every scalar of a piece is an entry.
    var isPlain: Bool { !fallsBackToBytes && continuingSubwordPrefix.isEmpty && endOfWordSuffix.isEmpty }
}
