extension KnowledgeGraph {
    /// The facts that the graph asserts.
    public var asserted: FactIndex { FactIndex(graph: self, entailment: .asserted, adjacency: adjacency) }

    /// Everything that a step reaches from a set of entities, ascending and without repetition.
    public func neighbours(ofAll entities: [EntityIndex], by step: Step) -> [EntityIndex] {
        adjacency.neighbours(ofAll: entities, by: step)
    }

    /// The candidates after each step, ascending; the last set answers the query. Stops early, with fewer sets than
    /// steps, after a set that is empty.
    public func answers(_ query: ChainQuery) -> [[EntityIndex]] { asserted.answers(query) }

    /// The number of facts on a shortest path that ignores the facts' direction; `nil` when it is longer than the limit.
    public func distance(from start: EntityIndex, to end: EntityIndex, atMost limit: Int) -> Int? {
        asserted.distance(from: start, to: end, atMost: limit)
    }

    /// Executes the query on the asserted facts, see ``FactIndex/certify(_:)``.
    public func certify(_ query: ChainQuery) -> Result<Certificate, CertificateFailure> { asserted.certify(query) }

    /// Checks every claim of a certificate against the facts; `nil` means that it holds. To check many, keep one
    /// ``CertificateVerifier``.
    public func verify(_ certificate: Certificate) -> CertificateFailure? {
        CertificateVerifier(graph: self).verify(certificate)
    }
}
