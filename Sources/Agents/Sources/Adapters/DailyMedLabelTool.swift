import Knowledge
import Primitives

/// Reads one label by its id: `GET /spls/{setid}.xml`, a document of HL7's Structured Product Labeling.
public struct DailyMedLabelTool: SourceTool {
    public struct Arguments: ToolArguments {
        public static let parameters = [
            ToolParameter("set_id", .text(maximumLength: 40), "The label's id, as dailymed lists it."),
            ToolParameter(
                "section", .text(maximumLength: 100),
                "Words of a section's title, for example contraindications; the beginning of all sections without it.",
                isRequired: false),
        ]

        var identifier: String
        var section: String?

        public init(_ values: JSONValue) throws(ToolFailure) {
            identifier = try SourceArgument.required(values, "set_id").lowercased()
            let groups = identifier.split(separator: "-", omittingEmptySubsequences: false).map(\.utf8.count)
            guard groups == [8, 4, 4, 4, 12], identifier.allSatisfy({ $0.isHexDigit || $0 == "-" }) else {
                throw ToolFailure(
                    .invalidCall,
                    "\"\(identifier.prefix(40))\" is no label's id; expected one such as "
                        + "0be2e371-1f05-48d7-8f2e-f2024f3305f3")
            }
            section = SourceArgument.optional(values, "section")
        }
    }

    public let name: String
    public let purpose = "Reads a drug's label in DailyMed, whole or one section."
    let base: SourceBase

    init(_ base: SourceBase, name: String = "dailymed_label") { (self.base, self.name) = (base, name) }

    var client: SourceClient { base.client }
    var costPerCall: Double { base.costPerCall }

    public func call(_ arguments: Arguments) async throws(ToolFailure) -> ToolResult {
        let call = client.call()
        let response = try await call.fetch(SourceRequest(base.url + "/spls/\(arguments.identifier).xml"))
        let label: DrugLabel
        do throws(KnowledgeError) { label = try DrugLabel(xml: response.body) } catch {
            throw call.malformed(
                "a label",
                SourceText.isMarkup(response.body) ? "XML that is cut off or of another kind" : "something else")
        }
        let titles = label.sections.map(\.title).filter { !$0.isEmpty }
        var sections = label.sections
        if let wanted = arguments.section?.lowercased() {
            sections = sections.filter { $0.title.lowercased().contains(wanted) }
            guard !sections.isEmpty else {
                let known = SourceText.cut(titles.joined(separator: "; "), to: 1500)
                throw ToolFailure(.notFound, "the label has no section \"\(wanted.prefix(100))\"; it has: \(known)")
            }
        }
        let share = max(300, (base.maximumCharacters - 1500) / max(1, sections.count))
        let text = sections.map { section in
            let body = SourceText.cut(section.text, to: share)
            return section.title.isEmpty ? body : body.isEmpty ? section.title : "\(section.title)\n\(body)"
        }.joined(separator: "\n\n")
        let record = SourceRecord(
            identifier: arguments.identifier, title: label.title,
            text: text.isEmpty ? "(the label has no text)" : text, url: DailyMedTool.url(arguments.identifier),
            date: OpenFDASource.date(label.date), licence: DailyMedTool.licence, kinds: ["drug label"])
        var page = base.page([record], total: nil, page: 1, hasMore: false)
        page.recordLimit = base.maximumCharacters
        return page.result
    }
}
