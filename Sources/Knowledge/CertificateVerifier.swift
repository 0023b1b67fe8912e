/// Checks certificates by scanning the list of facts, sharing neither the adjacency index nor the search of the code that
/// certifies. O(facts × hops) per certificate.
struct CertificateVerifier {
    let graph: KnowledgeGraph

    func verify(_ certificate: Certificate) -> CertificateFailure? {
        guard certificate.graphDigest == graph.digest else {
            return .otherGraph(certified: certificate.graphDigest, given: graph.digest)
        }
        let hops = certificate.query.steps.count
        guard hops > 0 else { return .noSteps }
        var candidates: Set<EntityIndex> = [certificate.query.anchor]
        var counts: [Int] = []
        for (index, step) in certificate.query.steps.enumerated() {
            candidates = reached(from: candidates, by: step)
            counts.append(candidates.count)
            if candidates.isEmpty { return .noAnswer(step: index + 1) }
        }
        guard candidates.count == 1, let answer = candidates.first else {
            let examples = candidates.sorted().prefix(3).map { graph.entity($0).name }
            return .severalAnswers(count: candidates.count, examples: examples)
        }
        if let failure = verifyWitness(certificate, answer: answer) { return failure }
        guard certificate.answerCount == 1 else {
            return .contradicted(field: "answers", recorded: "\(certificate.answerCount)", found: "1")
        }
        guard certificate.candidatesPerStep == counts else {
            return .contradicted(
                field: "candidates", recorded: "\(certificate.candidatesPerStep)", found: "\(counts)")
        }
        return verifyDistance(certificate, answer: answer)
    }

    private func reached(from sources: Set<EntityIndex>, by step: Step) -> Set<EntityIndex> {
        var targets: Set<EntityIndex> = []
        for triple in graph.triples where triple.relation == step.relation {
            let (source, target) = step.isInverse ? (triple.tail, triple.head) : (triple.head, triple.tail)
            if sources.contains(source) { targets.insert(target) }
        }
        return targets
    }

    private func verifyWitness(_ certificate: Certificate, answer: EntityIndex) -> CertificateFailure? {
        let (witness, steps) = (certificate.witness, certificate.query.steps)
        guard witness.count == steps.count + 1 else {
            return .brokenWitness(reason: "it has \(witness.count) entities, expected \(steps.count + 1)")
        }
        guard witness.first == certificate.query.anchor else {
            return .brokenWitness(reason: "it does not start at the anchor")
        }
        guard witness.last == answer else { return .brokenWitness(reason: "it does not end at the answer") }
        guard Set(witness).count == witness.count else {
            return .brokenWitness(reason: "it visits an entity twice")
        }
        for (index, step) in steps.enumerated() {
            guard reached(from: [witness[index]], by: step).contains(witness[index + 1]) else {
                return .brokenWitness(
                    reason: "no fact \(graph.name(of: step)) leads from \(graph.entity(witness[index]).name) to "
                        + graph.entity(witness[index + 1]).name)
            }
        }
        return nil
    }

    /// Grows the ball around the anchor one fact at a time until it holds the answer.
    private func verifyDistance(_ certificate: Certificate, answer: EntityIndex) -> CertificateFailure? {
        let hops = certificate.query.steps.count
        var ball: Set<EntityIndex> = [certificate.query.anchor]
        var radius = 0
        while radius < hops && !ball.contains(answer) {
            var larger = ball
            for triple in graph.triples {
                if ball.contains(triple.head) { larger.insert(triple.tail) }
                if ball.contains(triple.tail) { larger.insert(triple.head) }
            }
            ball = larger
            radius += 1
        }
        guard radius == hops else { return .shortcut(length: radius, hops: hops) }
        guard certificate.shortestPathLength == hops else {
            return .contradicted(
                field: "shortest_path", recorded: "\(certificate.shortestPathLength)", found: "\(hops)")
        }
        return nil
    }
}
