/// The `normalizer` of a tokenizer file.
enum Normalizer: Sendable {
    case sequence([Normalizer])
    case form(NormalizationForm)
    case lowercase
    case stripAccents
    case strip(left: Bool, right: Bool)
    case replace(any SplitScanner, with: [UInt8])
    case prepend([UInt8])
    case bert(BertNormalization)
    case precompiled(PrecompiledNormalization)
    /// Spells bytes in the ``ByteAlphabet``.
    case byteLevel
    /// The clean-up of the NMT toolkit: drops controls, writes odd white space as spaces.
    case nmt

    init(_ component: FileComponent) throws(TokenizerError) {
        if component.isAbsent {
            self = .sequence([])
            return
        }
        switch component["type"].value?.stringValue {
        case "Sequence":
            try component.require(type: "Sequence", members: ["normalizers"])
            var stages: [Normalizer] = []
            for stage in try component["normalizers"].elements("an array of normalizers") {
                if stage.isAbsent { throw stage.unsupported("a normalizer") }
                stages.append(try Normalizer(stage))
            }
            self = .sequence(stages)
        case "Strip":
            try component.require(type: "Strip", members: ["strip_left", "strip_right"])
            self = .strip(left: try component["strip_left"].bool(), right: try component["strip_right"].bool())
        case "Replace":
            try component.require(type: "Replace", members: ["pattern", "content"])
            let content = try component["content"].string("a string")
            self = .replace(try SplitRule.scanner(component["pattern"]), with: Array(content.utf8))
        case "Prepend":
            try component.require(type: "Prepend", members: ["prepend"])
            self = .prepend(Array(try component["prepend"].string("a string").utf8))
        case "BertNormalizer": self = .bert(try BertNormalization(component))
        case "Precompiled": self = .precompiled(try PrecompiledNormalization(component))
        default:
            guard let type = component["type"].value?.stringValue, let normalizer = Self.named(type) else {
                throw component.unsupported("a normalizer that this loader knows")
            }
            try component.require(type: type, members: [])
            self = normalizer
        }
    }

    /// The normalizers that have no members.
    private static func named(_ type: String) -> Normalizer? {
        switch type {
        case "Lowercase": .lowercase
        case "StripAccents": .stripAccents
        case "ByteLevel": .byteLevel
        case "Nmt": .nmt
        default: NormalizationForm(rawValue: type).map { .form($0) }
        }
    }

    /// Normalises one stretch of text between added tokens.
    func normalize(_ text: inout AlignedText) {
        switch self {
        case .sequence(let stages): for stage in stages { stage.normalize(&text) }
        case .form(let form): Self.bring(&text, to: form)
        case .lowercase: Lowercase.apply(to: &text)
        case .stripAccents:
            if text.isASCII { return }
            let marks = ScalarSet.combiningMarks
            text.removeScalars { marks.contains($0) }
        case .strip(let left, let right): Self.strip(&text, left: left, right: right)
        case .replace(let scanner, let content): text.replaceMatches(of: scanner, with: content)
        case .prepend(let prefix): text.prepend(prefix)
        case .bert(let bert): bert.normalize(&text)
        case .precompiled(let rules): rules.normalize(&text)
        case .byteLevel: text.spellBytes()
        case .nmt: Self.cleanForTranslation(&text)
        }
    }

    private static func bring(_ text: inout AlignedText, to form: NormalizationForm) {
        let isUnchanged =
            form == .composed
            ? text.utf8.withUnsafeBufferPointer { CanonicalComposition.isCertainlyComposed($0) }
            : text.utf8.allSatisfy { $0 < 0x80 }
        if !isUnchanged { text.apply(form.edits(of: text.scalars)) }
    }

    private static func strip(_ text: inout AlignedText, left: Bool, right: Bool) {
        let whiteSpace = ScalarSet.whiteSpace
        func isCertainlyKept(_ byte: UInt8?) -> Bool { byte.map { (0x21...0x7E).contains($0) } ?? true }
        if !left || isCertainlyKept(text.utf8.first), !right || isCertainlyKept(text.utf8.last) { return }
        let scalars = text.scalars
        let start = left ? scalars.firstIndex { !whiteSpace.contains($0) } ?? scalars.count : 0
        let end = right ? (scalars.lastIndex { !whiteSpace.contains($0) } ?? -1) + 1 : scalars.count
        if start == 0, end == scalars.count { return }
        text.apply(scalars[start..<max(start, end)].map { ScalarEdit(scalar: $0, replaced: 1) }, removedAtStart: start)
    }

    private static func cleanForTranslation(_ text: inout AlignedText) {
        text.removeScalars { scalar in
            switch scalar {
            case 0x01...0x08, 0x0B, 0x0E...0x1F, 0x7F, 0x8F, 0x9F: true
            default: false
            }
        }
        text.mapScalars { scalar in
            switch scalar {
            case 0x09, 0x0A, 0x0C, 0x0D, 0x1680, 0x200B...0x200F, 0x2028, 0x2029, 0x2581, 0xFEFF, 0xFFFD: 0x20
            default: scalar
            }
        }
    }
}

/// What the fast form of the encoding asks.
extension Normalizer {
    /// Whether no text is changed.
    var isIdentity: Bool {
        if case .sequence(let stages) = self { return stages.allSatisfy(\.isIdentity) }
        return false
    }

    /// Whether it does what NFC does and nothing else.
    var isCanonicalComposition: Bool {
        switch self {
        case .form(let form): return form == .composed
        case .sequence(let stages):
            let effective = stages.filter { !$0.isIdentity }
            return !effective.isEmpty && effective.allSatisfy(\.isCanonicalComposition)
        default: return false
        }
    }
}
