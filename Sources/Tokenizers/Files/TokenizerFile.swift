import Primitives
import Storage

/// The content of a `tokenizer.json` with byte-level byte-pair encoding and the Qwen split pattern.
///
/// Whatever else a file asks for is refused with its JSON path, because ignoring it would yield other ids.
struct TokenizerFile {
    var vocabulary: Vocabulary
    var model: BytePairModel
    var addedTokens: [AddedToken]
    /// Whether text is brought to normalisation form C first.
    var composes: Bool

    init(_ json: JSONValue, source: String) throws(TokenizerError) {
        let root = FileComponent(file: source, path: "", value: json)
        try root.require(
            type: nil,
            members: [
                "version", "truncation", "padding", "added_tokens", "normalizer", "pre_tokenizer", "post_processor",
                "decoder", "model",
            ])
        try root["version"].requireIfPresent("1.0")
        try root["truncation"].requireIfPresent()
        try root["padding"].requireIfPresent()
        composes = try Self.composes(root["normalizer"])
        try Self.checkPreTokenizer(root["pre_tokenizer"])
        if !root["post_processor"].isAbsent { try Self.checkByteLevel(root["post_processor"]) }
        try Self.checkByteLevel(root["decoder"])
        try Self.checkModel(root["model"])
        vocabulary = try Vocabulary(root["model"]["vocab"])
        model = BytePairModel(
            byteTokens: try Self.byteTokens(vocabulary, root["model"]["vocab"]),
            merges: try Self.merges(root["model"]["merges"], vocabulary))
        addedTokens = try Self.addedTokens(root["added_tokens"], vocabulary)
    }

    private static func composes(_ component: FileComponent) throws(TokenizerError) -> Bool {
        if component.isAbsent { return false }
        guard component["type"].value == "NFC" else {
            throw component.unsupported("a component of type \"NFC\" or null")
        }
        try component.require(type: "NFC", members: [])
        return true
    }

    private static func checkPreTokenizer(_ component: FileComponent) throws(TokenizerError) {
        try component.require(type: "Sequence", members: ["pretokenizers"])
        let expected = "a Split by the Qwen pattern, then a ByteLevel"
        let stages = try component["pretokenizers"].elements(expected)
        guard stages.count == 2 else { throw component["pretokenizers"].unsupported(expected) }
        let split = stages[0]
        try split.require(type: "Split", members: ["pattern", "behavior", "invert"])
        try split["pattern"].require(type: nil, members: ["Regex"])
        try split["pattern"]["Regex"].require(.string(ModelSplitPatterns.qwen))
        try split["behavior"].require("Isolated")
        try split["invert"].require(false)
        try checkByteLevel(stages[1])
        try stages[1]["add_prefix_space"].require(false)
        try stages[1]["use_regex"].require(false)
    }

    /// As decoder and post-processor a ByteLevel's options change offsets only.
    private static func checkByteLevel(_ component: FileComponent) throws(TokenizerError) {
        try component.require(type: "ByteLevel", members: ["add_prefix_space", "trim_offsets", "use_regex"])
    }

    private static func checkModel(_ component: FileComponent) throws(TokenizerError) {
        try component.require(
            type: "BPE",
            members: [
                "dropout", "unk_token", "continuing_subword_prefix", "end_of_word_suffix", "fuse_unk", "byte_fallback",
                "ignore_merges", "vocab", "merges",
            ])
        // Older files leave the type out of the model.
        try component["type"].requireIfPresent("BPE")
        try component["dropout"].requireIfPresent(0, 0.0)
        try component["unk_token"].requireIfPresent()
        try component["continuing_subword_prefix"].requireIfPresent("")
        try component["end_of_word_suffix"].requireIfPresent("")
        try component["fuse_unk"].requireIfPresent(false)
        try component["byte_fallback"].requireIfPresent(false)
        try component["ignore_merges"].requireIfPresent(false)
    }

    private static func byteTokens(
        _ vocabulary: Vocabulary, _ component: FileComponent
    ) throws(TokenizerError) -> [TokenID] {
        var tokens: [TokenID] = []
        for byte in UInt8.min...UInt8.max {
            let entry = ByteAlphabet.entry(for: [byte])
            guard let id = vocabulary.id(of: entry) else {
                throw component.unsupported("all 256 symbols of the byte alphabet; `\(entry)` is missing")
            }
            tokens.append(id)
        }
        return tokens
    }

    /// Merges are written as `"a b"` or as `["a", "b"]`.
    private static func merges(
        _ component: FileComponent, _ vocabulary: Vocabulary
    ) throws(TokenizerError) -> MergeTable {
        guard let rows = component.value?.arrayValue else { throw component.unsupported("an array of merges") }
        var table = MergeTable(capacity: rows.count + 1)
        var joined: [UInt8] = []
        for (rank, row) in rows.enumerated() {
            let parts: [Substring]
            switch row {
            case .string(let text): parts = text.split(separator: " ", omittingEmptySubsequences: false)
            case .array(let values): parts = values.compactMap { $0.stringValue?[...] }
            default: parts = []
            }
            func refuse(_ expected: String) -> TokenizerError {
                FileComponent(file: component.file, path: "\(component.path)[\(rank)]", value: row)
                    .unsupported(expected)
            }
            guard parts.count == 2 else { throw refuse("two parts") }
            joined.removeAll(keepingCapacity: true)
            joined.append(contentsOf: parts[0].utf8)
            let leftCount = joined.count
            joined.append(contentsOf: parts[1].utf8)
            guard let left = vocabulary.id(of: joined[..<leftCount]),
                let right = vocabulary.id(of: joined[leftCount...]),
                let product = vocabulary.id(of: joined[...])
            else { throw refuse("parts and a product that are all in the vocabulary") }
            table.insert(left, right, rank: rank, product: product)
        }
        return table
    }

    /// Hugging Face gives an added token its id in the vocabulary, or the next free one, whatever the file says; a file
    /// that says otherwise is refused.
    private static func addedTokens(
        _ component: FileComponent, _ vocabulary: Vocabulary
    ) throws(TokenizerError) -> [AddedToken] {
        if component.isAbsent { return [] }
        var nextID = TokenID(vocabulary.count)
        var tokens: [AddedToken] = []
        for entry in try component.elements("an array of added tokens") {
            try entry.require(
                type: nil,
                members: ["id", "content", "single_word", "lstrip", "rstrip", "normalized", "special"])
            let content = try entry["content"].string("the text of the token")
            if content.isEmpty { throw entry["content"].unsupported("a text that is not empty") }
            if tokens.contains(where: { $0.content.utf8.elementsEqual(content.utf8) }) {
                throw entry["content"].unsupported("a token that is not added twice")
            }
            for flag in ["single_word", "lstrip", "rstrip", "normalized"] { try entry[flag].require(false) }
            guard let isSpecial = entry["special"].value?.boolValue else {
                throw entry["special"].unsupported("true or false")
            }
            let known = vocabulary.id(of: content)
            let id = known ?? nextID
            if known == nil { nextID += 1 }
            try entry["id"].require(.integer(Int64(id)))
            tokens.append(AddedToken(id: id, content: content, isSpecial: isSpecial))
        }
        return tokens
    }
}
