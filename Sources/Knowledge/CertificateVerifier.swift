/// Checks certificates from the list of facts alone, sharing neither the adjacency index nor the closure nor the search of
/// the code that certifies.
///
/// It keeps its own table of facts by source and step; the facts that others entail are derived by applying the laws to
/// whole sets until nothing new follows. Make one for many certificates.
public struct CertificateVerifier: Sendable {
    private let graph: KnowledgeGraph
    private let asserted: Table
    /// Made when the first certificate under entailment is checked.
    private let entailed: EntailedTable

    public init(graph: KnowledgeGraph) {
        self.graph = graph
        var facts: Set<Fact> = []
        facts.reserveCapacity(graph.triples.count)
        for triple in graph.triples {
            facts.insert(Fact(head: triple.head, relation: triple.relation, tail: triple.tail))
        }
        asserted = Table(facts)
        entailed = EntailedTable(graph: graph, asserted: facts)
    }

    /// Checks every claim of a certificate; `nil` means that it holds.
    public func verify(_ certificate: Certificate) -> CertificateFailure? {
        guard certificate.graphDigest == graph.digest else {
            return .otherGraph(certified: certificate.graphDigest, given: graph.digest)
        }
        let table = table(certificate.entailment)
        guard !certificate.proofs.isEmpty else { return .noSteps }
        var sets: [[Set<EntityIndex>]] = []
        for (index, proof) in certificate.proofs.enumerated() {
            guard !proof.query.steps.isEmpty else { return .noSteps }
            let candidates = execute(proof.query, on: table)
            if candidates.last?.isEmpty != false { return .noAnswer(step: candidates.count) }
            let counts = candidates.map(\.count)
            guard proof.candidatesPerStep == counts else {
                return .contradicted(
                    field: "constraints[\(index)].candidates", recorded: "\(proof.candidatesPerStep)",
                    found: "\(counts)")
            }
            sets.append(candidates)
        }
        let finals = sets.map { $0[$0.count - 1] }
        let answers = finals.dropFirst().reduce(finals[0]) { $0.intersection($1) }
        if answers.isEmpty { return .noCommonAnswer }
        guard answers.count == 1, let answer = answers.first else { return severalAnswers(answers) }
        guard certificate.answer == answer else {
            return .contradicted(
                field: "answer", recorded: graph.id(of: certificate.answer), found: graph.id(of: answer))
        }
        for (index, proof) in certificate.proofs.enumerated() {
            if let failure = verify(proof.witness, of: proof.query, answer: answer, on: table)
                ?? verifyDistance(proof.query, answer: answer, on: table)
                ?? verifyOnlyWalk(proof, candidates: sets[index], index: index, on: table)
                ?? verifyNeed(of: index, proof: proof, finals: finals)
                ?? verifySupports(proof, named: certificate.documents[index], index: index)
            {
                return failure
            }
        }
        return nil
    }

    // MARK: Claims

    private func table(_ entailment: Certificate.Entailment) -> Table {
        entailment == .asserted ? asserted : entailed.table
    }

    /// The candidates after each step, up to the first empty set.
    private func execute(_ query: ChainQuery, on table: Table) -> [Set<EntityIndex>] {
        var sets: [Set<EntityIndex>] = []
        for step in query.steps {
            let reached = table.reached(from: sets.last ?? [query.anchor], by: step)
            sets.append(reached)
            if reached.isEmpty { break }
        }
        return sets
    }

    private func severalAnswers(_ answers: Set<EntityIndex>) -> CertificateFailure {
        .severalAnswers(count: answers.count, examples: answers.sorted().prefix(3).map { graph.name(of: $0) })
    }

    private func verify(
        _ witness: [EntityIndex], of query: ChainQuery, answer: EntityIndex, on table: Table
    ) -> CertificateFailure? {
        let steps = query.steps
        guard witness.count == steps.count + 1 else {
            return .brokenWitness(reason: "it has \(witness.count) entities, expected \(steps.count + 1)")
        }
        guard witness.first == query.anchor else {
            return .brokenWitness(reason: "it does not start at the anchor")
        }
        guard witness.last == answer else { return .brokenWitness(reason: "it does not end at the answer") }
        guard Set(witness).count == witness.count else {
            return .brokenWitness(reason: "it visits an entity twice")
        }
        for (index, step) in steps.enumerated() {
            guard table.reached(from: [witness[index]], by: step).contains(witness[index + 1]) else {
                return .brokenWitness(
                    reason: "no fact \(graph.name(of: step)) leads from \(graph.name(of: witness[index])) to "
                        + graph.name(of: witness[index + 1]))
            }
        }
        return nil
    }

