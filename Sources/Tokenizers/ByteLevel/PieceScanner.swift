/// The split patterns of a tokenizer, all stages in one, that cut every text into pieces without a gap.
///
/// A scanner belongs to one text: it may keep what it has learnt about what follows.
protocol PieceScanner {
    /// Whether a run of ASCII letters is cut where capitals begin after small letters, or may go on after an apostrophe.
    static var cutsByCase: Bool { get }

    /// Whether this ASCII character, in front of ASCII letters, always makes one piece with them.
    static func joinsLetters(_ character: UInt8) -> Bool

    /// The end of the piece that begins at byte `start`, which must be below the text's end.
    mutating func pieceEnd(in text: ScalarReader, from start: Int) -> Int
}

/// A single pattern that matches wherever it is tried.
protocol TotalScanner: PieceScanner, SplitScanner {
    func matchEnd(in text: ScalarReader, from start: Int) -> Int
}

extension TotalScanner {
    @inline(__always)
    mutating func pieceEnd(in text: ScalarReader, from start: Int) -> Int { matchEnd(in: text, from: start) }

    func matchEnd(in text: UnsafeBufferPointer<UInt8>, at start: Int) -> Int? {
        matchEnd(in: ScalarReader(text), from: start)
    }
}
