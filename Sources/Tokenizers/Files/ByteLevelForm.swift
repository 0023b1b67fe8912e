import Primitives

/// What a byte-level encoder needs of a tokenizer file: no step but splitting by a known pattern and merging bytes.
struct ByteLevelForm: Sendable {
    let vocabulary: Vocabulary
    let merges: MergeTable
    /// A piece that is an entry is that token, whether or not merges lead there.
    let ignoresMerges: Bool
    /// `nil` where ``stages`` cut text in a way for which there is no scanner in one pass.
    let pattern: ByteLevelPattern?
    let stages: ByteLevelStages
    /// Whether text is brought to normalisation form C first.
    let composes: Bool
    /// Made already, or `nil`.
    let wholePieces: WholePieceTable?

    /// `nil` for a file with other steps.
    init?(
        normalizer: Normalizer, preTokenizer: PreTokenizer, model: any TokenizerModel,
        wholePieces: WholePieceTable? = nil
    ) {
        self.wholePieces = wholePieces
        guard let model = model as? GeneralBytePairModel, model.options.isPlain,
            normalizer.isIdentity || normalizer.isCanonicalComposition, let stages = preTokenizer.byteLevelStages
        else { return nil }
        vocabulary = model.vocabulary
        merges = model.merges
        ignoresMerges = model.options.ignoresMerges
        composes = !normalizer.isIdentity
        self.stages = ByteLevelStages(stages: stages)
        pattern = self.stages.pattern
    }

    /// `nil` where the vocabulary lacks some byte.
    var encoder: ByteLevelEncoder? {
        ByteLevelEncoder(
            vocabulary: vocabulary, merges: merges, ignoresMerges: ignoresMerges, pattern: pattern, stages: stages,
            composes: composes, wholePieces: wholePieces)
    }
}
