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
}

extension JSONValue {
    /// A text, or a number as it is written; `nil` for an empty text.
    var plain: String? {
        switch self {
        case .string(let text): text.isEmpty ? nil : text
        case .integer, .bigInteger, .number: text
        default: nil
        }
    }

    /// An integer, or a text that is one: several sources write numbers as texts.
    var count: Int? { integerValue ?? stringValue.flatMap { Int($0) } }

    /// The member at the end of a path of keys.
    func at(_ path: String...) -> JSONValue? {
        path.reduce(Optional(self)) { $0?[$1] }
    }

    /// The texts of an array, or the text itself.
    var texts: [String] { arrayValue?.compactMap(\.plain) ?? plain.map { [$0] } ?? [] }
}
