import Foundation
import Primitives
import Transport

/// Reads one web page as text: `read_page(url, page)`.
///
/// Redirects are followed by hand, at most five, and each target is checked as the first URL was (``HostGuard``,
/// ``BlockList``). Only HTML and plain text are read.
public struct PageReaderTool: SourceTool {
    public struct Arguments: ToolArguments {
        public static let parameters = [
            ToolParameter("url", .text(maximumLength: 2000), "The address of the page, with http:// or https://."),
            ToolParameter("page", .integer(1...100), "Which part of a long page, from 1.", isRequired: false),
        ]

        var url: String
        var page: Int

        public init(_ values: JSONValue) throws(ToolFailure) {
            url = try SourceArgument.required(values, "url")
            page = SourceArgument.page(values)
        }
    }

    static let maximumRedirects = 5

    public let name: String
    let group = SelectableTool.Group.general
    public let purpose =
        "Opens a web page and returns its text. Long pages come in parts; ask for the next page to read on."
    let client: SourceClient
    let costPerCall: Double
    private let guarding: HostGuard
    private let blockList: BlockList
    private let charactersPerPage: Int

    /// - Parameter client: of an exchange that makes no connections to private addresses (``guardedConfiguration(_:)``).
    public init(
        client: SourceClient, name: String = "read_page", allowedHosts: [String] = [],
        blockList: BlockList = BlockList([]), charactersPerPage: Int = 8000, costPerCall: Double = 0
    ) {
        self.client = client
        self.name = name
        self.costPerCall = costPerCall
        guarding = HostGuard(allowedHosts: allowedHosts)
        self.blockList = blockList
        self.charactersPerPage = max(500, charactersPerPage)
    }

    /// Of an HTTP client that connects to the public internet alone. Where the environment names a proxy, connections go to
    /// the proxy, names are resolved there, and keeping away from private addresses is up to it.
    public static func guardedConfiguration(
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) -> HTTPClientConfiguration {
        let proxies = ["http_proxy", "https_proxy", "all_proxy", "HTTPS_PROXY", "ALL_PROXY"]
        let hasProxy = proxies.contains { !(environment[$0] ?? "").isEmpty }
        guard !hasProxy else { return HTTPClientConfiguration(maximumConnections: 64) }
        return HTTPClientConfiguration(
            maximumConnections: 64, proxy: .direct, refusesAddress: { HostGuard.refuses(address: $0) })
    }

    public func call(_ arguments: Arguments) async throws(ToolFailure) -> ToolResult {
        let call = client.call()
        guard var url = WebURL(arguments.url) else {
            throw ToolFailure(
                .invalidCall,
                "\(SourceText.line(arguments.url).prefix(200)) is no address of a web page; expected https://host/path")
        }
        var redirects = 0
        while true {
            try check(url)
            let response = try await call.fetch(
                SourceRequest(url.description, headers: [("Accept", "text/html, text/plain;q=0.9, */*;q=0.1")]),
                accepted: [301, 302, 303, 307, 308])
            guard !response.isSuccess else { return try result(response, url, page: arguments.page) }
            redirects += 1
            guard redirects <= Self.maximumRedirects else {
                throw ToolFailure(
                    .unavailable, "the page was redirected more than \(Self.maximumRedirects) times")
            }
            guard let target = response.header("Location").flatMap(url.resolving) else {
                throw ToolFailure(.malformedAnswer, "the page was redirected to no address of a web page")
            }
            url = target
        }
    }

    private func check(_ url: WebURL) throws(ToolFailure) {
        if guarding.refuses(url) {
            throw ToolFailure(
                .invalidCall, "the host \(url.host.prefix(100)) is not on the public internet; it is not read")
        }
        if blockList.blocks(url.description) {
            throw ToolFailure(.invalidCall, "pages of \(url.host.prefix(100)) may not be read here; use another source")
        }
    }

    private func result(_ response: HTTPResponse, _ url: WebURL, page: Int) throws(ToolFailure) -> ToolResult {
        let (title, text) = try PageText.read(response)
        guard !text.isEmpty else {
            throw ToolFailure(.notFound, "the page \(url.description.prefix(300)) holds no text")
        }
        let parts = PageText.parts(text, of: charactersPerPage)
        guard page <= parts.count else {
            throw ToolFailure(.invalidCall, "there is no page \(page); the text has \(parts.count)")
        }
        var lines: [String] = []
        if !title.isEmpty { lines.append(SourceText.cut(title, to: 300)) }
        lines.append(SourceText.cut(url.description, to: 600))
        if parts.count > 1 { lines.append("Page \(page) of \(parts.count)") }
        let citation = ToolCitation(
            source: client.name, identifier: url.description, title: title.isEmpty ? url.host : title,
            url: url.description, date: response.header("Last-Modified").map(SourceText.line))
        return ToolResult(
            content: lines.joined(separator: "\n") + "\n\n" + parts[page - 1], citations: [citation])
    }
}
