/// Where one statement of a fact was taken from.
public struct Evidence: Sendable, Hashable {
    /// The source that makes the statement.
    public var source: String
    /// The terms under which the source gives it.
    public var licence: String
    /// The id of the document that states the fact, where it is known.
    public var document: String?
    /// The UTF-8 bytes of the document that state the fact; only with a document.
    public var span: Range<Int>?

    public init(source: String, licence: String, document: String? = nil, span: Range<Int>? = nil) {
        self.source = source
        self.licence = licence
        self.document = document
        self.span = span
    }
}
