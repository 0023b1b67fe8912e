import Primitives

/// Proof that exactly one entity of a graph answers a query and that no shorter path leads to it.
///
/// It holds for the facts that `entailment` names, as of the snapshot that `graphDigest` names. Only
/// `KnowledgeGraph.certify` and `FactIndex.certify` make one; one read from JSON counts after `KnowledgeGraph.verify`.
///
/// A walk along the steps may come back to where it was. An answer that is unique so, with no shorter path to it, is
/// also the only one where the anchor or earlier entities do not count as candidates.
public struct Certificate: Sendable, Hashable {
    /// Which facts the query was executed on.
    public enum Entailment: String, Sendable, Hashable, CaseIterable {
        /// The stored facts as they are, without closure under the relations' laws.
        case asserted
        /// The stored facts and all that follow from them by transitive and inherited relations.
        case entailed
    }

    public static let format = "medresearcher.certificate/1"

    public let graphDigest: String
    public let entailment: Entailment
    public let query: ChainQuery
    /// The anchor, the entities between, and the answer: one more than there are steps, all different.
    public let witness: [EntityIndex]
    /// The number of candidates after each step; the last one is 1.
    public let candidatesPerStep: [Int]
    public let answerCount: Int
    /// The undirected distance between anchor and answer, equal to the number of steps.
    public let shortestPathLength: Int

    /// The anchor to the answer as ids, and the steps as `KnowledgeGraph.name(of:)` writes them: the same as `witness`
    /// and `query` in a form that outlives the graph value.
    public let witnessIDs: [String]
    public let stepNames: [String]
    private let anchorID: String

    public var hops: Int { query.steps.count }
    public var answer: EntityIndex { witness[witness.count - 1] }

    init(
        graph: KnowledgeGraph, entailment: Entailment, query: ChainQuery, witness: [EntityIndex],
        candidatesPerStep: [Int], answerCount: Int, shortestPathLength: Int
    ) {
        graphDigest = graph.digest
        self.entailment = entailment
        self.query = query
        self.witness = witness
        self.candidatesPerStep = candidatesPerStep
        self.answerCount = answerCount
        self.shortestPathLength = shortestPathLength
        witnessIDs = witness.map { graph.id(of: $0) }
        stepNames = query.steps.map { graph.name(of: $0) }
        anchorID = graph.id(of: query.anchor)
    }

    /// The certificate with ids and names instead of indices.
    public var json: JSONValue {
        [
            "format": .string(Self.format), "graph": .string(graphDigest),
            "entailment": .string(entailment.rawValue), "anchor": .string(anchorID),
            "steps": .array(stepNames.map { .string($0) }),
            "witness": .array(witnessIDs.map { .string($0) }),
            "candidates": .array(candidatesPerStep.map { .integer(Int64($0)) }),
            "answers": .integer(Int64(answerCount)), "shortest_path": .integer(Int64(shortestPathLength)),
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
        query = ChainQuery(anchor: try reader.entity("anchor"), steps: try reader.steps("steps"))
        witness = try reader.entities("witness")
        guard !witness.isEmpty else { throw reader.fail("witness", "at least the anchor") }
        candidatesPerStep = try reader.integers("candidates")
        answerCount = try reader.integer("answers")
        shortestPathLength = try reader.integer("shortest_path")
        witnessIDs = witness.map { graph.id(of: $0) }
        stepNames = query.steps.map { graph.name(of: $0) }
        anchorID = graph.id(of: query.anchor)
    }
}
