import Primitives

/// Cuts text into added tokens and the pieces between them, normalising what lies between.
struct TextCutter: Sendable {
    let matcher: AddedTokenMatcher
    /// Whether text is brought to normalisation form C before it is split into pieces.
    let composes: Bool

    /// Calls `addedToken` and `piece` in the order of the text. Pieces are not empty.
    @inline(__always)
    func cut(
        _ text: String, recognizing policy: AddedTokenMatcher.Policy,
        addedToken: (TokenID) -> Void, piece: (UnsafeBufferPointer<UInt8>) -> Void
    ) {
        var text = text
        text.withUTF8 { utf8 in
            var position = 0
            while let match = matcher.firstMatch(in: utf8, from: position, policy: policy) {
                cut(segment: utf8[position..<match.range.lowerBound], piece: piece)
                addedToken(match.id)
                position = match.range.upperBound
            }
            cut(segment: utf8[position...], piece: piece)
        }
    }

    /// A stretch of text between added tokens; each is normalised by itself.
    private func cut(segment: Slice<UnsafeBufferPointer<UInt8>>, piece: (UnsafeBufferPointer<UInt8>) -> Void) {
        let utf8 = UnsafeBufferPointer(rebasing: segment)
        if !composes || CanonicalComposition.isCertainlyComposed(utf8) { return split(utf8, piece: piece) }
        var text = CanonicalComposition.compose(String(decoding: utf8, as: UTF8.self))
        text.withUTF8 { split($0, piece: piece) }
    }

    private func split(_ text: UnsafeBufferPointer<UInt8>, piece: (UnsafeBufferPointer<UInt8>) -> Void) {
        ByteLevelPattern.qwen.forEachPiece(of: text, piece)
    }
}
