import Primitives

/// Proof that exactly one entity of a graph meets a conjunction of constraints, a chain being one constraint alone, and
/// that nothing in it is idle: no constraint and no fact on the ways to the answer could be left out, and no path is
/// shorter.
///
/// It holds for the facts that `entailment` names, as of the snapshot that `graphDigest` names. A walk along the steps may
/// come back to where it was: an answer that is unique so is also the only one where the anchor or earlier entities do not
/// count as candidates.
///
/// Invariants: a constraint's witness is its only walk to the answer, and as long as their distance; every hop has its
/// support, asserted facts that entail it. Only `FactIndex.certify` makes one; one read from JSON counts after
/// `KnowledgeGraph.verify`.
public struct Certificate: Sendable, Hashable {
    /// Which facts the query was executed on.
    public enum Entailment: String, Sendable, Hashable, CaseIterable {
        /// The stored facts as they are, without closure under the relations' laws.
        case asserted
        /// The stored facts and all that follow from them by transitive and inherited relations.
        case entailed
    }

    public static let format = "medresearcher.certificate/2"

    /// What is proven of one constraint.
    public struct ConstraintProof: Sendable, Hashable {
        public var query: ChainQuery
        /// The anchor, the entities between, and the answer, all different.
        public var witness: [EntityIndex]
        /// The number of candidates after each step.
        public var candidatesPerStep: [Int]
        /// How many entities meet the other constraints alone: more than one. Without other constraints, all entities.
        public var answersWithout: Int
        /// For each hop the asserted facts that entail it, from its head to its tail.
        public var supports: [[Fact]]
    }

    public let graphDigest: String
    public let entailment: Entailment
    public let answer: EntityIndex
    public let proofs: [ConstraintProof]
    /// For each constraint and hop the ids of the documents that state its supporting facts, as far as they are known.
    public let documents: [[[String]]]
    private let texts: Texts

    /// Ids and names in place of indices, which hold for one graph value only.
    private struct Texts: Sendable, Hashable {
        var answer: String
        var anchors: [String]
        var steps, witnesses: [[String]]
        /// Head, relation and tail.
        var supports: [[[[String]]]]

        init(graph: KnowledgeGraph, answer: EntityIndex, proofs: [ConstraintProof]) {
            self.answer = graph.id(of: answer)
            anchors = proofs.map { graph.id(of: $0.query.anchor) }
            steps = proofs.map { $0.query.steps.map { graph.name(of: $0) } }
            witnesses = proofs.map { $0.witness.map { graph.id(of: $0) } }
            supports = proofs.map { proof in
                proof.supports.map { facts in
                    facts.map { fact in
                        [graph.id(of: fact.head), graph.relations[Int(fact.relation)].name, graph.id(of: fact.tail)]
                    }
                }
            }
        }
    }

    public var query: ConjunctiveQuery { ConjunctiveQuery(constraints: proofs.map(\.query)) }
    public var hops: Int { query.hops }
    public var isChain: Bool { proofs.count == 1 }
    /// Every anchor and intermediate entity, in order of the constraints and without repetition, then the answer.
    public var entities: [EntityIndex] { withoutRepetition { $0.witness.dropLast() } }
    /// What has to be found: every entity between an anchor and the answer, then the answer.
    public var sought: [EntityIndex] { withoutRepetition { $0.witness.dropFirst().dropLast() } }

    private func withoutRepetition(_ part: (ConstraintProof) -> ArraySlice<EntityIndex>) -> [EntityIndex] {
        var seen: Set<EntityIndex> = [answer]
        return proofs.flatMap(part).filter { seen.insert($0).inserted } + [answer]
    }

    /// For each constraint the steps as `KnowledgeGraph.name(of:)` writes them.
    public var stepNames: [[String]] { texts.steps }

