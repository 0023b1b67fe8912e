/// What a search found in a document.
public struct Passage: Sendable, Hashable {
    public var document: Document
    /// The BM25 score of the document for the query; higher is more relevant.
    public var score: Double
    /// The part of the document that is shown: for short documents the whole text.
    public var text: String

    public init(document: Document, score: Double, text: String) {
        self.document = document
        self.score = score
        self.text = text
    }
}
