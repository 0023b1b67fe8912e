extension KnowledgeGraph {
    /// Executes the query on the whole graph and certifies that it has exactly one answer and that no path leads there
    /// in fewer facts, in whichever direction they are read. The path along the steps is therefore simple.
    public func certify(_ query: ChainQuery) -> Result<Certificate, CertificateFailure> {
        guard !query.steps.isEmpty else { return .failure(.noSteps) }
        let candidates = answers(query)
        guard let answers = candidates.last, !answers.isEmpty else {
            return .failure(.noAnswer(step: candidates.count))
        }
        guard answers.count == 1 else {
            return .failure(
                .severalAnswers(count: answers.count, examples: answers.prefix(3).map { entity($0).name }))
        }
        if let length = distance(from: query.anchor, to: answers[0], atMost: query.steps.count - 1) {
            return .failure(.shortcut(length: length, hops: query.steps.count))
        }
        return .success(certificate(query, candidates: candidates))
    }

    /// The certificate of a query whose last candidate set is one entity, without a shortcut to it.
    func certificate(_ query: ChainQuery, candidates: [[EntityIndex]]) -> Certificate {
        let answers = candidates[candidates.count - 1]
        return Certificate(
            graph: self, query: query, witness: witness(query, candidates: candidates, answer: answers[0]),
            candidatesPerStep: candidates.map(\.count), answerCount: answers.count,
            shortestPathLength: query.steps.count)
    }

    /// Checks every claim of a certificate against the facts; `nil` means that it holds.
    public func verify(_ certificate: Certificate) -> CertificateFailure? {
        CertificateVerifier(graph: self).verify(certificate)
    }
}
