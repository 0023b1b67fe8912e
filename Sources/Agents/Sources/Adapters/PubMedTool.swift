import Primitives

/// Finds articles in PubMed: `pubmed(query, …)`.
public struct PubMedTool: SourceTool {
    public struct Arguments: ToolArguments {
        public static let parameters = [
            ToolParameter(
                "query", .text(maximumLength: 1000), "What to look for; PubMed's own syntax with [tags] works too."),
            ToolParameter(
                "kind", .choice(kinds.map(\.word)), "Only articles of this kind.", isRequired: false),
            ToolParameter("from_year", .integer(1800...2100), "The first year of publication.", isRequired: false),
            ToolParameter("to_year", .integer(1800...2100), "The last year of publication.", isRequired: false),
            ToolParameter(
                "sort", .choice(["relevance", "newest"]), "The order; relevance unless you say otherwise.",
                isRequired: false),
            SourceArgument.pageParameter(100),
        ]

        /// With PubMed's name of the publication type.
        static let kinds: [(word: String, type: String)] = [
            ("systematic_review", "systematic review"), ("meta_analysis", "meta-analysis"),
            ("randomized_trial", "randomized controlled trial"), ("guideline", "practice guideline"),
            ("review", "review"), ("case_report", "case reports"),
        ]

        var term: String
        var years: ClosedRange<Int>?
        var newestFirst: Bool
        var page: Int

        public init(_ values: JSONValue) throws(ToolFailure) {
            let query = try SourceArgument.required(values, "query")
            let type = Self.kinds.first { $0.word == values["kind"]?.stringValue }?.type
            term = type.map { "(\(query)) AND \"\($0)\"[Publication Type]" } ?? query
            let (from, to) = (
                SourceArgument.integer(values, "from_year"), SourceArgument.integer(values, "to_year")
            )
            if let from, let to, from > to {
                throw ToolFailure(.invalidCall, "\"from_year\" is \(from), after \"to_year\" \(to)")
            }
            years = from == nil && to == nil ? nil : (from ?? 1800)...(to ?? 2100)
            newestFirst = values["sort"]?.stringValue == "newest"
            page = SourceArgument.page(values)
        }
    }

    public let name: String
    public let purpose = "Searches PubMed, the literature of medicine, and returns titles and abstracts."
    let source: PubMedSource

    init(_ source: PubMedSource, name: String = "pubmed") { (self.source, self.name) = (source, name) }

    var client: SourceClient { source.base.client }
    var costPerCall: Double { source.base.costPerCall }

    public func call(_ arguments: Arguments) async throws(ToolFailure) -> ToolResult {
        let base = source.base
        let first = (arguments.page - 1) * base.limit
        guard first + base.limit <= PubMedSource.lastHit else {
            throw ToolFailure(
                .invalidCall, "PubMed shows its first \(PubMedSource.lastHit) results only; narrow the query")
        }
        let call = client.call()
        let found = try await source.search(
            arguments.term, first: first, newestFirst: arguments.newestFirst, years: arguments.years, call)
        let records = found.identifiers.isEmpty ? [] : try await source.articles(found.identifiers, call)
        return base.page(
            records, total: found.total, page: arguments.page,
            hasMore: first + found.identifiers.count < found.total, notes: found.notes
        ).result
    }
}
