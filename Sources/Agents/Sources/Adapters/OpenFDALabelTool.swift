import Primitives

/// The labels of drugs: `openfda_label(drug, section)`.
public struct OpenFDALabelTool: SourceTool {
    public struct Arguments: ToolArguments {
        public static let parameters = [
            ToolParameter("drug", .text(maximumLength: 200), "A brand name, generic name or substance."),
            ToolParameter(
                "section", .choice(sections.map(\.word)), "The part of the label; a summary unless you say otherwise.",
                isRequired: false),
            SourceArgument.pageParameter(100),
        ]

        /// With the fields of openFDA.
        static let sections: [(word: String, fields: [String])] = [
            ("summary", ["boxed_warning", "indications_and_usage", "dosage_and_administration", "contraindications"]),
            ("indications", ["indications_and_usage"]), ("dosage", ["dosage_and_administration"]),
            ("contraindications", ["contraindications"]),
            ("warnings", ["boxed_warning", "warnings_and_cautions", "warnings"]),
            ("adverse_reactions", ["adverse_reactions"]), ("interactions", ["drug_interactions"]),
            (
                "special_populations",
                ["use_in_specific_populations", "pregnancy", "pediatric_use", "geriatric_use", "nursing_mothers"]
            ),
            ("overdosage", ["overdosage"]),
            ("pharmacology", ["clinical_pharmacology", "mechanism_of_action", "pharmacokinetics"]),
        ]

        var drug: String
        var fields: [String]
        var page: Int

        public init(_ values: JSONValue) throws(ToolFailure) {
            drug = try SourceArgument.required(values, "drug")
            let word = values["section"]?.stringValue ?? "summary"
            fields = Self.sections.first { $0.word == word }?.fields ?? []
            page = SourceArgument.page(values)
        }
    }

    public let name: String
    public let purpose = "Returns parts of the labels of drugs, as the FDA has approved them."
    let source: OpenFDASource

    init(_ source: OpenFDASource, name: String = "openfda_label") { (self.source, self.name) = (source, name) }

    var client: SourceClient { source.base.client }
    var costPerCall: Double { source.base.costPerCall }

    public func call(_ arguments: Arguments) async throws(ToolFailure) -> ToolResult {
        let names = OpenFDASource.names(
            arguments.drug, in: ["openfda.brand_name", "openfda.generic_name", "openfda.substance_name"])
        let (results, total, _) = try await source.search("label", names, page: arguments.page, client.call())
        let records = results.compactMap { result -> SourceRecord? in
            guard let number = result["set_id"]?.plain ?? result["id"]?.plain else { return nil }
            let texts = arguments.fields.compactMap { field -> String? in
                result[field]?.texts.joined(separator: "\n").labelled(field.replacing("_", with: " ").uppercased())
            }
            return SourceRecord(
                identifier: number, title: OpenFDASource.title(result["openfda"]) ?? arguments.drug,
                text: texts.isEmpty ? "(this label has no such section)" : texts.joined(separator: "\n"),
                url: "https://dailymed.nlm.nih.gov/dailymed/drugInfo.cfm?setid=\(SourceRequest.encode(number))",
                date: OpenFDASource.date(result["effective_time"]?.plain), licence: OpenFDASource.licence,
                kinds: ["drug label"],
                details: result.at("openfda", "manufacturer_name")?.texts.prefix(1).map(\.self) ?? [])
        }
        return source.base.page(
            records, total: total, page: arguments.page, hasMore: source.hasMore(total, page: arguments.page)
        ).result
    }
}
