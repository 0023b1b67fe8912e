import Primitives

/// A document of a medical index with what is known about where it comes from.
public struct RetrievalDocument: Sendable, Hashable {
    /// Unique in its index: a document with an id that is there already replaces it.
    public var id: String
    public var title: String
    public var text: String
    /// Everything else; ``SourceProfile`` says which members have a meaning.
    public var attributes: JSONObject

    public init(id: String, title: String = "", text: String, attributes: JSONObject = [:]) {
        self.id = id
        self.title = title
        self.text = text
        self.attributes = attributes
    }

    /// What the document is about: a disease, a drug, …
    public var focus: String? { attributes["focus"]?.stringValue }

    /// Other names of the focus.
    public var synonyms: [String] { attributes["synonyms"]?.arrayValue?.compactMap(\.stringValue) ?? [] }

    /// Where the document comes from.
    public var url: String? { attributes["url"]?.stringValue }
    public var source: String? { attributes["source"]?.stringValue }
    public var licence: String? { (attributes["licence"] ?? attributes["license"])?.stringValue }
}
