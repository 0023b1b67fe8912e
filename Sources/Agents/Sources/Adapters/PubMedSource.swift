import Knowledge
import Primitives

/// PubMed through NCBI's E-utilities: `esearch` finds numbers, `efetch` brings the records as XML.
///
/// Numbers are passed from one to the other instead of the server's history (`WebEnv`), whose names differ from day to day,
/// so that caches and cassettes know the second request again.
struct PubMedSource: Sendable {
    /// PubMed's `esearch` shows no more hits than this.
    static let lastHit = 9999
    static let licence = "PubMed abstract, its publisher's terms"

    let base: SourceBase

    struct Search {
        var identifiers: [String]
        var total: Int
        var notes: [String]
    }

    func search(
        _ term: String, first: Int, newestFirst: Bool, years: ClosedRange<Int>?, _ call: SourceCall
    ) async throws(ToolFailure) -> Search {
        var query = [
            ("db", "pubmed"), ("term", term), ("retmode", "json"), ("retmax", String(base.limit)),
            ("retstart", String(first)), ("sort", newestFirst ? "pub_date" : "relevance"),
        ]
        if let years {
            query += [
                ("datetype", "pdat"), ("mindate", String(years.lowerBound)), ("maxdate", String(years.upperBound)),
            ]
        }
        let answer = try await call.json(SourceRequest(base.url + "/esearch.fcgi", query: query))
        guard let result = answer["esearchresult"] else {
            throw call.malformed("a search result", reason(answer["error"]?.stringValue) ?? "JSON of another shape")
        }
        if let error = reason(result["ERROR"]?.stringValue) {
            throw ToolFailure(.unavailable, "pubmed could not search: \(error)")
        }
        guard let list = result["idlist"]?.arrayValue, let total = result["count"]?.count else {
            throw call.malformed("a search result", "one without numbers")
        }
        return Search(identifiers: list.compactMap(\.plain), total: total, notes: notes(result))
    }

    /// Words that PubMed left out of the question, and how it reads it otherwise.
    private func notes(_ result: JSONValue) -> [String] {
        var notes: [String] = []
        let unknown = result.at("errorlist", "phrasesnotfound")?.texts ?? []
        if !unknown.isEmpty {
            notes.append("PubMed knows nothing of \(unknown.joined(separator: ", ")) and searched without it.")
        }
        let fields = result.at("errorlist", "fieldsnotfound")?.texts ?? []
        if !fields.isEmpty { notes.append("PubMed has no field \(fields.joined(separator: ", ")).") }
        return notes
    }

    private func reason(_ text: String?) -> String? {
        guard let text, !text.isEmpty else { return nil }
        return SourceText.cut(SourceText.line(text), to: 200)
    }

    /// The records of the numbers, in their order; numbers that PubMed does not have are left out.
    func articles(_ identifiers: [String], _ call: SourceCall) async throws(ToolFailure) -> [SourceRecord] {
        let request = SourceRequest(
            base.url + "/efetch.fcgi",
            query: [("db", "pubmed"), ("id", identifiers.joined(separator: ",")), ("retmode", "xml")])
        let response = try await call.fetch(request)
        let records: [SourceRecord]
        do throws(KnowledgeError) { records = try PubMedArticles.read(response.body) } catch {
            throw call.malformed(
                "a PubmedArticleSet",
                SourceText.isMarkup(response.body) ? "XML that is cut off or of another kind" : "something else")
        }
        var found: [String: SourceRecord] = [:]
        for record in records { found[record.identifier] = record }
        return identifiers.compactMap { found["PMID:" + $0] }
    }
}
