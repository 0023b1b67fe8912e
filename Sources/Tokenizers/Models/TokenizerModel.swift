import Primitives

/// The `model` of a tokenizer file: cuts a piece of text into entries of the vocabulary.
protocol TokenizerModel: Sendable {
    var vocabulary: Vocabulary { get }

    /// Calls `emit` for each token of a piece, in order, with the number of the piece's bytes that it stands for; with
    /// `nil` for bytes that the model drops. The counts add up to the piece's. The piece is not empty.
    func tokenize(_ piece: UnsafeBufferPointer<UInt8>, emit: (TokenID?, Int) -> Void)
}
