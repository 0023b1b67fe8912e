/// The position of a relation in `KnowledgeGraph.relations`.
public typealias RelationIndex = Int32

/// A kind of fact, with the types it connects, the laws it obeys and its wording.
public struct Relation: Sendable, Hashable {
    public var name: String
    /// The name of the same fact read from tail to head.
    public var inverseName: String
    /// The entity types that a head may have.
    public var domain: [String]
    /// The entity types that a tail may have.
    public var range: [String]
    /// a → b and b → c entail a → c. Stored facts are not closed under it.
    public var isTransitive: Bool
    /// The transitive relation, for example `is_a`, along which this one is inherited: z —is_a→ x and x —this→ y entail
    /// z —this→ y. Stored facts are not closed under it.
    public var inheritedAlong: String?
    /// A head has at most one tail; the graph refuses a second one.
    public var isFunctional: Bool
    /// No chain of these facts may lead back to its start; the graph refuses a cycle.
    public var isAcyclic: Bool
    /// The wording from head to tail.
    public var forward: RelationPhrases
    /// The wording from tail to head.
    public var inverse: RelationPhrases

    public init(
        name: String, inverseName: String, domain: [String], range: [String], isTransitive: Bool = false,
        isFunctional: Bool = false, isAcyclic: Bool = false, inheritedAlong: String? = nil, forward: RelationPhrases,
        inverse: RelationPhrases
    ) {
        self.name = name
        self.inverseName = inverseName
        self.domain = domain
        self.range = range
        self.isTransitive = isTransitive
        self.isFunctional = isFunctional
        self.isAcyclic = isAcyclic
        self.inheritedAlong = inheritedAlong
        self.forward = forward
        self.inverse = inverse
    }

    public func phrases(inverse isInverse: Bool) -> RelationPhrases { isInverse ? inverse : forward }
}
