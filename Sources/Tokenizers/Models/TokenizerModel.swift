import Primitives

/// The `model` of a tokenizer file: cuts a piece of text into entries of the vocabulary.
protocol TokenizerModel: Sendable {
    var vocabulary: Vocabulary { get }

    /// Calls `emit` for each token of a piece, in order, with the bytes of the piece that the reference says it stands
    /// for. The piece is not empty.
    func tokenize(_ piece: UnsafeBufferPointer<UInt8>, emit: (TokenID, Range<Int>) -> Void)

    /// Calls `part` for the parts of a piece, in order and without gaps, each of which is cut as if it stood alone.
    func forEachPart(of piece: UnsafeBufferPointer<UInt8>, _ part: (Range<Int>) -> Void)
}

extension TokenizerModel {
    func forEachPart(of piece: UnsafeBufferPointer<UInt8>, _ part: (Range<Int>) -> Void) { part(0..<piece.count) }
}
