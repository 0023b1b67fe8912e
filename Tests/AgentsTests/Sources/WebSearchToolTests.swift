import Primitives
import Testing

@testable import Agents

@Suite struct WebSearchToolTests {
    /// The same two hits as each engine tells them, one of them on a blocked site.
    private static let engines: [(name: String, recorded: Recorded)] = [
        (
            "searxng",
            Recorded(
                "https://searx.test/search?q=gout%20diet&format=json&pageno=1",
                """
                {"query":"gout diet","number_of_results":0,"results":[{"url":"https://a.test/gout","title":"Gout &amp; diet",\
                "content":"What to <b>eat</b>.","engine":"x","publishedDate":"2024-01-02"},{"url":"https://leak.test/q","title":"L",\
                "content":"answers"}],"answers":[],"suggestions":[],"unresponsive_engines":[]}
                """)
        ),
        (
            "serper",
            Recorded(
                "https://google.serper.dev/search", sent: "{\"q\":\"gout diet\",\"num\":10}", method: "POST",
                """
                {"searchParameters":{"q":"gout diet","type":"search"},"organic":[{"title":"Gout & diet","link":"https://a.test/gout",\
                "snippet":"What to eat.","date":"2024-01-02","position":1},{"title":"L","link":"https://leak.test/q","snippet":"s"}],\
                "credits":1}
                """)
        ),
        (
            "tavily",
            Recorded(
                "https://api.tavily.com/search",
                sent: "{\"query\":\"gout diet\",\"search_depth\":\"basic\",\"max_results\":10,\"include_answer\":false,"
                    + "\"include_raw_content\":false,\"exclude_domains\":[\"leak.test\"]}", method: "POST",
                """
                {"query":"gout diet","answer":null,"images":[],"results":[{"title":"Gout & diet","url":"https://a.test/gout",\
                "content":"What to eat.","score":0.9,"raw_content":null,"published_date":"2024-01-02"},{"title":"L",\
                "url":"https://leak.test/q","content":"s","score":0.1}],"response_time":1.2}
                """)
        ),
        (
            "brave",
            Recorded(
                "https://api.search.brave.com/res/v1/web/search?q=gout%20diet&count=10&offset=0&result_filter=web"
                    + "&text_decorations=false",
                """
                {"type":"search","query":{"original":"gout diet","more_results_available":true},"web":{"type":"search","results":[\
                {"title":"Gout &amp; diet","url":"https://a.test/gout","description":"What to eat.","page_age":"2024-01-02"},\
                {"title":"L","url":"https://leak.test/q","description":"s"}]}}
                """)
        ),
    ]

    private static func settings(_ name: String) -> SourceSettings {
        var settings = SourceSettings()
        settings.blockedSites = ["leak.test"]
        if name == "searxng" { settings.url = "https://searx.test/" }
        settings.costPerCall = 0.001
        return settings
    }

