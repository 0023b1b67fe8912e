/// One hit of a source.
public struct SourceRecord: Sendable, Hashable {
    public var identifier: String
    public var title: String
    public var text: String
    public var url: String?
    /// As the source writes it.
    public var date: String?
    public var licence: String?
    /// Kinds of publication or evidence, for example `Randomized Controlled Trial`.
    public var kinds: [String]
    /// More that belongs into the heading, for example the journal.
    public var details: [String]

    public init(
        identifier: String, title: String, text: String = "", url: String? = nil, date: String? = nil,
        licence: String? = nil, kinds: [String] = [], details: [String] = []
    ) {
        self.identifier = identifier
        self.title = title
        self.text = text
        self.url = url
        self.date = date
        self.licence = licence
        self.kinds = kinds
        self.details = details
    }

    func citation(source: String) -> ToolCitation {
        ToolCitation(
            source: source, identifier: SourceText.line(identifier), title: SourceText.line(title),
            url: url.map(SourceText.line), licence: licence.map(SourceText.line), date: date.map(SourceText.line))
    }
}
