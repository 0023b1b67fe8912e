import Primitives

/// What was reported after taking a drug, with counts: `openfda_events(drug)`, by
/// `count=patient.reaction.reactionmeddrapt.exact`.
public struct OpenFDAEventsTool: SourceTool {
    public struct Arguments: ToolArguments {
        public static let parameters = [
            ToolParameter("drug", .text(maximumLength: 200), "A brand name, generic name or substance."),
            ToolParameter("serious", .boolean, "Only reports of serious events.", isRequired: false),
        ]

        var drug: String
        var isSerious: Bool

        public init(_ values: JSONValue) throws(ToolFailure) {
            drug = try SourceArgument.required(values, "drug")
            isSerious = values["serious"]?.boolValue ?? false
        }
    }

    static let reactions = 25

    public let name: String
    public let purpose =
        "Counts the reactions that were reported to the FDA for a drug. Reports do not prove that the drug was the cause."
    let source: OpenFDASource

    init(_ source: OpenFDASource, name: String = "openfda_events") { (self.source, self.name) = (source, name) }

    var client: SourceClient { source.base.client }
    var costPerCall: Double { source.base.costPerCall }

    public func call(_ arguments: Arguments) async throws(ToolFailure) -> ToolResult {
        let call = client.call()
        var search = OpenFDASource.names(
            arguments.drug,
            in: [
                "patient.drug.openfda.generic_name", "patient.drug.openfda.brand_name", "patient.drug.medicinalproduct",
            ])
        if arguments.isSerious { search += " AND serious:1" }
        let (results, _, updated) = try await source.search(
            "event", search, page: 1, extra: [("count", "patient.reaction.reactionmeddrapt.exact")], call)
        let lines = results.prefix(Self.reactions).compactMap { row -> String? in
            guard let term = row["term"]?.plain, let count = row["count"]?.count else { return nil }
            return "\(SourceText.line(term).lowercased()): \(count)"
        }
        guard !lines.isEmpty else { return ToolResult(content: SourcePage.nothing) }
        let record = SourceRecord(
            identifier: "event:" + arguments.drug.lowercased(),
            title: "Reactions reported for \(arguments.drug)\(arguments.isSerious ? " (serious reports)" : "")",
            text: lines.joined(separator: "\n"), url: "https://open.fda.gov/apis/drug/event/", date: updated,
            licence: OpenFDASource.licence, kinds: ["spontaneous reports"])
        var page = source.base.page([record], total: nil, page: 1, hasMore: false)
        page.notes = ["Counts of reports; they say neither how often a reaction occurs nor that the drug caused it."]
        return page.result
    }
}
