/// How a byte-level tokenizer cuts text into pieces: the patterns for which there is a scanner of their own.
enum ByteLevelPattern: UInt8, Sendable, CaseIterable {
    case gpt2
    case qwen
    case llama3
    case qwen35
    case o200k
    case tekken
    case deepSeek
    case digitsGPT2

    /// The pattern of these Split stages (isolated, not inverted) in the order of the file; `nil` when it is none of
    /// these. ByteLevel with `use_regex` and without a Split before it is ``gpt2``.
    init?(stages: [String]) { self.init(spelt: stages.map(ModelSplitPatterns.spelt)) }

    init?(spelt stages: [String]) {
        func areStages(_ regexes: [String]) -> Bool {
            stages.elementsEqual(regexes) { $0.utf8.elementsEqual($1.utf8) }
        }
        if ModelSplitPatterns.gpt2.contains(where: { areStages([$0]) }) {
            self = .gpt2
        } else if ModelSplitPatterns.qwen.contains(where: { areStages([$0]) }) {
            self = .qwen
        } else if ModelSplitPatterns.llama3.contains(where: { areStages([$0]) }) {
            self = .llama3
        } else if areStages([ModelSplitPatterns.qwen35]) {
            self = .qwen35
        } else if areStages([ModelSplitPatterns.o200k]) {
            self = .o200k
        } else if areStages([ModelSplitPatterns.tekken]) {
            self = .tekken
        } else if areStages(ModelSplitPatterns.deepSeekStages.map(\.regex)) {
            self = .deepSeek
        } else {
            return nil
        }
    }

    /// The pattern as one scanner; `nil` where it has several stages.
    var scanner: (any SplitScanner)? {
        switch self {
        case .gpt2: GPT2Scanner()
        case .qwen: Self.qwenScanner
        case .llama3: Self.llama3Scanner
        case .qwen35: Self.qwen35Scanner
        case .o200k: Self.o200kScanner
        case .tekken: Self.tekkenScanner
        case .deepSeek, .digitsGPT2: nil
        }
    }

    static let qwenScanner = PrefixedWordScanner(letters: .letter, numberLimit: 1)
    static let llama3Scanner = PrefixedWordScanner(letters: .letter, numberLimit: 3)
    static let qwen35Scanner = PrefixedWordScanner(letters: [.letter, .mark], numberLimit: 1)
    static let o200kScanner = CasedWordScanner(takesContractions: true, numberLimit: 3)
    static let tekkenScanner = CasedWordScanner(takesContractions: false, numberLimit: 1)

    func joinsLetters(_ character: UInt8) -> Bool {
        switch self {
        case .gpt2: GPT2Scanner.joinsLetters(character)
        case .qwen, .llama3, .qwen35: PrefixedWordScanner.joinsLetters(character)
        case .o200k, .tekken: CasedWordScanner.joinsLetters(character)
        case .deepSeek: DeepSeekScanner.joinsLetters(character)
        case .digitsGPT2: DigitsGPT2Scanner.joinsLetters(character)
        }
    }

    /// Calls `piece` for each piece of a text, in order.
    func forEachPiece(of text: UnsafeBufferPointer<UInt8>, _ piece: (UnsafeBufferPointer<UInt8>) -> Void) {
        switch self {
        case .gpt2: Self.cut(text, GPT2Scanner(), piece)
        case .qwen: Self.cut(text, Self.qwenScanner, piece)
        case .llama3: Self.cut(text, Self.llama3Scanner, piece)
        case .qwen35: Self.cut(text, Self.qwen35Scanner, piece)
        case .o200k: Self.cut(text, Self.o200kScanner, piece)
        case .tekken: Self.cut(text, Self.tekkenScanner, piece)
        case .deepSeek: Self.cut(text, DeepSeekScanner(), piece)
        case .digitsGPT2: Self.cut(text, DigitsGPT2Scanner(), piece)
        }
    }

    private static func cut(
        _ text: UnsafeBufferPointer<UInt8>, _ scanner: some PieceScanner,
        _ piece: (UnsafeBufferPointer<UInt8>) -> Void
    ) {
        var scanner = scanner
        let reader = ScalarReader(text)
        var start = 0
        while start < text.count {
            let end = scanner.pieceEnd(in: reader, from: start)
            piece(UnsafeBufferPointer(rebasing: text[start..<end]))
            start = end
        }
    }
}
