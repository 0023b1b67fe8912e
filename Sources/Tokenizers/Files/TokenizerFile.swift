import Primitives

/// The content of a `tokenizer.json`.
///
/// Whatever else a file asks for is refused with its JSON path, because ignoring it would yield other ids.
struct TokenizerFile {
    let model: any TokenizerModel
    let normalizer: Normalizer
    let preTokenizer: PreTokenizer
    let addedVocabulary: AddedVocabulary
    let postProcessor: PostProcessor
    let decoder: Decoder
    let limits: LengthLimits
    /// Whether the pre-tokenizer treats the beginning of the text apart.
    let asksForStart: Bool
    /// The fast form of the same encoding, where there is one.
    let byteLevel: ByteLevelForm?

    /// - Parameter tables: what is known of the model already; `json` then holds an empty vocabulary and no merges.
    init(_ json: JSONValue, source: String, tables: TokenizerTables? = nil) throws(TokenizerError) {
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
        asksForStart =
            Self.holds("first", "prepend_scheme", root["pre_tokenizer"].value)
            && (!normalizer.isIdentity || preTokenizer.needsOrigins)
        decoder = try Decoder(root["decoder"])
        let model = try Self.model(root["model"], tables)
        self.model = model
        let addedTokens = try AddedVocabulary.tokens(root["added_tokens"], model.vocabulary)
        addedVocabulary = AddedVocabulary(addedTokens, normalizer: normalizer)
        // Hugging Face would find such a name everywhere.
        if let index = addedVocabulary.spellings.firstIndex(where: \.isEmpty) {
            throw FileComponent(
                file: source, path: "added_tokens[\(index)].content", value: .string(addedTokens[index].content)
            ).unsupported("a text of which the normalizer leaves something")
        }
        postProcessor = try PostProcessor(root["post_processor"]) { name in
            addedTokens.first { $0.content.utf8.elementsEqual(name.utf8) }?.id ?? model.vocabulary.id(of: name)
        }
        byteLevel = ByteLevelForm(
            normalizer: normalizer, preTokenizer: preTokenizer, model: model, wholePieces: tables?.wholePieces)
    }

    private static func model(
        _ component: FileComponent, _ tables: TokenizerTables?
    ) throws(TokenizerError) -> any TokenizerModel {
        switch component["type"].value {
        case "BPE": return try GeneralBytePairModel(component, tables: tables)
        // Older files do not name the model.
        case nil where component["merges"].value != nil: return try GeneralBytePairModel(component, tables: tables)
        case "Unigram": return try UnigramModel(component)
        case "WordPiece": return try WordPieceModel(component)
        case "WordLevel": return try WordLevelModel(component)
        default: throw component.unsupported("a model: BPE, Unigram, WordPiece or WordLevel")
        }
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
