import Primitives
import Transport

/// What the tools of openFDA share. `search` is in Lucene's syntax, `limit` at most 1000, `skip` at most 25000; a search
/// without hits is answered with the status 404 and the code `NOT_FOUND`.
struct OpenFDASource: Sendable {
    static let licence = "CC0 1.0 (openFDA)"
    static let furthest = 25_000

    let base: SourceBase

    /// Hits of a search, and how many there are in all.
    func search(
        _ endpoint: String, _ search: String, page: Int, extra: [(name: String, value: String)] = [], _ call: SourceCall
    ) async throws(ToolFailure) -> (results: [JSONValue], total: Int?, updated: String?) {
        var query = [("search", search), ("limit", String(base.limit))]
        if page > 1 { query.append(("skip", String((page - 1) * base.limit))) }
        let answer = try await call.json(
            SourceRequest(base.url + "/drug/\(endpoint).json", query: query + extra), accepted: [404])
        if let code = answer.at("error", "code")?.plain {
            guard code == "NOT_FOUND" else {
                throw ToolFailure(.unavailable, "openfda could not search: \(SourceText.line(code).prefix(60))")
            }
            return ([], 0, nil)
        }
        guard let results = answer["results"]?.arrayValue else {
            throw call.malformed("a list of results", "JSON of another shape")
        }
        return (
            results, answer.at("meta", "results", "total")?.count, answer.at("meta", "last_updated")?.plain
        )
    }

    /// A search for a drug by any of its names in some fields.
    static func names(_ drug: String, in fields: [String]) -> String {
        // Quotation marks and backslashes would end the phrase.
        let phrase = drug.filter { $0 != "\"" && $0 != "\\" }
        return "(" + fields.map { "\($0):\"\(phrase)\"" }.joined(separator: " OR ") + ")"
    }

    /// `20240131` as `2024-01-31`.
    static func date(_ text: String?) -> String? {
        guard let text, text.utf8.count == 8, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return text }
        return "\(text.prefix(4))-\(text.dropFirst(4).prefix(2))-\(text.suffix(2))"
    }

    /// Names and makers of a product.
    static func title(_ openfda: JSONValue?) -> String? {
        let brand = openfda?["brand_name"]?.texts.prefix(3).joined(separator: ", ") ?? ""
        let generic = openfda?["generic_name"]?.texts.prefix(3).joined(separator: ", ") ?? ""
        let title = brand.isEmpty ? generic : generic.isEmpty ? brand : "\(brand) (\(generic))"
        return title.isEmpty ? nil : title
    }
}

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
            records, total: total, page: arguments.page, hasMore: hasMore(total, arguments.page, source.base.limit)
        ).result
    }
}

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
            records, total: total, page: arguments.page, hasMore: hasMore(total, arguments.page, source.base.limit)
        ).result
    }
}

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
            records, total: total, page: arguments.page, hasMore: hasMore(total, arguments.page, source.base.limit)
        ).result
    }
}

private func hasMore(_ total: Int?, _ page: Int, _ limit: Int) -> Bool {
    guard let total else { return false }
    return page * limit < min(total, OpenFDASource.furthest) && page < 100
}
