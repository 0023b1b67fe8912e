import Primitives

/// The best passage of a document that was found, with why it stands where it does.
public struct RetrievedPassage: Sendable, Hashable {
    public var document: RetrievalDocument
    /// Where the passage stands in the document's text, in UTF-8 bytes.
    public var span: Range<Int>
    /// The document's relevance for the query.
    public var bm25: Double
    /// The same brought to 0…1 within the pool; `nil` behind it.
    public var relevance: Double?
    public var authority: Authority
    /// `λ · relevance + (1 − λ) · authority`; `nil` behind the pool.
    public var score: Double?

    public var text: String {
        let bytes = document.text.utf8
        let start =
            bytes.index(bytes.startIndex, offsetBy: span.lowerBound, limitedBy: bytes.endIndex) ?? bytes.endIndex
        let end = bytes.index(start, offsetBy: span.count, limitedBy: bytes.endIndex) ?? bytes.endIndex
        return String(document.text[start..<end])
    }

    public var json: JSONValue {
        var object: JSONObject = [
            "id": .string(document.id), "title": .string(document.title),
            "span": [.integer(span.lowerBound), .integer(span.upperBound)], "text": .string(text),
            "bm25": .number(bm25), "authority": authority.json,
        ]
        if let relevance { object["relevance"] = .number(relevance) }
        if let score { object["score"] = .number(score) }
        for (name, value) in [("url", document.url), ("source", document.source), ("licence", document.licence)] {
            if let value { object[name] = .string(value) }
        }
        return .object(object)
    }
}
