import Primitives

/// Proof that exactly one entity of a graph answers a query and that no shorter path leads to it.
///
/// It holds for the facts that the graph asserts (`entailment`), as of the snapshot that `graphDigest` names.
/// Only `KnowledgeGraph.certify` makes one; one read from JSON counts after `KnowledgeGraph.verify`.
public struct Certificate: Sendable, Hashable {
    /// Which facts the query was executed on.
    public enum Entailment: String, Sendable, Hashable {
        /// The stored facts as they are, without closure under the relations' laws.
        case asserted
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
        graph: KnowledgeGraph, query: ChainQuery, witness: [EntityIndex], candidatesPerStep: [Int], answerCount: Int,
        shortestPathLength: Int
    ) {
        graphDigest = graph.digest
        entailment = .asserted
        self.query = query
        self.witness = witness
        self.candidatesPerStep = candidatesPerStep
        self.answerCount = answerCount
        self.shortestPathLength = shortestPathLength
        witnessIDs = witness.map { graph.entity($0).id }
        stepNames = query.steps.map { graph.name(of: $0) }
        anchorID = graph.entity(query.anchor).id
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
        func fail(_ field: String, _ expected: String) -> KnowledgeError {
            .invalidCertificate(field: field, value: json[field]?.text ?? "missing", expected: expected)
        }
        func text(_ field: String) throws(KnowledgeError) -> String {
            guard let value = json[field]?.stringValue else { throw fail(field, "a string") }
            return value
        }
        func integer(_ field: String) throws(KnowledgeError) -> Int {
            guard let value = json[field]?.integerValue else { throw fail(field, "an integer") }
            return value
        }
        func list<Element>(
            _ field: String, _ expected: String, _ element: (JSONValue) -> Element?
        ) throws(KnowledgeError) -> [Element] {
            guard let values = json[field]?.arrayValue else { throw fail(field, "an array") }
            let elements = values.compactMap(element)
            guard elements.count == values.count else { throw fail(field, expected) }
            return elements
        }
        guard try text("format") == Self.format else { throw fail("format", Self.format) }
        graphDigest = try text("graph")
        guard let entailment = Entailment(rawValue: try text("entailment")) else {
            throw fail("entailment", Entailment.asserted.rawValue)
        }
        self.entailment = entailment
        guard let anchor = graph.index(id: try text("anchor")) else { throw fail("anchor", "an id of the graph") }
        let steps = try list("steps", "names of the graph's relations, with ^ for the inverse") { value in
            value.stringValue.flatMap { graph.step(named: $0) }
        }
        query = ChainQuery(anchor: anchor, steps: steps)
        witness = try list("witness", "ids of the graph") { $0.stringValue.flatMap { graph.index(id: $0) } }
        guard !witness.isEmpty else { throw fail("witness", "at least the anchor") }
        candidatesPerStep = try list("candidates", "integers") { $0.integerValue }
        answerCount = try integer("answers")
        shortestPathLength = try integer("shortest_path")
        witnessIDs = witness.map { graph.entity($0).id }
        stepNames = query.steps.map { graph.name(of: $0) }
        anchorID = graph.entity(query.anchor).id
    }
}
