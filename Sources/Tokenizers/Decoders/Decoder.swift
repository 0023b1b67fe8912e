import Primitives

/// The `decoder` of a tokenizer file.
indirect enum Decoder: Sendable {
    case byteLevel
    case sequence([Decoder])
    /// Any other decoder, before it has read anything.
    case stage(any DecoderStage)

    init(_ component: FileComponent) throws(TokenizerError) {
        if component.isAbsent {
            self = .stage(SpacedStage())
            return
        }
        let type = component["type"].value?.stringValue ?? ""
        guard let members = Self.members[type] else {
            throw component.unsupported("a decoder: \(Self.members.keys.sorted().joined(separator: ", "))")
        }
        try component.require(type: type, members: members)
        switch type {
        case "ByteLevel": self = .byteLevel
        case "Sequence":
            var decoders: [Decoder] = []
            for element in try component["decoders"].elements("an array of decoders") {
                if element.isAbsent { throw element.unsupported("a decoder") }
                decoders.append(try Decoder(element))
            }
            self = .sequence(decoders)
        default: self = .stage(try Self.stage(type, component))
        }
    }

    private static let members: [String: Set<String>] = [
        // Its options change nothing here.
        "ByteLevel": ["add_prefix_space", "trim_offsets", "use_regex"],
        "Sequence": ["decoders"], "Fuse": [], "ByteFallback": [],
        "Metaspace": ["replacement", "prepend_scheme", "split", "add_prefix_space", "str_rep"],
        "WordPiece": ["prefix", "cleanup"], "BPEDecoder": ["suffix"],
        "CTC": ["pad_token", "word_delimiter_token", "cleanup"],
        "Replace": ["pattern", "content"], "Strip": ["content", "start", "stop"],
    ]

    private static func stage(_ type: String, _ component: FileComponent) throws(TokenizerError) -> any DecoderStage {
        func bytes(_ key: String, _ expected: String) throws(TokenizerError) -> [UInt8] {
            let bytes = Array(try component[key].string(expected).utf8)
            if bytes.isEmpty { throw component[key].unsupported(expected) }
            return bytes
        }
        switch type {
        case "Fuse": return FuseStage()
        case "ByteFallback": return ByteFallbackStage()
        case "WordPiece":
            let prefix = try component["prefix"].string("the prefix of what continues a word")
            return WordPieceStage(prefix: Array(prefix.utf8), cleansUp: try component["cleanup"].flag())
        case "BPEDecoder": return WordEndStage(suffix: try bytes("suffix", "the suffix that ends a word"))
        case "CTC":
            return TemporalClassificationStage(
                blank: try bytes("pad_token", "the blank"),
                wordDelimiter: try bytes("word_delimiter_token", "the token between words"),
                cleansUp: try component["cleanup"].flag())
        case "Strip":
            return StripStage(
                content: Array(String(try component["content"].scalar()).utf8),
                start: try component["start"].count("a number of characters"),
                stop: try component["stop"].count("a number of characters"))
        case "Replace":
            return ReplaceStage(
                scanner: try SplitRule.scanner(component["pattern"]),
                replacement: Array(try component["content"].string("a text").utf8))
        default: return try metaspace(component)
        }
    }

    private static func metaspace(_ component: FileComponent) throws(TokenizerError) -> MetaspaceStage {
        let mark = String(try component["replacement"].scalar())
        let scheme = component["prepend_scheme"]
        try scheme.requireIfPresent("always", "first", "never")
        // Older files say only whether there is a prefix.
        let addsPrefix = try component["add_prefix_space"].flag(default: true)
        return MetaspaceStage(
            mark: Array(mark.utf8), dropsFirst: scheme.isAbsent ? addsPrefix : scheme.value != "never")
    }

    /// The steps, before they have read anything.
    var stages: [any DecoderStage] {
        switch self {
        case .byteLevel: [ByteLevelStage()]
        case .sequence(let decoders): decoders.flatMap(\.stages)
        case .stage(let stage): [stage]
        }
    }

    /// Whether the text is nothing but the bytes of the tokens.
    var isByteLevel: Bool {
        switch self {
        case .byteLevel: true
        case .sequence(let decoders): decoders.count == 1 && decoders[0].isByteLevel
        case .stage: false
        }
    }
}
