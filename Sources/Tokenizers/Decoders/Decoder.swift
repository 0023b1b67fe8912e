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
            let content = try component["content"].string("one character")
            guard content.unicodeScalars.count == 1 else { throw component["content"].unsupported("one character") }
            let (start, stop) = (component["start"], component["stop"])
            return StripStage(
                content: Array(content.utf8), start: try start.count("a number of characters"),
                stop: try stop.count("a number of characters"))
        case "Replace":
            let replacement = Array(try component["content"].string("a text").utf8)
            return ReplaceStage(pattern: try pattern(component["pattern"]), replacement: replacement)
        default: return try metaspace(component)
        }
    }

    private static func metaspace(_ component: FileComponent) throws(TokenizerError) -> MetaspaceStage {
        let mark = try component["replacement"].string("one character")
        guard mark.unicodeScalars.count == 1 else { throw component["replacement"].unsupported("one character") }
        let scheme = component["prepend_scheme"]
        try scheme.requireIfPresent("always", "first", "never")
        // Older files say only whether there is a prefix.
        let addsPrefix = component["add_prefix_space"].isAbsent ? true : try component["add_prefix_space"].flag()
        return MetaspaceStage(
            mark: Array(mark.utf8), dropsFirst: scheme.isAbsent ? addsPrefix : scheme.value != "never")
    }

    private static func pattern(_ component: FileComponent) throws(TokenizerError) -> ReplaceStage.Pattern {
        if component["String"].value != nil {
            try component.require(type: nil, members: ["String"])
            let literal = Array(try component["String"].string("a text").utf8)
            if literal.isEmpty { throw component["String"].unsupported("a text that is not empty") }
            return .literal(literal)
        }
        try component.require(type: nil, members: ["Regex"])
        guard let scanner = SplitPatterns.scanner(for: try component["Regex"].string("a pattern")) else {
            throw component["Regex"].unsupported("a pattern that this loader knows")
        }
        return .scanner(scanner)
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

extension FileComponent {
    /// A number that is not negative.
    func count(_ expected: String) throws(TokenizerError) -> Int {
        let count = try integer(expected)
        if count < 0 { throw unsupported(expected) }
        return count
    }
}
