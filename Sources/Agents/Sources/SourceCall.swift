import Primitives
import Transport

/// One call of a tool: all its requests share one deadline.
struct SourceCall: Sendable {
    let client: SourceClient
    let deadline: ContinuousClock.Instant

    /// - Parameter accepted: statuses beside 2xx that are answers and no failures.
    func fetch(_ request: SourceRequest, accepted: Set<Int> = []) async throws(ToolFailure) -> HTTPResponse {
        let response = try await client.fetch(request, accepted: accepted, until: deadline)
        if let coding = response.header("Content-Encoding"), coding.lowercased() != "identity" {
            throw ToolFailure(
                .malformedAnswer,
                "\(client.name) answered in the encoding \(SourceText.line(coding).prefix(20)), which was not asked for"
            )
        }
        return response
    }

    /// The answer as JSON.
    func json(_ request: SourceRequest, accepted: Set<Int> = []) async throws(ToolFailure) -> JSONValue {
        let response = try await fetch(request, accepted: accepted)
        do throws(JSONError) { return try JSONValue.parse(response.body) } catch {
            throw malformed(
                "JSON", SourceText.isMarkup(response.body) ? "a web page" : "something else or a part of it")
        }
    }

    /// A failure of the source to speak its own format.
    func malformed(_ expected: String, _ found: String) -> ToolFailure {
        ToolFailure(.malformedAnswer, "\(client.name) answered with \(found); expected \(expected)")
    }

    /// The page of a number, from 1, of a source that leads from page to page by a token or cursor and whose pages have no
    /// numbers; `nil` where the pages end before. Each page on the way is asked for, and kept, like any other request.
    /// - Parameters:
    ///   - token: what asks for the first page.
    ///   - ask: brings the page of a token, and the token of the next one, `nil` behind the last.
    func page<Page>(
        _ number: Int, from token: String? = nil,
        _ ask: (String?) async throws(ToolFailure) -> (page: Page, next: String?)
    ) async throws(ToolFailure) -> (page: Page, hasMore: Bool)? {
        var token = token
        for place in 1...max(1, number) {
            let (page, next) = try await ask(token)
            if place == number { return (page, next != nil) }
            guard let next, next != token else { return nil }
            token = next
        }
        return nil
    }
}
