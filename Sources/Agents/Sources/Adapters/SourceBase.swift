/// What adapters have in common beside their client.
struct SourceBase: Sendable {
    var client: SourceClient
    /// Up to and without the path of a request.
    var url: String
    /// Records that one call returns.
    var limit: Int
    var costPerCall = 0.0
    /// Characters of an observation.
    var maximumCharacters = 12_000

    /// A page of records, with the bounds of these settings.
    func page(_ records: [SourceRecord], total: Int?, page: Int, hasMore: Bool, notes: [String] = []) -> SourcePage {
        SourcePage(
            source: client.name, records: records, total: total, first: (page - 1) * limit + 1,
            next: hasMore ? "page \(page + 1)" : nil, notes: notes, limit: maximumCharacters)
    }
}
