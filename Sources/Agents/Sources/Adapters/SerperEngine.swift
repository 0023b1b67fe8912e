import Primitives
import Transport

/// Serper, Google's results: `POST /search` with the header `X-API-KEY`.
struct SerperEngine: WebSearchEngine {
    let url: String
    let longestQuery = 1000
    let lastPage = 10

    func request(_ query: String, page: Int, limit: Int, blocked: [String]) -> SourceRequest {
        var body: JSONObject = ["q": .string(query), "num": .integer(limit)]
        if page > 1 { body["page"] = .integer(page) }
        return .post(url + "/search", json: .object(body))
    }

    func hits(_ answer: JSONValue, limit: Int) -> (records: [SourceRecord], hasMore: Bool)? {
        guard answer["organic"] != nil || answer["searchParameters"] != nil else { return nil }
        var records: [SourceRecord] = []
        if let box = answer["answerBox"] {
            let text = box["answer"]?.plain ?? box["snippet"]?.plain
            if let record = WebSearchTool.record(
                url: box["link"], title: box["title"], text: text.map { .string($0) }, date: nil)
            {
                records.append(record)
            }
        }
        let organic = answer["organic"]?.arrayValue ?? []
        records += organic.compactMap {
            WebSearchTool.record(url: $0["link"], title: $0["title"], text: $0["snippet"], date: $0["date"])
        }
        return (Array(records.prefix(limit)), organic.count >= min(limit, 10))
    }

    /// An account without credits is told so with the status 400.
    static func refusal(_ response: HTTPResponse) -> ToolFailure? {
        guard response.status == 400, SourceText.reason(response).lowercased().contains("credit") else { return nil }
        return ToolFailure(.rateLimited, "serper: the account has no credits left")
    }
}