    @Test(arguments: engines.indices)
    func `every engine's hits read alike, without blocked sites`(index: Int) async throws {
        let (name, recorded) = Self.engines[index]
        let source = try ReplayedSource(name, Self.settings(name), [recorded])
        let result = await source.run("web_search", ["query": "gout diet"])
        #expect(
            result.content.hasPrefix("[1] Gout & diet\nhttps://a.test/gout | 2024-01-02\nWhat to eat."), "\(result)")
        #expect(!result.content.contains("leak"))
        #expect(
            result.citations == [
                ToolCitation(
                    source: name, identifier: "https://a.test/gout", title: "Gout & diet", url: "https://a.test/gout",
                    date: "2024-01-02")
            ])
        #expect(result.content.contains("page 2") == ["searxng", "brave"].contains(name))
        #expect(source.tools[0].traits.costPerCall == 0.001 && !source.tools[0].traits.isTrusted)
    }

    @Test(
        arguments: [
            ("searxng", "{\"results\":[]}"), ("serper", "{\"searchParameters\":{}}"), ("tavily", "{\"results\":[]}"),
            ("brave", "{\"type\":\"search\",\"query\":{}}"),
        ])
    func `an empty result is no error`(name: String, body: String) async throws {
        var recorded = try #require(Self.engines.first { $0.name == name }).recorded
        recorded.body = body
        let source = try ReplayedSource(name, Self.settings(name), [recorded])
        #expect(await source.run("web_search", ["query": "gout diet"]) == ToolResult(content: "No result."))
    }

    @Test(
        arguments: [
            ("searxng", 403, "<!doctype html><title>403 Forbidden</title>", .unavailable, "search.formats"),
            ("searxng", 200, "<!doctype html>", .malformedAnswer, "a web page"),
            ("searxng", 200, "{}", .malformedAnswer, ""),
            ("serper", 403, "{\"message\":\"Unauthorized.\",\"statusCode\":403}", .unauthorized, "SERPER_API_KEY"),
            ("serper", 400, "{\"message\":\"Not enough credits\",\"statusCode\":400}", .rateLimited, "credits"),
            ("serper", 400, "{\"message\":\"Missing query parameter\"}", .invalidCall, "Missing query"),
            ("serper", 200, "{}", .malformedAnswer, ""),
            (
                "tavily", 401, "{\"detail\":{\"error\":\"Unauthorized: missing or invalid API key.\"}}", .unauthorized,
                "TAVILY_API_KEY"
            ),
            (
                "tavily", 432, "{\"detail\":{\"error\":\"This request exceeds your plan's set usage limit.\"}}",
                .rateLimited, "plan"
            ),
            ("tavily", 433, "{\"detail\":{\"error\":\"x\"}}", .rateLimited, "plan"),
            ("tavily", 200, "{\"detail\":\"x\"}", .malformedAnswer, ""),
            (
                "brave", 422,
                "{\"type\":\"ErrorResponse\",\"error\":{\"code\":\"SUBSCRIPTION_TOKEN_INVALID\",\"detail\":\"x\",\"status\":422}}",
                .unauthorized, "key"
            ),
            (
                "brave", 422, "{\"type\":\"ErrorResponse\",\"errors\":[{\"code\":\"SUBSCRIPTION_TOKEN_INVALID\"}]}",
                .unauthorized, "key"
            ),
            (
                "brave", 422, "{\"type\":\"ErrorResponse\",\"error\":{\"code\":\"VALIDATION\",\"detail\":\"bad q\"}}",
                .invalidCall, "bad q"
            ),
            ("brave", 200, "{\"type\":\"ErrorResponse\"}", .malformedAnswer, ""),
        ] as [(String, Int, String, ToolFailure.Kind, String)])
    func `an engine's refusals are told apart`(
        name: String, status: Int, body: String, kind: ToolFailure.Kind, text: String
    ) async throws {
        var recorded = try #require(Self.engines.first { $0.name == name }).recorded
        (recorded.status, recorded.body) = (status, body)
        let source = try ReplayedSource(name, Self.settings(name), [recorded])
        let result = await source.run("web_search", ["query": "gout diet"])
        #expect(result.failure == kind && (text.isEmpty || result.content.contains(text)), "\(result)")
    }

    @Test func `a question or page beyond the engine's bounds is the caller's fault`() async throws {
        let source = try ReplayedSource("tavily", Self.settings("tavily"), [])
        let long = String(repeating: "a", count: 401)
        #expect(await source.run("web_search", ["query": .string(long)]).failure == .invalidCall)
        #expect(await source.run("web_search", ["query": "a", "page": 2]).failure == .invalidCall)
    }

    @Test func `an answer box stands first`() async throws {
        var recorded = Self.engines[1].recorded
        recorded.body = """
            {"organic":[{"title":"B","link":"https://b.test/"}],"answerBox":{"title":"T","link":"https://c.test/","answer":"42"}}
            """
        let source = try ReplayedSource("serper", Self.settings("serper"), [recorded])
        let result = await source.run("web_search", ["query": "gout diet"])
        #expect(result.content.hasPrefix("[1] T\nhttps://c.test/\n42\n\n[2] B\nhttps://b.test/"))
    }
}
