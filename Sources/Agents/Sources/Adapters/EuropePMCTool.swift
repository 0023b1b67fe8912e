import Primitives

/// Finds articles and preprints in Europe PMC: `GET /search?resultType=core&format=json`, page by page with `cursorMark`,
/// which begins as `*`; the last page is one without `nextPageUrl` or `nextCursorMark`, or whose cursor stays the same.
public struct EuropePMCTool: SourceTool {
    /// Pages are walked from the first one on, because cursors have no numbers.
    static let lastPage = 5
    static let licence = "Europe PMC abstract, its publisher's terms"

    public struct Arguments: ToolArguments {
        public static let parameters = [
            ToolParameter(
                "query", .text(maximumLength: 1000), "What to look for; Europe PMC's own syntax works too."),
            ToolParameter("from_year", .integer(1800...2100), "The first year of publication.", isRequired: false),
            ToolParameter(
                "open_access", .boolean, "Only articles whose full text is free.", isRequired: false),
            ToolParameter(
                "sort", .choice(["relevance", "newest", "most_cited"]),
                "The order; relevance unless you say otherwise.",
                isRequired: false),
            SourceArgument.pageParameter(EuropePMCTool.lastPage),
        ]

        var query: String
        var sort: String?
        var page: Int

        public init(_ values: JSONValue) throws(ToolFailure) {
            var parts = ["(\(try SourceArgument.required(values, "query")))"]
            if let year = SourceArgument.integer(values, "from_year") {
                parts.append("FIRST_PDATE:[\(year)-01-01 TO 2100-12-31]")
            }
            if values["open_access"]?.boolValue == true { parts.append("OPEN_ACCESS:y") }
            query = parts.joined(separator: " AND ")
            sort = ["newest": "P_PDATE_D desc", "most_cited": "CITED desc"][values["sort"]?.stringValue ?? ""]
            page = SourceArgument.page(values)
        }
    }

    public let name: String
    public let purpose =
        "Searches Europe PMC, articles and preprints of medicine and biology, and returns titles and abstracts."
    let base: SourceBase

    init(_ base: SourceBase, name: String = "europe_pmc") { (self.base, self.name) = (base, name) }

    var client: SourceClient { base.client }
    var costPerCall: Double { base.costPerCall }

    public func call(_ arguments: Arguments) async throws(ToolFailure) -> ToolResult {
        let call = client.call()
        var total: Int?
        let found = try await call.page(arguments.page, from: "*") { (cursor) throws(ToolFailure) in
            let (results, hits, next) = try await results(arguments, cursor: cursor ?? "*", call)
            total = hits
            return (results, next == cursor || results.isEmpty ? nil : next)
        }
        let isLast = found.map { results in
            arguments.page * base.limit >= total ?? 0 || !results.hasMore || arguments.page >= Self.lastPage
        }
        return base.page(
            found?.page.compactMap(record) ?? [], total: total, page: arguments.page, hasMore: isLast == false
        ).result
    }

    private func results(
        _ arguments: Arguments, cursor: String, _ call: SourceCall
    ) async throws(ToolFailure) -> (results: [JSONValue], total: Int, next: String?) {
        var query = [
            ("query", arguments.query), ("resultType", "core"), ("format", "json"), ("pageSize", String(base.limit)),
            ("cursorMark", cursor),
        ]
        if let sort = arguments.sort { query.append(("sort", sort)) }
        let answer = try await call.json(SourceRequest(base.url + "/search", query: query))
        if let message = answer["errMsg"]?.plain {
            throw ToolFailure(
                .invalidCall, "europe_pmc could not search: \(SourceText.cut(SourceText.line(message), to: 200))")
        }
        guard let results = answer.at("resultList", "result")?.arrayValue, let total = answer["hitCount"]?.count else {
            throw call.malformed("a list of articles", "JSON of another shape")
        }
        return (results, total, answer["nextCursorMark"]?.plain)
    }

    private func record(_ result: JSONValue) -> SourceRecord? {
        guard let id = result["id"]?.plain else { return nil }
        let source = result["source"]?.plain ?? "MED"
        let number = result["pmid"]?.plain.map { "PMID:" + $0 } ?? result["pmcid"]?.plain ?? "\(source):\(id)"
        let kinds = result.at("pubTypeList", "pubType")?.texts ?? []
        return SourceRecord(
            identifier: number, title: HTMLText.line(result["title"]?.plain ?? ""),
            text: HTMLText.paragraphs(result["abstractText"]?.plain ?? "(no abstract)"),
            url: "https://europepmc.org/article/\(SourceRequest.encode(source))/\(SourceRequest.encode(id))",
            date: result["firstPublicationDate"]?.plain ?? result["pubYear"]?.plain,
            licence: result["license"]?.plain ?? Self.licence,
            kinds: kinds + (source == "PPR" && !kinds.contains("Preprint") ? ["Preprint"] : []),
            details: [
                result.at("journalInfo", "journal", "title")?.plain, result["doi"]?.plain.map { "doi:" + $0 },
                result["citedByCount"]?.count.map { "cited \($0) times" },
            ].compactMap(\.self))
    }
}
