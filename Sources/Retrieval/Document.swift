/// A text that can be searched for.
public struct Document: Sendable, Hashable {
    /// Unique in its index; ties of relevance are broken by it.
    public var id: String
    public var title: String
    public var text: String

    public init(id: String, title: String, text: String) {
        self.id = id
        self.title = title
        self.text = text
    }
}
