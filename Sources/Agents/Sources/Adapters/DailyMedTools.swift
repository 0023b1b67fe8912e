import Knowledge
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
    public let purpose = "Lists the current labels of a drug in DailyMed with their ids; read one with dailymed_label."
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

/// A label of HL7's Structured Product Labeling: `document/component/structuredBody/component/section`, each section with a
/// `title`, a `text` of paragraphs, lists and tables, and sections of its own.
struct DrugLabel {
    struct Section {
        var title: String
        var text: String
    }

    private(set) var title = ""
    /// As `20240131`.
    private(set) var date: String?
    /// In the order of the document; inner sections stand behind the outer one.
    private(set) var sections: [Section] = []

    init(xml: [UInt8]) throws(KnowledgeError) {
        let reader = XMLReader(bytes: xml, name: "label")
        /// Places in `sections` of those that are open.
        var open: [Int] = []
        while let event = try reader.next() {
            switch event {
            case .text: continue
            case .end(let element): if element == "section" { open = Array(open.dropLast()) }
            case .start(let element):
                if reader.openElements.count == 1, element != "document" {
                    throw .malformedInput(
                        place: "label, line \(reader.line)", found: "<\(element)>", expected: "<document>")
                }
                let parent = reader.openElements.dropLast().last
                switch element {
                case "section":
                    open.append(sections.count)
                    sections.append(Section(title: "", text: ""))
                case "title":
                    let text = SourceText.line(try Self.text(reader))
                    if parent == "section", let place = open.last {
                        sections[place].title = text
                    } else if parent == "document" {
                        title = text
                    }
                case "text":
                    let text = SourceText.paragraphs(try Self.text(reader))
                    if parent == "section", let place = open.last { sections[place].text += text }
                case "effectiveTime":
                    if parent == "document" { date = try reader.attribute("value").map { String($0.prefix(8)) } }
                // Product data: codes, packages, images.
                case "subject", "author", "relatedDocument": try reader.skipElement()
                default: continue
                }
            }
        }
        sections.removeAll { $0.title.isEmpty && $0.text.isEmpty }
    }

    /// The text of the element whose start was the last event, with its blocks on lines of their own.
    private static func text(_ reader: XMLReader) throws(KnowledgeError) -> String {
        var text = ""
        let depth = reader.openElements.count
        while reader.openElements.count >= depth, let event = try reader.next() {
            switch event {
            // Line feeds inside a paragraph are no more than spaces.
            case .text: text += try reader.text().replacing("\n", with: " ")
            case .start(let element):
                switch element {
                case "paragraph", "table", "tr", "caption", "br", "list": text += "\n"
                case "item": text += "\n- "
                default: continue
                }
            case .end(let element):
                switch element {
                case "td", "th": text += " | "
                case "paragraph", "table", "tr", "item", "caption": text += "\n"
                default: continue
                }
            }
        }
        return text
    }
}
