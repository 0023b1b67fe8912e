/// The question "what is reached by every one of these chains?": "which drug targets A and treats B?" A chain alone is
/// the conjunction of one constraint.
public struct ConjunctiveQuery: Sendable, Hashable {
    /// Chains that end at the answer.
    public var constraints: [ChainQuery]

    public init(constraints: [ChainQuery]) { self.constraints = constraints }

    public init(_ chain: ChainQuery) { constraints = [chain] }

    /// The number of facts on the ways from the anchors to the answer.
    public var hops: Int { constraints.reduce(0) { $0 + $1.steps.count } }
}
