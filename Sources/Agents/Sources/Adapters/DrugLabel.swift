import Knowledge

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
