/// A text of a corpus with its terms.
public struct SourceDocument: Sendable, Hashable {
    /// Names the document in evidence, for example `PMID:12345`.
    public var id: String
    public var title: String
    public var text: String
    public var source: String
    public var licence: String

    public init(id: String, title: String = "", text: String, source: String, licence: String) {
        self.id = id
        self.title = title
        self.text = text
        self.source = source
        self.licence = licence
    }
}
