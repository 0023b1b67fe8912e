import Primitives

/// Finds labels in DailyMed: `GET /spls.json?drug_name=…&page=…&pagesize=…`.
public struct DailyMedTool: SourceTool {
    static let licence = "DailyMed, public domain; manufacturers' own texts"

    public struct Arguments: ToolArguments {
        public static let parameters = [
            ToolParameter("drug", .text(maximumLength: 200), "A brand or generic name."),
            SourceArgument.pageParameter(50),
        ]

        var drug: String
        var page: Int

        public init(_ values: JSONValue) throws(ToolFailure) {
            drug = try SourceArgument.required(values, "drug")
            page = SourceArgument.page(values)
        }
    }

    public let name: String
    public let purpose = "Lists the current labels of a drug in DailyMed with their ids, by which they can be read."
    let base: SourceBase

    init(_ base: SourceBase, name: String = "dailymed") { (self.base, self.name) = (base, name) }

    var client: SourceClient { base.client }
    var costPerCall: Double { base.costPerCall }

    public func call(_ arguments: Arguments) async throws(ToolFailure) -> ToolResult {
        let call = client.call()
        let answer = try await call.json(
            SourceRequest(
                base.url + "/spls.json",
                query: [
                    ("drug_name", arguments.drug), ("page", String(arguments.page)), ("pagesize", String(base.limit)),
                ]))
        guard let rows = answer["data"]?.arrayValue else {
            throw call.malformed("a list of labels", "JSON of another shape")
        }
        let total = answer.at("metadata", "total_elements")?.count
        let pages = answer.at("metadata", "total_pages")?.count ?? arguments.page
        let records = rows.compactMap { row -> SourceRecord? in
            guard let number = row["setid"]?.plain else { return nil }
            return SourceRecord(
                identifier: number, title: row["title"]?.plain ?? "", url: Self.url(number),
                date: row["published_date"]?.plain, licence: Self.licence, kinds: ["drug label"],
                details: [row["spl_version"]?.plain.map { "version \($0)" }].compactMap(\.self))
        }
        return base.page(records, total: total, page: arguments.page, hasMore: arguments.page < min(pages, 50)).result
    }

    static func url(_ number: String) -> String {
        "https://dailymed.nlm.nih.gov/dailymed/drugInfo.cfm?setid=\(SourceRequest.encode(number))"
    }
}
