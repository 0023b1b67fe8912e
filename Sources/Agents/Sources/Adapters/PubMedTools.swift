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

/// Brings articles of PubMed by their numbers: `pubmed_article(pmids)`.
public struct PubMedArticleTool: SourceTool {
    public struct Arguments: ToolArguments {
        public static let parameters = [
            ToolParameter("pmids", .texts(maximumCount: 10), "PubMed numbers, for example 31452104.")
        ]

        var identifiers: [String]

        public init(_ values: JSONValue) throws(ToolFailure) {
            identifiers = []
            for text in values["pmids"]?.texts ?? [] {
                let digits = SourceText.line(text).lowercased().replacing("pmid:", with: "")
                    .replacing("pmid", with: "").filter { $0 != " " }
                guard (1...9).contains(digits.utf8.count), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
                    throw ToolFailure(
                        .invalidCall,
                        "\"\(SourceText.line(text).prefix(40))\" is no PubMed number; expected up to 9 digits")
                }
                if !identifiers.contains(digits) { identifiers.append(digits) }
            }
        }
    }

    public let name: String
    public let purpose = "Returns the abstracts of PubMed articles whose numbers you know."
    let source: PubMedSource

    init(_ source: PubMedSource, name: String = "pubmed_article") { (self.source, self.name) = (source, name) }

    var client: SourceClient { source.base.client }
    var costPerCall: Double { source.base.costPerCall }

    public func call(_ arguments: Arguments) async throws(ToolFailure) -> ToolResult {
        let records = try await source.articles(arguments.identifiers, client.call())
        let missing = arguments.identifiers.filter { number in !records.contains { $0.identifier == "PMID:" + number } }
        guard !records.isEmpty else {
            throw ToolFailure(.notFound, "PubMed has no article \(missing.joined(separator: ", "))")
        }
        var page = source.base.page(records, total: nil, page: 1, hasMore: false)
        page.recordLimit = 6000
        if !missing.isEmpty { page.notes = ["PubMed has no article \(missing.joined(separator: ", "))."] }
        return page.result
    }
}
