/// One hop of a chain: a relation followed from head to tail, or from tail to head.
public struct Step: Sendable, Hashable, Comparable {
    public var relation: RelationIndex
    public var isInverse: Bool

    public init(relation: RelationIndex, isInverse: Bool = false) {
        self.relation = relation
        self.isInverse = isInverse
    }

    public var reversed: Step { Step(relation: relation, isInverse: !isInverse) }

    /// A dense number for tables over steps: twice the relation, plus one for the inverse direction.
    var code: Int32 { relation * 2 + (isInverse ? 1 : 0) }

    init(code: Int32) { self.init(relation: code / 2, isInverse: code % 2 == 1) }

    public static func < (left: Step, right: Step) -> Bool { left.code < right.code }
}

/// The question "what is reached from `anchor` by these steps?".
public struct ChainQuery: Sendable, Hashable {
    public var anchor: EntityIndex
    public var steps: [Step]

    public init(anchor: EntityIndex, steps: [Step]) {
        self.anchor = anchor
        self.steps = steps
    }
}
