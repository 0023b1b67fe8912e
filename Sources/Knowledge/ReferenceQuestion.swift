import Primitives

/// A question of a dataset that others made, with the numbers it claims: a path of relations from a named anchor.
public struct ReferenceQuestion: Sendable {
    public var id: String
    public var query: ChainQuery
    public var answer: EntityIndex
    public var witness: [String]
    public var candidatesPerStep: [Int]
    public var shortestPath: Int
    public var entailedAnswerCount: Int

    /// Reads one row: `id`, `anchor`, `anchor_type`, `relation_path`, `answer`, `answer_type`, `witness`,
    /// `candidates_per_step_full_kg`, `shortest_path_full_kg`, `answer_set_size_entailed`.
    public init(json: JSONValue, line: Int, graph: KnowledgeGraph) throws(KnowledgeError) {
        func fail(_ field: String, _ expected: String) -> KnowledgeError {
            .invalidQuestion(line: line, field: field, value: json[field]?.text ?? "missing", expected: expected)
        }
        func text(_ field: String) throws(KnowledgeError) -> String {
            guard let value = json[field]?.stringValue else { throw fail(field, "a string") }
            return value
        }
        func integer(_ field: String) throws(KnowledgeError) -> Int {
            guard let value = json[field]?.integerValue else { throw fail(field, "an integer") }
            return value
        }
        func entity(_ field: String, _ typeField: String) throws(KnowledgeError) -> EntityIndex {
            let (name, type) = (try text(field), try text(typeField))
            let found = [
                graph.index(name: "\(name) (\(type))"), graph.index(id: "\(type):\(name)"), graph.index(name: name),
            ]
            guard let entity = found.compactMap({ $0 }).first(where: { graph.entity($0).type == type }) else {
                throw fail(field, "the name of an entity of type \(type)")
            }
            return entity
        }
        id = try text("id")
        guard let path = json["relation_path"]?.arrayValue else { throw fail("relation_path", "an array") }
        let steps = path.compactMap { $0.stringValue.flatMap { graph.step(named: $0) } }
        guard steps.count == path.count, !steps.isEmpty else {
            throw fail("relation_path", "relations of the graph, with ^ for the inverse")
        }
        query = ChainQuery(anchor: try entity("anchor", "anchor_type"), steps: steps)
        answer = try entity("answer", "answer_type")
        witness = (json["witness"]?.arrayValue ?? []).compactMap(\.stringValue)
        let candidates = json["candidates_per_step_full_kg"]?.arrayValue ?? []
        candidatesPerStep = candidates.compactMap(\.integerValue)
        guard candidatesPerStep.count == steps.count else {
            throw fail("candidates_per_step_full_kg", "\(steps.count) integers")
        }
        shortestPath = try integer("shortest_path_full_kg")
        entailedAnswerCount = try integer("answer_set_size_entailed")
    }
}
