/// A fact without its provenance.
public struct Fact: Sendable, Hashable {
    public var head: EntityIndex
    public var relation: RelationIndex
    public var tail: EntityIndex

    public init(head: EntityIndex, relation: RelationIndex, tail: EntityIndex) {
        self.head = head
        self.relation = relation
        self.tail = tail
    }
}
