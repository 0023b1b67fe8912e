import Transport

/// A page's bytes as text.
enum PageText {
    /// The title and the text.
    /// - Throws: for what is no text.
    static func read(_ response: HTTPResponse) throws(ToolFailure) -> (title: String, text: String) {
        let header = response.header("Content-Type") ?? ""
        let type = SourceText.line(String(header.prefix { $0 != ";" })).lowercased()
        let body = response.body
        let isHTML: Bool
        switch type {
        case "text/html", "application/xhtml+xml", "text/xml", "application/xml": isHTML = true
        case "text/plain", "text/markdown", "text/x-markdown", "text/csv", "application/json": isHTML = false
        case "": isHTML = SourceText.isMarkup(body)
        default: throw failure(type)
        }
        // A null byte is in no text.
        guard !body.prefix(4096).contains(0) else { throw failure("binary data") }
        let text = decode(body, charset: charset(header) ?? (isHTML ? metaCharset(body) : nil))
        guard isHTML else { return ("", SourceText.paragraphs(text)) }
        let page = HTMLText(text)
        return (page.title, page.text)
    }

    private static func failure(_ found: String) -> ToolFailure {
        ToolFailure(.malformedAnswer, "the page is \(found.prefix(60)); only HTML and plain text can be read")
    }

    /// A text in pieces of at most `length` characters, cut between lines or words where possible.
    static func parts(_ text: String, of length: Int) -> [String] {
        var parts: [String] = []
        var rest = text[...]
        while let end = rest.index(rest.startIndex, offsetBy: length, limitedBy: rest.endIndex), end < rest.endIndex {
            let head = rest[..<end]
            let middle = head.index(head.startIndex, offsetBy: length / 2)
            let cut =
                head[middle...].lastIndex(of: "\n") ?? head[middle...].lastIndex(of: " ")
                ?? head.index(before: head.endIndex)
            parts.append(String(rest[...cut]))
            rest = rest[rest.index(after: cut)...]
        }
        if !rest.isEmpty || parts.isEmpty { parts.append(String(rest)) }
        return parts
    }

    private static func decode(_ bytes: [UInt8], charset: String?) -> String {
        switch charset {
        case "iso-8859-1", "latin1", "windows-1252", "cp1252", "iso_8859-1", "us-ascii", "ascii":
            Windows1252.decode(bytes)
        default: String(decoding: bytes, as: UTF8.self)
        }
    }

    /// Of a `Content-Type`.
    private static func charset(_ header: String) -> String? {
        let lower = header.lowercased()
        guard let mark = lower.firstRange(of: "charset=") else { return nil }
        let name = lower[mark.upperBound...].drop { $0 == "\"" || $0 == "'" || $0 == " " }
        let value = String(name.prefix { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" })
        return value.isEmpty ? nil : value
    }

    /// Of a `meta` in the first kilobyte of a page.
    private static func metaCharset(_ bytes: [UInt8]) -> String? {
        charset(String(decoding: bytes.prefix(1024), as: UTF8.self))
    }
}
