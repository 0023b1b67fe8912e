import Primitives

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
