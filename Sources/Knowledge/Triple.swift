/// One fact with its provenance: `head` —`relation`→ `tail`.
public struct Triple: Sendable, Hashable {
    public var head: EntityIndex
    public var relation: RelationIndex
    public var tail: EntityIndex
    /// The first statement of the fact.
    public var mainEvidence: Evidence
    /// Further statements of the same fact, none of them twice.
    public var furtherEvidence: [Evidence]

    public init(
        head: EntityIndex, relation: RelationIndex, tail: EntityIndex, source: String, licence: String
    ) {
        self.init(
            head: head, relation: relation, tail: tail, evidence: Evidence(source: source, licence: licence))
    }

    public init(
        head: EntityIndex, relation: RelationIndex, tail: EntityIndex, evidence: Evidence,
        furtherEvidence: [Evidence] = []
    ) {
        self.head = head
        self.relation = relation
        self.tail = tail
        mainEvidence = evidence
        self.furtherEvidence = furtherEvidence
    }

    /// Where the fact was taken from.
    public var source: String {
        get { mainEvidence.source }
        set { mainEvidence.source = newValue }
    }

    /// The terms under which the source gives the fact.
    public var licence: String {
        get { mainEvidence.licence }
        set { mainEvidence.licence = newValue }
    }

    public var evidence: [Evidence] { [mainEvidence] + furtherEvidence }
}
