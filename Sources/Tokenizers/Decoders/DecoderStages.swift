/// Joins all tokens to one.
struct FuseStage: DecoderStage {
    mutating func receive(_ event: DecoderEvent, _ emit: (DecoderEvent) -> Void) {
        if case .text = event { emit(event) }
    }

    mutating func finish(_ emit: (DecoderEvent) -> Void) { emit(.end) }
}

/// The bytes that the tokens stand for in the byte alphabet, as one token.
struct ByteLevelStage: TokenDecoderStage {
    var partial: [UInt8] = []
    private var bytes = UTF8Stream()

    mutating func receive(token: [UInt8], _ emit: (DecoderEvent) -> Void) {
        if let text = bytes.append(ByteAlphabet.bytes(of: String(decoding: token, as: UTF8.self))) {
            emit(.text(Array(text.utf8)))
        }
    }

    mutating func finish(_ emit: (DecoderEvent) -> Void) {
        if let text = bytes.finish() { emit(.text(Array(text.utf8))) }
        emit(.end)
    }
}

/// Runs of tokens `<0x00>` to `<0xFF>` become the text of these bytes, or one U+FFFD for each where they form none.
struct ByteFallbackStage: TokenDecoderStage {
    var partial: [UInt8] = []
    private var run: [UInt8] = []

    mutating func receive(token: [UInt8], _ emit: (DecoderEvent) -> Void) {
        if let byte = ByteFallbackTokens.byte(of: token) {
            run.append(byte)
            return
        }
        flush(emit)
        emit(.text(token))
        emit(.end)
    }

    mutating func finish(_ emit: (DecoderEvent) -> Void) { flush(emit) }

    private mutating func flush(_ emit: (DecoderEvent) -> Void) {
        if run.isEmpty { return }
        if String(validating: run, as: UTF8.self) != nil {
            emit(.text(run))
            emit(.end)
        } else {
            for _ in run {
                emit(.text(Array("\u{FFFD}".utf8)))
                emit(.end)
            }
        }
        run.removeAll(keepingCapacity: true)
    }
}

/// The mark that stands for a space becomes one, but in the first token, where it may have been added, nothing.
struct MetaspaceStage: TokenDecoderStage {
    let mark: [UInt8]
    let dropsFirst: Bool
    var partial: [UInt8] = []
    private var isFirst = true

    init(mark: [UInt8], dropsFirst: Bool) {
        self.mark = mark
        self.dropsFirst = dropsFirst
    }

    mutating func receive(token: [UInt8], _ emit: (DecoderEvent) -> Void) {
        let space: [UInt8] = isFirst && dropsFirst ? [] : [UInt8(ascii: " ")]
        isFirst = false
        emit(.text(token.replacing(bytes: mark, with: space)))
        emit(.end)
    }
}

/// Words separated by spaces; tokens with the prefix continue a word.
struct WordPieceStage: TokenDecoderStage {
    let prefix: [UInt8]
    let cleansUp: Bool
    var partial: [UInt8] = []
    private var isFirst = true

    init(prefix: [UInt8], cleansUp: Bool) {
        self.prefix = prefix
        self.cleansUp = cleansUp
    }

    mutating func receive(token: [UInt8], _ emit: (DecoderEvent) -> Void) {
        var text = token
        if !isFirst {
            if token.starts(with: prefix) {
                text.removeFirst(prefix.count)
            } else {
                text.insert(UInt8(ascii: " "), at: 0)
            }
        }
        isFirst = false
        emit(.text(cleansUp ? EnglishCleanup.apply(text) : text))
        emit(.end)
    }
}

/// The suffix that ends a word becomes a space, in the last token nothing.
struct WordEndStage: TokenDecoderStage {
    let suffix: [UInt8]
    var partial: [UInt8] = []
    private var held: [UInt8]?

    init(suffix: [UInt8]) { self.suffix = suffix }

    mutating func receive(token: [UInt8], _ emit: (DecoderEvent) -> Void) {
        flush(suffixAs: [UInt8(ascii: " ")], emit)
        held = token
    }

    mutating func finish(_ emit: (DecoderEvent) -> Void) { flush(suffixAs: [], emit) }

