import Primitives

/// Finds added tokens in text: the leftmost one, and of those that begin there the longest.
struct AddedTokenMatcher: Sendable {
    /// Which added tokens are recognised in a text.
    enum Policy: Sendable {
        case all
        /// Those that are not special. A special one stays ordinary text.
        case ordinary
        case none
    }

    struct Match {
        var range: Range<Int>
        var id: TokenID
    }

    /// How far a text has been searched.
    struct Progress {
        /// Where the search goes on: after the last name, without the white space that it took.
        fileprivate(set) var position: Int
        /// The end of what belongs to earlier matches. A later match may begin before it, because the white space that a
        /// token takes is searched all the same; that is how Hugging Face reads overlapping flags.
        fileprivate(set) var end: Int

        init() {
            position = 0
            end = 0
        }
    }

    private let tokens: [AddedToken]
    private let names: ByteTrie
    private let scan: FirstByteScan

    /// - Parameter spellings: what to look for instead of the tokens' contents, one for each; not empty.
    init(_ tokens: [AddedToken], spellings: [[UInt8]]? = nil) {
        let spellings = spellings ?? tokens.map { Array($0.content.utf8) }
        self.tokens = tokens
        // Of two that are spelt alike once they are normalised a special one counts, then the first one.
        let order =
            tokens.indices.filter { !tokens[$0].isSpecial }.reversed()
            + tokens.indices.filter { tokens[$0].isSpecial }.reversed()
        names = ByteTrie(order.map { (bytes: spellings[$0], value: Int32($0)) })
        scan = FirstByteScan(Set(spellings.compactMap(\.first)))
    }

    var isEmpty: Bool { tokens.isEmpty }

    /// The next recognised token; text between `progress.end` as it was before and the match is ordinary text.
    func nextMatch(in text: UnsafeBufferPointer<UInt8>, _ progress: inout Progress, policy: Policy) -> Match? {
        if policy == .none || tokens.isEmpty { return nil }
        while let start = scan.firstPosition(in: text, from: progress.position) {
            guard let (index, end) = names.longestPrefix(of: text, from: start) else {
                progress.position = start + 1
                continue
            }
            progress.position = end
            let token = tokens[Int(index)]
            if policy == .ordinary, token.isSpecial { continue }
            if token.isSingleWord,
                WordBoundary.isWord(text, before: start) || WordBoundary.isWord(text, after: end)
            {
                continue
            }
            let from = token.stripsLeft ? max(WordBoundary.startOfSpace(text, endingAt: start), progress.end) : start
            let to = token.stripsRight ? WordBoundary.endOfSpace(text, from: end) : end
            // White space that belongs to the match before already.
            guard from < to else { continue }
            let range = from..<to
            progress.end = range.upperBound
            return Match(range: range, id: token.id)
        }
        return nil
    }

    /// Cuts text into recognised tokens and the stretches between them, in order. Stretches are not empty.
    @inline(__always)
    func cut(
        _ text: UnsafeBufferPointer<UInt8>, policy: Policy,
        token: (TokenID, Range<Int>) -> Void, stretch: (Range<Int>) -> Void
    ) {
        var progress = Progress()
        var end = 0
        while let match = nextMatch(in: text, &progress, policy: policy) {
            if end < match.range.lowerBound { stretch(end..<match.range.lowerBound) }
            token(match.id, match.range)
            end = progress.end
        }
        if end < text.count { stretch(end..<text.count) }
    }
}
