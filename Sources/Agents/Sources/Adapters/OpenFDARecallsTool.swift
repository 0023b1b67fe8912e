import Primitives

/// Recalls of a drug: `openfda_recalls(drug)`.
public struct OpenFDARecallsTool: SourceTool {
    public typealias Arguments = OpenFDAApprovalsTool.Arguments

    public let name: String
    public let purpose = "Returns recalls of a drug with their reasons and classes."
    let source: OpenFDASource

    init(_ source: OpenFDASource, name: String = "openfda_recalls") { (self.source, self.name) = (source, name) }

    var client: SourceClient { source.base.client }
    var costPerCall: Double { source.base.costPerCall }

    public func call(_ arguments: Arguments) async throws(ToolFailure) -> ToolResult {
        let search = OpenFDASource.names(
            arguments.drug, in: ["openfda.generic_name", "openfda.brand_name", "product_description"])
        let (results, total, _) = try await source.search(
            "enforcement", search, page: arguments.page, extra: [("sort", "report_date:desc")], client.call())
        let records = results.compactMap { result -> SourceRecord? in
            guard let number = result["recall_number"]?.plain else { return nil }
            let lines = [
                result["reason_for_recall"]?.plain?.labelled("Reason"),
                result["product_description"]?.plain?.labelled("Product"),
                result["distribution_pattern"]?.plain?.labelled("Distribution"),
            ]
            return SourceRecord(
                identifier: number, title: "Recall by \(result["recalling_firm"]?.plain ?? "an unknown firm")",
                text: lines.compactMap(\.self).joined(separator: "\n"),
                url: "https://open.fda.gov/apis/drug/enforcement/",
                date: OpenFDASource.date(result["report_date"]?.plain), licence: OpenFDASource.licence,
                kinds: ["drug recall"],
                details: [result["classification"]?.plain, result["status"]?.plain].compactMap(\.self))
        }
        return source.base.page(
            records, total: total, page: arguments.page, hasMore: source.hasMore(total, page: arguments.page)
        ).result
    }
}