    private mutating func flush(suffixAs replacement: [UInt8], _ emit: (DecoderEvent) -> Void) {
        guard let token = held else { return }
        held = nil
        emit(.text(token.replacing(bytes: suffix, with: replacement)))
        emit(.end)
    }
}

/// Labels of connectionist temporal classification: repeated ones count once, the blank not at all.
struct TemporalClassificationStage: TokenDecoderStage {
    let blank: [UInt8]
    let wordDelimiter: [UInt8]
    let cleansUp: Bool
    var partial: [UInt8] = []
    private var last: [UInt8]?

    init(blank: [UInt8], wordDelimiter: [UInt8], cleansUp: Bool) {
        self.blank = blank
        self.wordDelimiter = wordDelimiter
        self.cleansUp = cleansUp
    }

    mutating func receive(token: [UInt8], _ emit: (DecoderEvent) -> Void) {
        if token == last { return }
        last = token
        var text = token.replacing(bytes: blank, with: [])
        if cleansUp {
            text = EnglishCleanup.apply(text).replacing(bytes: wordDelimiter, with: [UInt8(ascii: " ")])
        }
        if text.isEmpty { return }
        emit(.text(text))
        emit(.end)
    }
}

/// Replaces the matches of a pattern within each token.
struct ReplaceStage: TokenDecoderStage {
    let scanner: any SplitScanner
    let replacement: [UInt8]
    var partial: [UInt8] = []

    init(scanner: any SplitScanner, replacement: [UInt8]) {
        self.scanner = scanner
        self.replacement = replacement
    }

    mutating func receive(token: [UInt8], _ emit: (DecoderEvent) -> Void) {
        var text = AlignedText(token, at: nil)
        text.replaceMatches(of: scanner, with: replacement)
        emit(.text(text.utf8))
        emit(.end)
    }
}

/// Takes up to so many of one character from the start and the end of each token.
struct StripStage: DecoderStage {
    let content: [UInt8]
    let start: Int
    let stop: Int
    /// How many may still be taken from the start of the present token.
    private var remaining: Int
    /// How many have been read that may turn out to be at the end.
    private var heldCount = 0

    init(content: [UInt8], start: Int, stop: Int) {
        self.content = content
        self.start = start
        self.stop = stop
        remaining = start
    }

    mutating func receive(_ event: DecoderEvent, _ emit: (DecoderEvent) -> Void) {
        guard case .text(let bytes) = event else {
            remaining = start
            heldCount = 0
            return emit(.end)
        }
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index...].starts(with: content) {
                index += content.count
                if remaining > 0 {
                    remaining -= 1
                } else if heldCount < stop {
                    heldCount += 1
                } else {
                    result += content
                }
            } else {
                remaining = 0
                for _ in 0..<heldCount { result += content }
                heldCount = 0
                repeat {
                    result.append(bytes[index])
                    index += 1
                } while index < bytes.count && bytes[index] & 0xC0 == 0x80
            }
        }
        if !result.isEmpty { emit(.text(result)) }
    }

    mutating func finish(_ emit: (DecoderEvent) -> Void) {}
}

/// Tokens separated by spaces, for files without a decoder.
struct SpacedStage: DecoderStage {
    private var isFirst = true
    private var isAtStart = true

    mutating func receive(_ event: DecoderEvent, _ emit: (DecoderEvent) -> Void) {
        if isAtStart, !isFirst { emit(.text([UInt8(ascii: " ")])) }
        isAtStart = event == .end
        isFirst = false
        emit(event)
    }

    mutating func finish(_ emit: (DecoderEvent) -> Void) {}
}

/// What Hugging Face takes for English typography.
enum EnglishCleanup {
    private static let replacements: [(from: [UInt8], to: [UInt8])] = [
        (" .", "."), (" ?", "?"), (" !", "!"), (" ,", ","), (" ' ", "'"), (" n't", "n't"), (" 'm", "'m"),
        (" do not", " don't"), (" 's", "'s"), (" 've", "'ve"), (" 're", "'re"),
    ].map { (Array($0.utf8), Array($1.utf8)) }

    static func apply(_ text: [UInt8]) -> [UInt8] {
        replacements.reduce(text) { $0.replacing(bytes: $1.from, with: $1.to) }
    }
}
