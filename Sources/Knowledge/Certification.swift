extension FactIndex {
    /// ``certify(_:)-(ConjunctiveQuery)`` of the conjunction of one chain.
    public func certify(_ query: ChainQuery) -> Result<Certificate, CertificateFailure> {
        certify(ConjunctiveQuery(query))
    }

    /// Executes the conjunction on all facts and certifies that exactly one entity meets all constraints, that none of
    /// them could be left out, that each leads to it by exactly one walk, and that no path is shorter than its steps.
    /// Every fact of every constraint is therefore necessary: without it nothing answers the query.
    public func certify(_ query: ConjunctiveQuery) -> Result<Certificate, CertificateFailure> {
        guard !query.constraints.isEmpty, query.constraints.allSatisfy({ !$0.steps.isEmpty }) else {
            return .failure(.noSteps)
        }
        var candidates: [[[EntityIndex]]] = []
        for constraint in query.constraints {
            let sets = answers(constraint)
            if sets.count < constraint.steps.count || sets.last?.isEmpty != false {
                return .failure(.noAnswer(step: sets.count))
            }
            candidates.append(sets)
        }
        let finals = candidates.map { $0[$0.count - 1] }
        let answers = Self.intersection(finals)
        guard let answer = answers.first else { return .failure(.noCommonAnswer) }
        guard answers.count == 1 else { return .failure(severalAnswers(answers)) }

        var proofs: [Certificate.ConstraintProof] = []
        let closure = Closure(graph: graph)
        for (index, constraint) in query.constraints.enumerated() {
            let hops = constraint.steps.count
            if let length = distance(from: constraint.anchor, to: answer, atMost: hops - 1) {
                return .failure(.shortcut(length: length, hops: hops))
            }
            let walks = walkCount(constraint, candidates: candidates[index], answer: answer, limit: 1000)
            guard walks == 1 else { return .failure(.unnecessaryFacts(constraint: index + 1, walks: walks)) }
            var others = finals
            others.remove(at: index)
            let without = others.isEmpty ? graph.entities.count : Self.intersection(others).count
            guard without > 1 else { return .failure(.unnecessaryConstraint(constraint: index + 1)) }
            let witness = witness(constraint, candidates: candidates[index], answer: answer)
            proofs.append(
                Certificate.ConstraintProof(
                    query: constraint, witness: witness, candidatesPerStep: candidates[index].map(\.count),
                    answersWithout: without,
                    supports: support(of: witness, steps: constraint.steps, closure: closure)))
        }
        return .success(Certificate(graph: graph, entailment: entailment, answer: answer, proofs: proofs))
    }

    private func severalAnswers(_ answers: [EntityIndex]) -> CertificateFailure {
        .severalAnswers(count: answers.count, examples: answers.prefix(3).map { graph.name(of: $0) })
    }

    /// For each hop the asserted facts that entail it: the hop itself where it is asserted.
    private func support(of witness: [EntityIndex], steps: [Step], closure: Closure) -> [[Fact]] {
        steps.enumerated().map { index, step in
            let (from, to) = (witness[index], witness[index + 1])
            let (head, tail) = step.isInverse ? (to, from) : (from, to)
            return closure.derivation(head: head, relation: step.relation, tail: tail) ?? []
        }
    }
}
