/// One fact with its provenance: `head` —`relation`→ `tail`.
public struct Triple: Sendable, Hashable {
    public var head: EntityIndex
    public var relation: RelationIndex
    public var tail: EntityIndex
    /// Where the fact was taken from.
    public var source: String
    /// The terms under which the source gives the fact.
    public var licence: String

    public init(
        head: EntityIndex, relation: RelationIndex, tail: EntityIndex, source: String, licence: String
    ) {
        self.head = head
        self.relation = relation
        self.tail = tail
        self.source = source
        self.licence = licence
    }
}
