import Primitives
import Transport

/// Tavily: `POST /search` with a bearer key. The basic depth costs one credit. Results come on one page.
struct TavilyEngine: WebSearchEngine {
    let url: String
    /// Longer questions are refused with the status 400.
    let longestQuery = 400
    let lastPage = 1

    func request(_ query: String, page: Int, limit: Int, blocked: [String]) -> SourceRequest {
        var body: JSONObject = [
            "query": .string(query), "search_depth": "basic", "max_results": .integer(min(limit, 20)),
            "include_answer": false, "include_raw_content": false,
        ]
        if !blocked.isEmpty { body["exclude_domains"] = .array(blocked.map { .string($0) }) }
        return .post(url + "/search", json: .object(body))
    }

    func hits(_ answer: JSONValue, limit: Int) -> (records: [SourceRecord], hasMore: Bool)? {
        guard let results = answer["results"]?.arrayValue else { return nil }
        let records = results.compactMap {
            WebSearchTool.record(url: $0["url"], title: $0["title"], text: $0["content"], date: $0["published_date"])
        }
        return (Array(records.prefix(limit)), false)
    }

    /// 432 and 433: what the plan, or the limit on paying as one goes, allows is used up.
    static func refusal(_ response: HTTPResponse) -> ToolFailure? {
        guard response.status == 432 || response.status == 433 else { return nil }
        return ToolFailure(.rateLimited, "tavily: what the account's plan allows is used up")
    }
}
