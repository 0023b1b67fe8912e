import Primitives
import Transport

/// Brave Search: `GET /web/search` with the header `X-Subscription-Token`. `offset` counts pages, 0 to 9; `count` is at most
/// 20. A query has at most 400 characters.
struct BraveEngine: WebSearchEngine {
    let url: String
    let longestQuery = 400
    let lastPage = 10

    func request(_ query: String, page: Int, limit: Int, blocked: [String]) -> SourceRequest {
        SourceRequest(
            url + "/web/search",
            query: [
                ("q", query), ("count", String(min(limit, 20))), ("offset", String(page - 1)),
                ("result_filter", "web"), ("text_decorations", "false"),
            ],
            headers: [("Accept", "application/json")])
    }

    /// `web` is absent where nothing was found.
    func hits(_ answer: JSONValue, limit: Int) -> (records: [SourceRecord], hasMore: Bool)? {
        guard answer["type"]?.stringValue == "search" || answer["query"] != nil || answer["web"] != nil else {
            return nil
        }
        let records = (answer.at("web", "results")?.arrayValue ?? []).compactMap {
            WebSearchTool.record(
                url: $0["url"], title: $0["title"], text: $0["description"], date: $0["page_age"] ?? $0["age"])
        }
        return (Array(records.prefix(limit)), answer.at("query", "more_results_available")?.boolValue ?? false)
    }

    /// A key that is not known is refused with the status 422.
    static func refusal(_ response: HTTPResponse) -> ToolFailure? {
        guard response.status == 422, let json = try? JSONValue.parse(response.body) else { return nil }
        let code = json.at("error", "code")?.stringValue ?? json["errors"]?.arrayValue?.first?["code"]?.stringValue
        guard code == "SUBSCRIPTION_TOKEN_INVALID" else { return nil }
        return ToolFailure(.unauthorized, "brave refused the key; check the variable that holds it")
    }
}
