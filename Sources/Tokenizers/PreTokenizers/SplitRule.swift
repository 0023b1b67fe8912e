/// A pre-tokenizer that cuts text at the matches of a pattern.
struct SplitRule: Sendable {
    let scanner: any SplitScanner
    var behavior: SplitBehavior
    /// Whether what lies between the matches counts as matched, and the matches do not.
    var isInverted = false
    /// The regular expression that ``scanner`` stands for; `nil` where the file does not give one.
    var regex: String?
    /// Whether it is `Digits`, each digit by itself.
    var isolatesDigits = false

    func split(_ text: AlignedText) -> [AlignedText] {
        text.utf8.withUnsafeBufferPointer(pieces).map { text[$0] }
    }

    /// The pieces of a text, in order; gaps between them are what is left out.
    func pieces(of text: UnsafeBufferPointer<UInt8>) -> [Range<Int>] {
        guard behavior == .isolated else {
            return behavior.pieces(count: text.count, matches: scanner.matches(in: text), isInverted: isInverted)
        }
        var pieces: [Range<Int>] = []
        var position = 0
        scanner.forEachMatch(in: text) { match in
            if position < match.lowerBound { pieces.append(position..<match.lowerBound) }
            pieces.append(match)
            position = match.upperBound
        }
        if position < text.count { pieces.append(position..<text.count) }
        return pieces
    }
}

extension SplitRule {
    /// A component of type `Split`.
    init(split component: FileComponent) throws(TokenizerError) {
        try component.require(type: "Split", members: ["pattern", "behavior", "invert"])
        behavior = try Self.behavior(component["behavior"])
        isInverted = try component["invert"].bool()
        // The empty text matches between all scalars.
        if component["pattern"].value == ["String": ""], behavior == .isolated || behavior == .removed, !isInverted {
            scanner = ScalarScanner(scalars: ScalarSet().complemented())
            behavior = .isolated
            return
        }
        scanner = try Self.scanner(component["pattern"])
        regex = component["pattern"]["Regex"].value?.stringValue
    }

    /// A component of type `Punctuation`.
    init(punctuation component: FileComponent) throws(TokenizerError) {
        try component.require(type: "Punctuation", members: ["behavior"])
        let behavior = component["behavior"].value == nil ? .isolated : try Self.behavior(component["behavior"])
        self.init(scanner: ScalarScanner(scalars: .punctuation), behavior: behavior)
    }

    /// A component of type `Digits`.
    init(digits component: FileComponent) throws(TokenizerError) {
        try component.require(type: "Digits", members: ["individual_digits"])
        let isIndividual = try component["individual_digits"].bool()
        self.init(
            scanner: ScalarScanner(scalars: .numbers), behavior: isIndividual ? .isolated : .contiguous,
            isolatesDigits: isIndividual)
    }

    /// A component of type `CharDelimiterSplit`.
    init(delimiter component: FileComponent) throws(TokenizerError) {
        try component.require(type: "CharDelimiterSplit", members: ["delimiter"])
        let delimiter = try component["delimiter"].scalar().value
        self.init(scanner: ScalarScanner(scalars: ScalarSet(delimiter...delimiter)), behavior: .removed)
    }

    /// `Whitespace`: words, and runs of what is neither word nor white space.
    static var whitespace: SplitRule {
        var others = ScalarSet.rustWord
        others.formUnion(.whiteSpace)
        others.complement()
        let scanner = RunScanner(runs: [
            RunScanner.Run(scalars: .rustWord, maximum: .max), RunScanner.Run(scalars: others, maximum: .max),
        ])
        return SplitRule(scanner: scanner, behavior: .removed, isInverted: true)
    }

    /// `WhitespaceSplit`
    static var whitespaceSplit: SplitRule {
        SplitRule(scanner: ScalarScanner(scalars: .whiteSpace), behavior: .removed)
    }

    /// What `BertPreTokenizer` does after splitting at white space.
    static var isolatedPunctuation: SplitRule {
        SplitRule(scanner: ScalarScanner(scalars: .punctuation), behavior: .isolated)
    }

    /// The `pattern` of a component: an object with one member, `String` or `Regex`.
    static func scanner(_ component: FileComponent) throws(TokenizerError) -> any SplitScanner {
        let expected = "an object with one member, \"String\" or \"Regex\""
        guard let object = component.value?.objectValue, object.count == 1 else {
            throw component.unsupported(expected)
        }
        let literal = component["String"]
        if literal.value != nil {
            guard let scanner = LiteralScanner(try literal.string("a string")) else {
                throw literal.unsupported("a string that is not empty")
            }
            return scanner
        }
        let regex = component["Regex"]
        if regex.value == nil { throw component.unsupported(expected) }
        guard let scanner = SplitPatterns.scanner(for: try regex.string("a string")) else {
            throw regex.unsupported("a pattern that this loader knows")
        }
        return scanner
    }

    private static func behavior(_ component: FileComponent) throws(TokenizerError) -> SplitBehavior {
        let expected = SplitBehavior.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: " or ")
        guard let behavior = SplitBehavior(rawValue: try component.string(expected)) else {
            throw component.unsupported(expected)
        }
        return behavior
    }
}
