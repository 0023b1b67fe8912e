import Primitives

/// Reads the result of `tools/call`.
enum MCPContent {
    /// The longest error text that the policy is shown, in Unicode scalars: a single character may be megabytes long.
    private static let longestFailure = 2000

    /// The content blocks as one text, blocks on lines of their own. What is no text is named and left out. Structured
    /// content is shown where there is no other: servers repeat it as text.
    static func text(of result: JSONValue) -> String {
        let blocks = result["content"]?.arrayValue ?? []
        let texts = blocks.map(text(ofBlock:))
        if texts.isEmpty, let structured = result["structuredContent"], !structured.isNull { return structured.text }
        return texts.joined(separator: "\n")
    }

    /// The resources that the result names, as citations.
    static func citations(of result: JSONValue, server: String) -> [ToolCitation] {
        (result["content"]?.arrayValue ?? []).compactMap { block in
            let resource = block["type"]?.stringValue == "resource" ? block["resource"] : block
            guard ["resource", "resource_link"].contains(block["type"]?.stringValue),
                let uri = resource?["uri"]?.stringValue
            else { return nil }
            let title = resource?["title"]?.stringValue ?? resource?["name"]?.stringValue ?? ""
            let isWeb = uri.hasPrefix("https://") || uri.hasPrefix("http://")
            return ToolCitation(source: server, identifier: uri, title: title, url: isWeb ? uri : nil)
        }
    }

    /// A server's error text without surrounding white space and full stop, cut to a length that a policy can read.
    static func failureText(_ text: String) -> String {
        var shown = text.unicodeScalars.prefix(longestFailure)
        while let first = shown.first, first.properties.isWhitespace { shown.removeFirst() }
        while let last = shown.last, last.properties.isWhitespace || last == "." { shown.removeLast() }
        return String(shown)
    }

    private static func text(ofBlock block: JSONValue) -> String {
        let type = block["type"]?.stringValue ?? ""
        switch type {
        case "text": return block["text"]?.stringValue ?? ""
        case "image", "audio":
            return "[\(type) left out: \(block["mimeType"]?.stringValue ?? "unknown type")]"
        case "resource_link":
            let title = block["title"]?.stringValue ?? block["name"]?.stringValue ?? ""
            let description = block["description"]?.stringValue.map { " (\($0))" } ?? ""
            return "\(title): \(block["uri"]?.stringValue ?? "")\(description)"
        case "resource":
            let resource = block["resource"] ?? [:]
            let uri = resource["uri"]?.stringValue ?? ""
            if let text = resource["text"]?.stringValue { return "\(uri)\n\(text)" }
            return "[\(uri) left out: \(resource["mimeType"]?.stringValue ?? "binary")]"
        default: return "[content of type \"\(type)\" left out]"
        }
    }
}
