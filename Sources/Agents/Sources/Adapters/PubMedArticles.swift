import Knowledge

/// Reads a `PubmedArticleSet`, articles and books.
enum PubMedArticles {
    static func read(_ xml: [UInt8]) throws(KnowledgeError) -> [SourceRecord] {
        let reader = XMLReader(bytes: xml, name: "efetch")
        var records: [SourceRecord] = []
        while let event = try reader.next() {
            guard case .start(let element) = event else { continue }
            if element == "PubmedArticle" || element == "PubmedBookArticle" {
                if let record = try article(reader, element) { records.append(record) }
            } else if reader.openElements.count == 1, element != "PubmedArticleSet" {
                throw .malformedInput(
                    place: "efetch, line \(reader.line)", found: "<\(element)>", expected: "<PubmedArticleSet>")
            }
        }
        return records
    }

    /// `nil` where there is no number.
    private static func article(_ reader: XMLReader, _ kind: String) throws(KnowledgeError) -> SourceRecord? {
        var number = ""
        var title = ""
        var bookTitle = ""
        var journal: String?
        var date: [String] = []
        var doi: String?
        var kinds: [String] = []
        var abstract: [String] = []
        reading: while let event = try reader.next() {
            switch event {
            case .text: continue
            case .end(let element): if element == kind { break reading }
            case .start(let element):
                switch element {
                case "PMID":
                    let text = try reader.elementText()
                    if number.isEmpty { number = SourceText.line(text) }
                case "ArticleTitle", "VernacularTitle":
                    let text = SourceText.line(try reader.elementText())
                    if title.isEmpty { title = text }
                case "BookTitle": bookTitle = SourceText.line(try reader.elementText())
                case "AbstractText":
                    let label = try reader.attribute("Label")
                    let text = SourceText.line(try reader.elementText())
                    if !text.isEmpty { abstract.append(label.map { "\($0): \(text)" } ?? text) }
                case "Journal", "Book": continue
                case "Title", "ISOAbbreviation":
                    let text = SourceText.line(try reader.elementText())
                    if reader.openElements.last == "Journal", !text.isEmpty { journal = journal ?? text }
                case "PubDate": date = try pubDate(reader)
                case "PublicationType": kinds.append(SourceText.line(try reader.elementText()))
                case "ELocationID", "ArticleId":
                    let type = try reader.attribute(element == "ArticleId" ? "IdType" : "EIdType")
                    let text = SourceText.line(try reader.elementText())
                    if type == "doi", doi == nil { doi = text }
                // The numbers of other articles stand in these.
                case "OtherAbstract", "CommentsCorrectionsList", "ReferenceList", "AuthorList", "MeshHeadingList",
                    "ChemicalList", "GrantList", "InvestigatorList", "History":
                    try reader.skipElement()
                default: continue
                }
            }
        }
        guard !number.isEmpty else { return nil }
        return SourceRecord(
            identifier: "PMID:" + number, title: title.isEmpty ? bookTitle : title,
            text: abstract.isEmpty ? "(no abstract)" : abstract.joined(separator: "\n"),
            url: "https://pubmed.ncbi.nlm.nih.gov/\(number)/", date: date.isEmpty ? nil : date.joined(separator: " "),
            licence: PubMedSource.licence, kinds: kinds,
            details: [journal, doi.map { "doi:" + $0 }].compactMap(\.self))
    }

    /// Year, month and day as far as they are given, or the free text of old records.
    private static func pubDate(_ reader: XMLReader) throws(KnowledgeError) -> [String] {
        var parts: [String] = []
        let depth = reader.openElements.count
        while reader.openElements.count >= depth, let event = try reader.next() {
            guard case .start(let element) = event,
                ["Year", "Month", "Day", "Season", "MedlineDate"].contains(element)
            else { continue }
            parts.append(SourceText.line(try reader.elementText()))
        }
        return parts
    }
}
