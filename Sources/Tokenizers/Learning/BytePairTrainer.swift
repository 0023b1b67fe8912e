import Primitives

/// Learns a byte-level byte-pair vocabulary from texts.
///
/// The result depends on nothing but the arguments: the most frequent pair is merged first, and of equally frequent
/// pairs the one with the smaller ids.
public enum BytePairTrainer {
    /// A pair seen once says nothing about the language.
    private static let smallestCount = 2

    /// Learns merges until the vocabulary, added tokens included, has `vocabularySize` entries or no pair repeats.
    ///
    /// - Parameters:
    ///   - texts: what to learn from. The names of added tokens in it are cut out first and not learnt from.
    ///   - vocabularySize: at most so many entries, but always the 256 bytes and the added tokens.
    ///   - addedTokens: their ids follow those of all other entries, in this order.
    ///   - spacedWords: `nil` lets a space join what follows like any other byte. A number lets it join that many of the
    ///     most frequent whole words only, so that a name is cut alike after a space, a quote or a tag; a small model
    ///     that has to copy names depends on that.
    /// - Returns: the content of a Hugging Face `tokenizer.json` with the Qwen split pattern and normalisation form C.
    public static func train(
        texts: [String], vocabularySize: Int, addedTokens: [(token: String, special: Bool)], spacedWords: Int? = nil
    ) -> JSONValue {
        let pieces = pieces(of: texts, addedTokens: addedTokens.map(\.token))
        var learner = MergeLearner(pieces: spacedWords == nil ? pieces : pieces.map(withoutLeadingSpace))
        let limit = vocabularySize - addedTokens.count - (spacedWords ?? 0)
        while learner.entries.count < limit, learner.learnMerge(smallestCount: smallestCount) {}
        if let spacedWords {
            let spaced = pieces.filter { $0.bytes.first == space && $0.bytes.count > 1 }
            let frequent = spaced.enumerated().sorted { ($1.element.count, $0.offset) < ($0.element.count, $1.offset) }
            learner.joinSpace(to: frequent.map { Array($0.element.bytes.dropFirst()) }, limit: spacedWords)
        }
        return file(entries: learner.entries, merges: learner.merges, addedTokens: addedTokens)
    }

    private static let space = UInt8(ascii: " ")

    private static func withoutLeadingSpace(_ piece: (bytes: [UInt8], count: Int)) -> (bytes: [UInt8], count: Int) {
        guard piece.bytes.count > 1, piece.bytes[0] == space else { return piece }
        return (Array(piece.bytes.dropFirst()), piece.count)
    }

    /// How often each piece occurs, in the order of the pieces' bytes.
    private static func pieces(of texts: [String], addedTokens: [String]) -> [(bytes: [UInt8], count: Int)] {
        let matcher = AddedTokenMatcher(addedTokens.map { AddedToken(id: 0, content: $0, isSpecial: false) })
        var counts: [[UInt8]: Int] = [:]
        for var text in texts {
            text.withUTF8 { utf8 in
                matcher.cut(utf8, policy: .all) { _, _ in
                } stretch: { range in
                    let stretch = UnsafeBufferPointer(rebasing: utf8[range])
                    let composed = CanonicalComposition.composed(stretch) ?? Array(stretch)
                    composed.withUnsafeBufferPointer { composed in
                        ByteLevelPattern.qwen.forEachPiece(of: composed) { counts[Array($0), default: 0] += 1 }
                    }
                }
            }
        }
        return counts.map { (bytes: $0.key, count: $0.value) }.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }
    }

    private static func file(
        entries: [[UInt8]], merges: [(left: TokenID, right: TokenID)], addedTokens: [(token: String, special: Bool)]
    ) -> JSONValue {
        let names = entries.map { ByteAlphabet.entry(for: $0) }
        let vocabulary = names.enumerated().map { (key: $1, value: JSONValue.integer($0)) }
        let byteLevel: JSONValue = [
            "type": "ByteLevel", "add_prefix_space": false, "trim_offsets": false, "use_regex": false,
        ]
        let split: JSONValue = [
            "type": "Split", "pattern": ["Regex": .string(ModelSplitPatterns.qwen[0])], "behavior": "Isolated",
            "invert": false,
        ]
        return [
            "version": "1.0", "truncation": nil, "padding": nil,
            "added_tokens": .array(
                addedTokens.enumerated().map { index, token in
                    [
                        "id": .integer(entries.count + index), "content": .string(token.token), "single_word": false,
                        "lstrip": false, "rstrip": false, "normalized": false, "special": .bool(token.special),
                    ]
                }),
            "normalizer": ["type": "NFC"],
            "pre_tokenizer": ["type": "Sequence", "pretokenizers": [split, byteLevel]],
            "post_processor": byteLevel, "decoder": byteLevel,
            "model": [
                "type": "BPE", "dropout": nil, "unk_token": nil, "continuing_subword_prefix": "",
                "end_of_word_suffix": "", "fuse_unk": false, "byte_fallback": false, "ignore_merges": false,
                "vocab": .object(JSONObject(uniqueKeysWithValues: vocabulary)),
                "merges": .array(
                    merges.map { [.string(names[Int($0.left)]), .string(names[Int($0.right)])] }),
            ],
        ]
    }
}
