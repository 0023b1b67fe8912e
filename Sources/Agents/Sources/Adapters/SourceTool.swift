import Primitives

/// A tool that asks one source. Its texts were written by others.
protocol SourceTool: TypedTool {
    var client: SourceClient { get }
    /// US dollars.
    var costPerCall: Double { get }
}

extension SourceTool {
    public var traits: ToolTraits {
        ToolTraits(timeout: client.timeout, costPerCall: costPerCall, isTrusted: false)
    }
}

/// What adapters have in common beside their client.
struct SourceBase: Sendable {
    var client: SourceClient
    /// Up to and without the path of a request.
    var url: String
    /// Records that one call returns.
    var limit: Int
    var costPerCall = 0.0
    /// Characters of an observation.
    var maximumCharacters = 12_000

    /// A page of records, with the bounds of these settings.
    func page(_ records: [SourceRecord], total: Int?, page: Int, hasMore: Bool, notes: [String] = []) -> SourcePage {
        SourcePage(
            source: client.name, records: records, total: total, first: (page - 1) * limit + 1,
            next: hasMore ? "page \(page + 1)" : nil, notes: notes, limit: maximumCharacters)
    }
}

/// Reads arguments whose shape the router has checked.
enum SourceArgument {
    /// A text that says something.
    static func required(_ values: JSONValue, _ name: String) throws(ToolFailure) -> String {
        guard let text = optional(values, name) else {
            throw ToolFailure(.invalidCall, "\"\(name)\" is empty; expected what to look for")
        }
        return text
    }

    static func optional(_ values: JSONValue, _ name: String) -> String? {
        let text = SourceText.line(values[name]?.stringValue ?? "")
        return text.isEmpty ? nil : text
    }

    /// A page number, from 1.
    static func page(_ values: JSONValue) -> Int { integer(values, "page") ?? 1 }

    static func integer(_ values: JSONValue, _ name: String) -> Int? {
        values[name]?.integerValue ?? values[name]?.doubleValue.flatMap { Int(exactly: $0) }
    }

    static func pageParameter(_ last: Int) -> ToolParameter {
        ToolParameter("page", .integer(1...last), "Which page of the results, from 1.", isRequired: false)
    }
}
