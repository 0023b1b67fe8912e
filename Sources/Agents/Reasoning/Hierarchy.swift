import Knowledge

/// Walks from kinds to categories and back.
struct Hierarchy: Sendable {
    private let graph: KnowledgeGraph
    private let up: Step?

    /// - Parameter relation: the relation from kinds to categories; a graph without it has no hierarchy.
    init(graph: KnowledgeGraph, relation: String) {
        self.graph = graph
        up = graph.relationIndex(name: relation).map { Step(relation: $0) }
    }

    /// The categories above an entity, each once, nearer ones first.
    func ancestors(of entity: EntityIndex) -> [EntityIndex] { reached(from: entity, by: up) }

    /// The kinds below an entity, each once, nearer ones first.
    func descendants(of entity: EntityIndex) -> [EntityIndex] { reached(from: entity, by: up?.reversed) }

    private func reached(from entity: EntityIndex, by step: Step?) -> [EntityIndex] {
        guard let step else { return [] }
        var reached = graph.neighbours(of: entity, by: step)
        if reached.isEmpty { return [] }
        var known = Set(reached)
        known.insert(entity)
        var next = 0
        while next < reached.count {
            for other in graph.neighbours(of: reached[next], by: step) where known.insert(other).inserted {
                reached.append(other)
            }
            next += 1
        }
        return reached
    }
}
