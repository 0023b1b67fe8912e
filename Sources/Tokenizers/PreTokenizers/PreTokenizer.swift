/// The `pre_tokenizer` of a tokenizer file.
enum PreTokenizer: Sendable {
    case sequence([PreTokenizer])
    case split(SplitRule)
    case metaspace(MetaspaceSplitting)
    case byteLevel(ByteLevelSplitting)
    /// Pieces of so many scalars.
    case fixedLength(Int)

    init(_ component: FileComponent) throws(TokenizerError) {
        if component.isAbsent {
            self = .sequence([])
            return
        }
        switch component["type"].value?.stringValue {
        case "Sequence":
            try component.require(type: "Sequence", members: ["pretokenizers"])
            var stages: [PreTokenizer] = []
            for stage in try component["pretokenizers"].elements("an array of pre-tokenizers") {
                if stage.isAbsent { throw stage.unsupported("a pre-tokenizer") }
                stages.append(try PreTokenizer(stage))
            }
            self = .sequence(stages)
        case "Split": self = .split(try SplitRule(split: component))
        case "Digits": self = .split(try SplitRule(digits: component))
        case "Punctuation": self = .split(try SplitRule(punctuation: component))
        case "CharDelimiterSplit": self = .split(try SplitRule(delimiter: component))
        case "Whitespace":
            try component.require(type: "Whitespace", members: [])
            self = .split(.whitespace)
        case "WhitespaceSplit":
            try component.require(type: "WhitespaceSplit", members: [])
            self = .split(.whitespaceSplit)
        case "BertPreTokenizer":
            try component.require(type: "BertPreTokenizer", members: [])
            self = .sequence([.split(.whitespaceSplit), .split(.isolatedPunctuation)])
        case "Metaspace": self = .metaspace(try MetaspaceSplitting(component))
        case "ByteLevel": self = .byteLevel(try ByteLevelSplitting(component))
        case "FixedLength":
            try component.require(type: "FixedLength", members: ["length"])
            let length = component["length"]
            guard let count = length.value == nil ? 5 : length.value?.integerValue, count > 0 else {
                throw length.unsupported("a positive integer")
            }
            self = .fixedLength(count)
        default: throw component.unsupported("a pre-tokenizer that this loader knows")
        }
    }

    /// The pieces of a normalised stretch of text, none of them empty.
    ///
    /// - Parameter isStart: whether the stretch begins the whole text, which Metaspace's `first` asks about. Where offsets
    ///   are kept, they decide instead.
    func split(_ text: AlignedText, isStart: Bool) -> [AlignedText] {
        if text.utf8.isEmpty { return [] }
        switch self {
        case .sequence(let stages):
            var pieces = [text]
            for stage in stages {
                pieces = pieces.enumerated().flatMap { stage.split($1, isStart: isStart && $0 == 0) }
            }
            return pieces
        case .split(let rule): return rule.split(text)
        case .metaspace(let metaspace):
            return metaspace.split(text, isStart: text.origins == nil ? isStart : text.start == 0)
        case .byteLevel(let byteLevel): return byteLevel.split(text)
        case .fixedLength(let length): return Self.chunks(of: length, text)
        }
    }

    private static func chunks(of length: Int, _ text: AlignedText) -> [AlignedText] {
        var starts: [Int] = []
        var count = 0
        for (index, byte) in text.utf8.enumerated() where byte & 0xC0 != 0x80 {
            if count % length == 0 { starts.append(index) }
            count += 1
        }
        return zip(starts, starts.dropFirst() + [text.utf8.count]).map { text[$0..<$1] }
    }
}

/// What callers ask to choose a faster path.
extension PreTokenizer {
    /// The split patterns of a pre-tokenizer that cuts text by nothing but these, one after the other, every match and
    /// every gap a piece, and then spells bytes in the ``ByteAlphabet``; `nil` for any other.
    var byteLevelPattern: [String]? {
        var stages: [PreTokenizer] = [self]
        if case .sequence(let members) = self { stages = members }
        guard case .byteLevel(let last)? = stages.last, !last.addsPrefixSpace else { return nil }
        var patterns: [String] = []
        for stage in stages.dropLast() {
            guard case .split(let rule) = stage, rule.behavior == .isolated, !rule.isInverted, let regex = rule.regex
            else { return nil }
            patterns.append(regex)
        }
        if let regex = last.rule?.regex { patterns.append(regex) }
        return patterns
    }

    /// What cuts the text of a pre-tokenizer that does nothing but cut and spell bytes; `nil` for any other.
    var byteLevelStages: [ByteLevelStages.Stage]? {
        var stages: [ByteLevelStages.Stage] = []
        var isSpelled = false
        for step in flattened {
            switch step {
            case .split(let rule): stages.append(ByteLevelStages.Stage(rule: rule, isSpelled: isSpelled))
            case .byteLevel(let byteLevel) where !isSpelled && !byteLevel.addsPrefixSpace:
                isSpelled = true
                if let rule = byteLevel.rule { stages.append(ByteLevelStages.Stage(rule: rule, isSpelled: false)) }
            default: return nil
            }
        }
        return isSpelled ? stages : nil
    }

    /// Whether Metaspace comes before any other stage, and so sees the text as it was normalised.
    var beginsWithMetaspace: Bool { if case .metaspace? = flattened.first { true } else { false } }

    private var flattened: [PreTokenizer] {
        if case .sequence(let stages) = self { stages.flatMap(\.flattened) } else { [self] }
    }

    /// Whether ``split(_:isStart:)`` needs text with offsets to be exact, because a `Metaspace` that prepends only at the
    /// start of the text is among the stages: what it is given tells by its offsets whether it begins the text, whatever
    /// a normaliser or an earlier stage left out before it.
    var needsOrigins: Bool {
        switch self {
        case .metaspace(let metaspace): metaspace.scheme == .first
        case .sequence(let stages): stages.contains(where: \.needsOrigins)
        case .split, .byteLevel, .fixedLength: false
        }
    }
}
