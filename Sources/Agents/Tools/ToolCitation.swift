/// Where a piece of an observation comes from.
public struct ToolCitation: Sendable, Hashable {
    /// The database or index, for example `pubmed`.
    public var source: String
    /// The record's id in the source.
    public var identifier: String
    public var title: String
    public var url: String?
    /// Under which terms the source gives its records, for example `CC BY 4.0`.
    public var licence: String?
    /// When the record was published or last changed, as the source writes it.
    public var date: String?

    public init(
        source: String, identifier: String, title: String, url: String? = nil, licence: String? = nil,
        date: String? = nil
    ) {
        self.source = source
        self.identifier = identifier
        self.title = title
        self.url = url
        self.licence = licence
        self.date = date
    }
}
