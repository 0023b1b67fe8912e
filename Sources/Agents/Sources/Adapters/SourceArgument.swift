import Primitives

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
