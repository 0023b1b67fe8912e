import Primitives

/// A token that is cut out of the text as a whole, before anything else happens to it.
struct AddedToken: Sendable, Hashable {
    var id: TokenID
    var content: String
    /// A control token: left out by `skipSpecialTokens` and never produced under `splitSpecialTokens`.
    var isSpecial: Bool
}

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

    private struct Literal: Sendable {
        var bytes: [UInt8]
        var id: TokenID
        var isSpecial: Bool
    }

    /// Indexed by the first byte; each list has its longest literals first.
    private var buckets: [[Literal]]
    private var isFirstByte: [Bool]

    init(_ tokens: [AddedToken]) {
        buckets = Array(repeating: [], count: 256)
        isFirstByte = Array(repeating: false, count: 256)
        for token in tokens {
            let bytes = Array(token.content.utf8)
            guard let first = bytes.first else { continue }
            isFirstByte[Int(first)] = true
            buckets[Int(first)].append(Literal(bytes: bytes, id: token.id, isSpecial: token.isSpecial))
        }
        for index in buckets.indices { buckets[index].sort { $0.bytes.count > $1.bytes.count } }
    }

    /// The first recognised token at or after byte `start`.
    func firstMatch(
        in text: UnsafeBufferPointer<UInt8>, from start: Int, policy: Policy
    ) -> Match? {
        if policy == .none { return nil }
        var position = start
        while position < text.count {
            guard isFirstByte[Int(text[position])], let literal = literal(in: text, at: position) else {
                position += 1
                continue
            }
            let end = position + literal.bytes.count
            if policy == .all || !literal.isSpecial { return Match(range: position..<end, id: literal.id) }
            position = end
        }
        return nil
    }

    private func literal(in text: UnsafeBufferPointer<UInt8>, at position: Int) -> Literal? {
        let rest = UnsafeBufferPointer(rebasing: text[position...])
        return buckets[Int(text[position])].first { $0.bytes.count <= rest.count && rest.starts(with: $0.bytes) }
    }
}
