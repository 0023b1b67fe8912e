import Primitives

/// Approvals of a drug: `openfda_approvals(drug)`.
public struct OpenFDAApprovalsTool: SourceTool {
    public struct Arguments: ToolArguments {
        public static let parameters = [
            ToolParameter("drug", .text(maximumLength: 200), "A brand name, generic name or substance."),
            SourceArgument.pageParameter(100),
        ]

        var drug: String
        var page: Int

        public init(_ values: JSONValue) throws(ToolFailure) {
            drug = try SourceArgument.required(values, "drug")
            page = SourceArgument.page(values)
        }
    }

    public let name: String
    public let purpose = "Returns the FDA's approvals of a drug: applications, products and dates."
    let source: OpenFDASource

    init(_ source: OpenFDASource, name: String = "openfda_approvals") { (self.source, self.name) = (source, name) }

    var client: SourceClient { source.base.client }
    var costPerCall: Double { source.base.costPerCall }

    public func call(_ arguments: Arguments) async throws(ToolFailure) -> ToolResult {
        let search = OpenFDASource.names(
            arguments.drug,
            in: ["products.brand_name", "products.active_ingredients.name", "openfda.generic_name"])
        let (results, total, _) = try await source.search("drugsfda", search, page: arguments.page, client.call())
        let records = results.compactMap { result -> SourceRecord? in
            guard let number = result["application_number"]?.plain else { return nil }
            let products = (result["products"]?.arrayValue ?? []).compactMap { product -> String? in
                let substances = (product["active_ingredients"]?.arrayValue ?? []).compactMap { part in
                    part["name"]?.plain.map { $0 + (part["strength"]?.plain.map { " \($0)" } ?? "") }
                }.joined(separator: " + ")
                let parts = [
                    product["brand_name"]?.plain, substances, product["dosage_form"]?.plain, product["route"]?.plain,
                    product["marketing_status"]?.plain,
                ].compactMap(\.self).filter { !$0.isEmpty }
                return parts.isEmpty ? nil : parts.joined(separator: ", ")
            }
            let dates = (result["submissions"]?.arrayValue ?? []).filter {
                $0["submission_status"]?.stringValue == "AP"
            }.compactMap { $0["submission_status_date"]?.plain }.sorted()
            let lines = [
                products.joined(separator: "\n").labelled("Products"),
                OpenFDASource.date(dates.first)?.labelled("First approval"),
                OpenFDASource.date(dates.last)?.labelled("Latest approved submission"),
            ]
            return SourceRecord(
                identifier: number,
                title: result["products"]?.arrayValue?.first?["brand_name"]?.plain
                    ?? OpenFDASource.title(result["openfda"]) ?? number,
                text: lines.compactMap(\.self).joined(separator: "\n"),
                url: "https://www.accessdata.fda.gov/scripts/cder/daf/index.cfm?event=overview.process&ApplNo="
                    + number.filter(\.isNumber),
                date: OpenFDASource.date(dates.first), licence: OpenFDASource.licence, kinds: ["drug approval"],
                details: [result["sponsor_name"]?.plain].compactMap(\.self))
        }
        return source.base.page(
            records, total: total, page: arguments.page, hasMore: source.hasMore(total, page: arguments.page)
        ).result
    }
}
