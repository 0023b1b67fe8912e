import Primitives

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

    /// Whether a next page can be asked for.
    func hasMore(_ total: Int?, page: Int) -> Bool {
        guard let total else { return false }
        return page * base.limit < min(total, Self.furthest) && page < 100
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
