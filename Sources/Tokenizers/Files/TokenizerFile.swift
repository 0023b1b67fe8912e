import Primitives

/// The content of a `tokenizer.json`.
///
/// Whatever else a file asks for is refused with its JSON path, because ignoring it would yield other ids.
struct TokenizerFile {
    let model: any TokenizerModel
    let normalizer: Normalizer
    let preTokenizer: PreTokenizer
    let addedTokens: [AddedToken]
    let postProcessor: PostProcessor
    let decoder: Decoder
    let limits: LengthLimits
    /// Whether the pre-tokenizer treats the beginning of the text apart.
    let asksForStart: Bool
    /// The fast form of the same encoding, where there is one.
    let byteLevel: ByteLevelForm?

    /// What a byte-level encoder needs: no step but splitting and merging.
    struct ByteLevelForm {
        var model: BytePairModel
        /// Whether text is brought to normalisation form C first.
        var composes: Bool
    }

    init(_ json: JSONValue, source: String) throws(TokenizerError) {
        let root = FileComponent(file: source, path: "", value: json)
        try root.require(
            type: nil,
            members: [
                "version", "truncation", "padding", "added_tokens", "normalizer", "pre_tokenizer", "post_processor",
                "decoder", "model",
            ])
        try root["version"].requireIfPresent("1.0")
        limits = try LengthLimits(truncation: root["truncation"], padding: root["padding"])
        normalizer = try Normalizer(root["normalizer"])
        preTokenizer = try PreTokenizer(root["pre_tokenizer"])
        asksForStart = Self.holds("first", "prepend_scheme", root["pre_tokenizer"].value)
        decoder = try Decoder(root["decoder"])
        let model = try Self.model(root["model"])
        self.model = model
        let addedTokens = try AddedVocabulary.tokens(root["added_tokens"], model.vocabulary)
        self.addedTokens = addedTokens
        postProcessor = try PostProcessor(root["post_processor"]) { name in
            addedTokens.first { $0.content.utf8.elementsEqual(name.utf8) }?.id ?? model.vocabulary.id(of: name)
        }
        byteLevel = Self.byteLevel(root, model)
    }

    private static func model(_ component: FileComponent) throws(TokenizerError) -> any TokenizerModel {
        switch component["type"].value {
        case "BPE": return try GeneralBytePairModel(component)
        // Older files do not name the model.
        case nil where component["merges"].value != nil: return try GeneralBytePairModel(component)
        case "Unigram": return try UnigramModel(component)
        case "WordPiece": return try WordPieceModel(component)
        case "WordLevel": return try WordLevelModel(component)
        default: throw component.unsupported("a model: BPE, Unigram, WordPiece or WordLevel")
        }
    }

    private static func byteLevel(_ root: FileComponent, _ model: any TokenizerModel) -> ByteLevelForm? {
        guard let model = model as? GeneralBytePairModel, model.options.isPlain, !model.options.ignoresMerges else {
            return nil
        }
        guard let composes = composes(root["normalizer"]), isQwenSplit(root["pre_tokenizer"]) else { return nil }
        var byteTokens: [TokenID] = []
        for byte in UInt8.min...UInt8.max {
            guard let id = model.vocabulary.id(of: ByteAlphabet.entry(for: [byte])) else { return nil }
            byteTokens.append(id)
        }
        return ByteLevelForm(
            model: BytePairModel(byteTokens: byteTokens, merges: model.merges), composes: composes)
    }

    private static func composes(_ component: FileComponent) -> Bool? {
        if component.isAbsent || component["normalizers"].value == [] { return false }
        return component["type"].value == "NFC" ? true : nil
    }

    private static func isQwenSplit(_ component: FileComponent) -> Bool {
        guard let stages = component["pretokenizers"].value?.arrayValue, stages.count == 2 else { return false }
        return stages[0]["pattern"]?["Regex"] == .string(QwenSplitScanner.pattern)
            && stages[0]["behavior"] == "Isolated" && stages[0]["invert"] == false
            && stages[1]["type"] == "ByteLevel" && stages[1]["add_prefix_space"] == false
            && stages[1]["use_regex"] == false
    }

    /// Whether some object within has the member.
    private static func holds(_ member: JSONValue, _ key: String, _ value: JSONValue?) -> Bool {
        switch value {
        case .object(let object):
            object[key] == member || object.members.contains { holds(member, key, $0.value) }
        case .array(let elements): elements.contains { holds(member, key, $0) }
        default: false
        }
    }
}