    /// Grows the ball around the answer one fact at a time until it holds the anchor.
    private func verifyDistance(_ query: ChainQuery, answer: EntityIndex, on table: Table) -> CertificateFailure? {
        let hops = query.steps.count
        var ball: Set<EntityIndex> = [answer]
        var rim = ball
        var radius = 0
        while radius < hops && !ball.contains(query.anchor) {
            // The last ball need not be grown: the witness proves that the anchor is within it.
            if radius == hops - 1 { return nil }
            rim = Set(rim.flatMap(table.neighbours)).subtracting(ball)
            ball.formUnion(rim)
            radius += 1
        }
        return radius < hops ? .shortcut(length: radius, hops: hops) : nil
    }

    /// Walks back from the answer: at each step exactly one entity may lead on from among those the anchor reaches.
    private func verifyOnlyWalk(
        _ proof: Certificate.ConstraintProof, candidates: [Set<EntityIndex>], index: Int, on table: Table
    ) -> CertificateFailure? {
        for step in proof.query.steps.indices.reversed() {
            let reached = step == 0 ? [proof.query.anchor] : candidates[step - 1]
            let sources = table.reached(from: [proof.witness[step + 1]], by: proof.query.steps[step].reversed)
                .intersection(reached)
            if sources != [proof.witness[step]] {
                return .unnecessaryFacts(constraint: index + 1, walks: sources.count)
            }
        }
        return nil
    }

    private func verifyNeed(
        of index: Int, proof: Certificate.ConstraintProof, finals: [Set<EntityIndex>]
    ) -> CertificateFailure? {
        var others = finals
        others.remove(at: index)
        let found =
            others.isEmpty
            ? graph.entities.count : others.dropFirst().reduce(others[0]) { $0.intersection($1) }.count
        if found <= 1 { return .unnecessaryConstraint(constraint: index + 1) }
        guard proof.answersWithout == found else {
            return .contradicted(
                field: "constraints[\(index)].answers_without", recorded: "\(proof.answersWithout)", found: "\(found)")
        }
        return nil
    }

    /// Each hop's supporting facts are asserted, their documents are those named, and by the laws they make up the hop.
    private func verifySupports(
        _ proof: Certificate.ConstraintProof, named: [[String]], index: Int
    ) -> CertificateFailure? {
        guard proof.supports.count == proof.query.steps.count, named.count == proof.supports.count else {
            return .unsupportedHop(constraint: index + 1, hop: min(proof.supports.count, named.count) + 1)
        }
        for (hop, facts) in proof.supports.enumerated() {
            let step = proof.query.steps[hop]
            let ends = [proof.witness[hop], proof.witness[hop + 1]]
            let goal = Fact(
                head: step.isInverse ? ends[1] : ends[0], relation: step.relation,
                tail: step.isInverse ? ends[0] : ends[1])
            guard facts.allSatisfy(asserted.facts.contains), entails(facts, goal) else {
                return .unsupportedHop(constraint: index + 1, hop: hop + 1)
            }
            var documents: Set<String> = []
            for fact in facts {
                for evidence in graph.evidence(of: fact) where evidence.document != nil {
                    documents.insert(evidence.document ?? "")
                }
            }
            guard named[hop] == documents.sorted() else {
                return .contradicted(
                    field: "constraints[\(index)].hops[\(hop)].documents", recorded: "\(named[hop])",
                    found: "\(documents.sorted())")
            }
        }
        return nil
    }

    /// Whether these facts alone entail the goal.
    private func entails(_ facts: [Fact], _ goal: Fact) -> Bool {
        EntailedTable.closed(Set(facts), relations: graph.relations).contains(goal)
    }

    // MARK: Facts

    /// Facts by source and step.
    struct Table: Sendable {
        let facts: Set<Fact>
        private var targets: [Key: [EntityIndex]] = [:]
        private var linked: [EntityIndex: [EntityIndex]] = [:]

        private struct Key: Hashable { let source: EntityIndex, step: Step }

        init(_ facts: Set<Fact>) {
            self.facts = facts
            for fact in facts {
                let step = Step(relation: fact.relation)
                targets[Key(source: fact.head, step: step), default: []].append(fact.tail)
                targets[Key(source: fact.tail, step: step.reversed), default: []].append(fact.head)
                linked[fact.head, default: []].append(fact.tail)
                linked[fact.tail, default: []].append(fact.head)
            }
        }

        func reached(from sources: Set<EntityIndex>, by step: Step) -> Set<EntityIndex> {
            var reached: Set<EntityIndex> = []
            for source in sources { reached.formUnion(targets[Key(source: source, step: step)] ?? []) }
            return reached
        }

        func neighbours(_ entity: EntityIndex) -> [EntityIndex] { linked[entity] ?? [] }
    }
}
