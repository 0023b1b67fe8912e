import Primitives

/// What a byte-level encoder needs of a tokenizer file: no step but splitting by a known pattern and merging bytes.
struct ByteLevelForm: Sendable {
    let vocabulary: Vocabulary
    let merges: MergeTable
    /// A piece that is an entry is that token, whether or not merges lead there.
    let ignoresMerges: Bool
    let pattern: ByteLevelPattern
    /// Whether text is brought to normalisation form C first.
    let composes: Bool
    /// Made already, or `nil`.
    let wholePieces: WholePieceTable?

    /// `nil` for a file with other steps. Every component has been read, so whatever is not looked at here changes no id.
    init?(_ root: FileComponent, _ model: any TokenizerModel, wholePieces: WholePieceTable? = nil) {
        self.wholePieces = wholePieces
        guard let model = model as? GeneralBytePairModel, model.options.isPlain else { return nil }
        vocabulary = model.vocabulary
        merges = model.merges
        ignoresMerges = model.options.ignoresMerges
        guard let composes = Self.composes(root["normalizer"]), let pattern = Self.pattern(root["pre_tokenizer"]) else {
            return nil
        }
        self.composes = composes
        self.pattern = pattern
    }

    /// `nil` where the vocabulary lacks some byte.
    var encoder: ByteLevelEncoder? {
        ByteLevelEncoder(
            vocabulary: vocabulary, merges: merges, ignoresMerges: ignoresMerges, pattern: pattern, composes: composes,
            wholePieces: wholePieces)
    }

    private static func composes(_ component: FileComponent) -> Bool? {
        if component.isAbsent { return false }
        if let steps = component["normalizers"].value?.arrayValue {
            return steps.isEmpty ? false : steps.allSatisfy { $0["type"] == "NFC" } ? true : nil
        }
        return component["type"].value == "NFC" ? true : nil
    }

    /// Splits by regular expressions that keep every piece, then ByteLevel.
    private static func pattern(_ component: FileComponent) -> ByteLevelPattern? {
        var stages = component["pretokenizers"].value?.arrayValue ?? (component.value.map { [$0] } ?? [])
        guard let last = stages.popLast(), last["type"] == "ByteLevel", last["add_prefix_space"] == false else {
            return nil
        }
        var regexes: [String] = []
        for stage in stages {
            guard stage["type"] == "Split", stage["behavior"] == "Isolated", stage["invert"] == false,
                let regex = stage["pattern"]?["Regex"]?.stringValue
            else { return nil }
            regexes.append(regex)
        }
        if last["use_regex"] == false { return regexes.isEmpty ? nil : ByteLevelPattern(stages: regexes) }
        return regexes.isEmpty ? .gpt2 : nil
    }
}
