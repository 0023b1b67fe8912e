import Primitives

/// The `post_processor` of a tokenizer file: tokens around a text, and offsets without the spaces that tokens begin with.
enum PostProcessor: Sendable {
    case sequence([PostProcessor])
    case template(before: [TokenID], after: [TokenID])
    /// Takes spaces at the ends of tokens out of their offsets.
    case trimming(addsPrefixSpace: Bool)

    init(_ component: FileComponent, _ ids: (String) -> TokenID?) throws(TokenizerError) {
        if component.isAbsent {
            self = .sequence([])
            return
        }
        switch component["type"].value?.stringValue {
        case "Sequence":
            try component.require(type: "Sequence", members: ["processors"])
            var processors: [PostProcessor] = []
            for element in try component["processors"].elements("an array of post-processors") {
                if element.isAbsent { throw element.unsupported("a post-processor") }
                processors.append(try PostProcessor(element, ids))
            }
            self = .sequence(processors)
        case "ByteLevel":
            try component.require(type: "ByteLevel", members: ["add_prefix_space", "trim_offsets", "use_regex"])
            self = try Self.trimming(component)
        case "BertProcessing":
            try component.require(type: "BertProcessing", members: ["sep", "cls"])
            self = try Self.enclosed(component, ids)
        case "RobertaProcessing":
            try component.require(
                type: "RobertaProcessing", members: ["sep", "cls", "trim_offsets", "add_prefix_space"])
            self = .sequence([try Self.trimming(component), try Self.enclosed(component, ids)])
        case "TemplateProcessing":
            try component.require(type: "TemplateProcessing", members: ["single", "pair", "special_tokens"])
            self = try Self.template(component, ids)
        default:
            throw component.unsupported(
                "a post-processor: ByteLevel, TemplateProcessing, BertProcessing, RobertaProcessing or Sequence")
        }
    }

    private static func trimming(_ component: FileComponent) throws(TokenizerError) -> PostProcessor {
        let trims = try component["trim_offsets"].flag(default: true)
        let addsSpace = try component["add_prefix_space"].flag(default: true)
        return trims ? .trimming(addsPrefixSpace: addsSpace) : .sequence([])
    }

    /// `[CLS] text [SEP]`.
    private static func enclosed(
        _ component: FileComponent, _ ids: (String) -> TokenID?
    ) throws(TokenizerError) -> PostProcessor {
        func token(_ member: FileComponent) throws(TokenizerError) -> TokenID {
            guard let pair = member.value?.arrayValue, pair.count == 2, let text = pair[0].stringValue,
                let id = ids(text), pair[1] == .integer(Int64(id))
            else { throw member.unsupported("a token of the file and its id") }
            return id
        }
        return .template(before: [try token(component["cls"])], after: [try token(component["sep"])])
    }

    /// The template of a single text; that of a pair is not used.
    private static func template(
        _ component: FileComponent, _ ids: (String) -> TokenID?
    ) throws(TokenizerError) -> PostProcessor {
        var before: [TokenID] = []
        var after: [TokenID] = []
        var isTextPlaced = false
        let expected = "SpecialToken pieces around one Sequence piece A"
        for piece in try component["single"].elements("an array of pieces") {
            if piece["Sequence"].value != nil {
                try piece.require(type: nil, members: ["Sequence"])
                try piece["Sequence"].require(type: nil, members: ["id", "type_id"])
                guard piece["Sequence"]["id"].value == "A", !isTextPlaced else { throw piece.unsupported(expected) }
                isTextPlaced = true
            } else {
                try piece.require(type: nil, members: ["SpecialToken"])
                try piece["SpecialToken"].require(type: nil, members: ["id", "type_id"])
                let name = try piece["SpecialToken"]["id"].string("the name of a special token")
                let tokens = try specialTokens(component["special_tokens"][name], ids)
                if isTextPlaced { after += tokens } else { before += tokens }
            }
        }
        guard isTextPlaced else { throw component["single"].unsupported(expected) }
        return .template(before: before, after: after)
    }

    private static func specialTokens(
        _ component: FileComponent, _ ids: (String) -> TokenID?
    ) throws(TokenizerError) -> [TokenID] {
        try component.require(type: nil, members: ["id", "ids", "tokens"])
        guard let listed = component["ids"].value?.tokensValue else {
            throw component["ids"].unsupported("an array of ids")
        }
        let names = component["tokens"].value?.arrayValue?.compactMap(\.stringValue) ?? []
        guard names.map(ids) == listed.map(Optional.some) else {
            throw component["ids"].unsupported("the ids of `tokens`")
        }
        return listed
    }

    /// How many tokens a text gets around it.
    var addedCount: Int {
        switch self {
        case .sequence(let processors): processors.reduce(0) { $0 + $1.addedCount }
        case .template(let before, let after): before.count + after.count
        case .trimming: 0
        }
    }

    /// - Parameters:
    ///   - addsTokens: whether tokens are put around the text. They stand for none of its bytes.
    ///   - trimming: how spaces are taken out of offsets; `nil` when the encoding has none.
    func process(_ encoding: inout Encoding, addsTokens: Bool, trimming: OffsetTrimming?) {
        switch self {
        case .sequence(let processors):
            for processor in processors { processor.process(&encoding, addsTokens: addsTokens, trimming: trimming) }
        case .template(let before, let after):
            guard addsTokens else { return }
            encoding.ids = before + encoding.ids + after
            guard trimming != nil else { return }
            encoding.offsets = before.map { _ in 0..<0 } + encoding.offsets + after.map { _ in 0..<0 }
        case .trimming(let addsPrefixSpace):
            trimming?.apply(to: &encoding, addsPrefixSpace: addsPrefixSpace)
        }
    }
}
