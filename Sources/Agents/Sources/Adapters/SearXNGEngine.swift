import Primitives
import Transport

/// SearXNG, a metasearch engine that users run themselves: `GET /search?format=json`. The server must list `json` under
/// `search.formats` of its settings, or it answers 403.
struct SearXNGEngine: WebSearchEngine {
    let url: String
    let longestQuery = 1000
    let lastPage = 10

    func request(_ query: String, page: Int, limit: Int, blocked: [String]) -> SourceRequest {
        SourceRequest(
            url + "/search", query: [("q", query), ("format", "json"), ("pageno", String(page))],
            headers: [("Accept", "application/json")])
    }

    /// A page has as many results as the engines behind it gave; there is no parameter for their number.
    func hits(_ answer: JSONValue, limit: Int) -> (records: [SourceRecord], hasMore: Bool)? {
        guard let results = answer["results"]?.arrayValue else { return nil }
        let records = results.compactMap {
            WebSearchTool.record(url: $0["url"], title: $0["title"], text: $0["content"], date: $0["publishedDate"])
        }
        return (Array(records.prefix(limit)), !records.isEmpty)
    }

    static func refusal(_ response: HTTPResponse) -> ToolFailure? {
        guard response.status == 403 else { return nil }
        return ToolFailure(
            .unavailable, "searxng does not give JSON; add json to search.formats in its settings")
    }
}
