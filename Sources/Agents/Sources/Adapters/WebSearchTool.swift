import Primitives

/// One search engine: how it is asked and what it answers.
protocol WebSearchEngine: Sendable {
    /// The most characters of a question.
    var longestQuery: Int { get }
    /// The last page that can be asked for.
    var lastPage: Int { get }

    func request(_ query: String, page: Int, limit: Int, blocked: [String]) -> SourceRequest

    /// The hits and whether there are more; `nil` where the answer has not the engine's shape.
    func hits(_ answer: JSONValue, limit: Int) -> (records: [SourceRecord], hasMore: Bool)?
}

/// Search of the web through any engine: `web_search(query, page)`. Hits on blocked sites are left out.
public struct WebSearchTool: SourceTool {
    public struct Arguments: ToolArguments {
        public static let parameters = [
            ToolParameter("query", .text(maximumLength: 1000), "What to look for, in a few words."),
            SourceArgument.pageParameter(10),
        ]

        var query: String
        var page: Int

        public init(_ values: JSONValue) throws(ToolFailure) {
            query = try SourceArgument.required(values, "query")
            page = SourceArgument.page(values)
        }
    }

    public let name: String
    let group = SelectableTool.Group.general
    public let purpose = "Searches the web and returns titles, addresses and short texts of the best pages."
    private let base: SourceBase
    private let engine: any WebSearchEngine
    private let blockList: BlockList

    init(_ base: SourceBase, engine: any WebSearchEngine, name: String = "web_search", blockList: BlockList) {
        self.base = base
        self.engine = engine
        self.name = name
        self.blockList = blockList
    }

    var client: SourceClient { base.client }
    var costPerCall: Double { base.costPerCall }

    public func call(_ arguments: Arguments) async throws(ToolFailure) -> ToolResult {
        guard arguments.query.count <= engine.longestQuery else {
            throw ToolFailure(
                .invalidCall,
                "the query has \(arguments.query.count) characters; at most \(engine.longestQuery) are allowed")
        }
        guard arguments.page <= engine.lastPage else {
            throw ToolFailure(.invalidCall, "there are only \(engine.lastPage) pages; change the query instead")
        }
        let call = client.call()
        let answer = try await call.json(
            engine.request(arguments.query, page: arguments.page, limit: base.limit, blocked: blockList.hosts))
        guard let hits = engine.hits(answer, limit: base.limit) else {
            throw call.malformed("a list of results", "JSON of another shape")
        }
        let records = hits.records.filter { !blockList.blocks($0.identifier) }
        return base.page(
            records, total: nil, page: arguments.page, hasMore: hits.hasMore && arguments.page < engine.lastPage
        ).result
    }

    /// A hit of any engine; `nil` where it has no address.
    static func record(
        url: JSONValue?, title: JSONValue?, text: JSONValue?, date: JSONValue?
    ) -> SourceRecord? {
        guard let url = url?.plain.map(SourceText.line), !url.isEmpty else { return nil }
        return SourceRecord(
            identifier: url, title: HTMLText.line(title?.plain ?? ""), text: HTMLText.line(text?.plain ?? ""), url: url,
            date: date?.plain)
    }
}