    init(
        graph: KnowledgeGraph, entailment: Entailment, answer: EntityIndex, proofs: [ConstraintProof]
    ) {
        graphDigest = graph.digest
        self.entailment = entailment
        self.answer = answer
        self.proofs = proofs
        documents = proofs.map { proof in proof.supports.map { graph.documents(stating: $0) } }
        texts = Texts(graph: graph, answer: answer, proofs: proofs)
    }

    /// The certificate with ids and names instead of indices.
    public var json: JSONValue {
        func array(_ texts: [String]) -> JSONValue { .array(texts.map { .string($0) }) }
        let constraints = proofs.indices.map { index -> JSONValue in
            let proof = proofs[index]
            let hops = proof.supports.indices.map { hop -> JSONValue in
                [
                    "facts": .array(texts.supports[index][hop].map(array)),
                    "documents": array(documents[index][hop]),
                ]
            }
            return [
                "anchor": .string(texts.anchors[index]), "steps": array(texts.steps[index]),
                "witness": array(texts.witnesses[index]),
                "candidates": .array(proof.candidatesPerStep.map { .integer(Int64($0)) }),
                "answers_without": .integer(Int64(proof.answersWithout)), "hops": .array(hops),
            ]
        }
        return [
            "format": .string(Self.format), "graph": .string(graphDigest), "entailment": .string(entailment.rawValue),
            "answer": .string(texts.answer), "constraints": .array(constraints),
        ]
    }

    /// Reads what `json` writes, without executing the query: `KnowledgeGraph.verify` does that.
    /// - Throws: a field that is missing or of the wrong kind, or an id or relation that the graph does not have.
    public init(json: JSONValue, graph: KnowledgeGraph) throws(KnowledgeError) {
        let reader = CertificateReader(json: json, graph: graph, path: "")
        guard try reader.text("format") == Self.format else { throw reader.fail("format", Self.format) }
        graphDigest = try reader.text("graph")
        guard let entailment = Entailment(rawValue: try reader.text("entailment")) else {
            throw reader.fail("entailment", Entailment.allCases.map(\.rawValue).joined(separator: " or "))
        }
        self.entailment = entailment
        answer = try reader.entity("answer")
        var proofs: [ConstraintProof] = []
        var documents: [[[String]]] = []
        for (index, constraint) in try reader.array("constraints").enumerated() {
            let reader = CertificateReader(json: constraint, graph: graph, path: "constraints[\(index)].")
            let query = ChainQuery(anchor: try reader.entity("anchor"), steps: try reader.steps("steps"))
            var supports: [[Fact]] = []
            var named: [[String]] = []
            for (number, hop) in try reader.array("hops").enumerated() {
                let reader = CertificateReader(json: hop, graph: graph, path: "constraints[\(index)].hops[\(number)].")
                supports.append(try reader.facts("facts"))
                named.append(try reader.texts("documents"))
            }
            let proof = ConstraintProof(
                query: query, witness: try reader.entities("witness"),
                candidatesPerStep: try reader.integers("candidates"),
                answersWithout: try reader.integer("answers_without"), supports: supports)
            proofs.append(proof)
            documents.append(named)
        }
        self.proofs = proofs
        self.documents = documents
        texts = Texts(graph: graph, answer: answer, proofs: proofs)
    }
}

extension KnowledgeGraph {
    /// The documents that state asserted facts, ascending and without repetition.
    func documents(stating facts: [Fact]) -> [String] {
        guard triples.namesDocuments else { return [] }
        return Set(facts.flatMap { evidence(of: $0).compactMap(\.document) }).sorted()
    }

    /// The statements of a fact; none for one that is not asserted. O(log facts) for a graph in canonical order.
    public func evidence(of fact: Fact) -> [Evidence] {
        guard let position = triples.position(of: fact) else { return [] }
        return triples.statements(position).map(triples.evidence)
    }
}

extension Certificate {
    /// For each constraint the names of the entities from its anchor to the answer.
    public func names(in graph: KnowledgeGraph) -> [[String]] {
        proofs.map { $0.witness.map { graph.name(of: $0) } }
    }
}
