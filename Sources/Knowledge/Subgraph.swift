/// A few connected entities of a graph, chosen by a ``SubgraphSampler``.
public struct Subgraph: Sendable, Hashable {
    /// In the order in which they were chosen, the backbone first, without repetition.
    public var entities: [EntityIndex]
    /// A path of the graph, each entity adjacent to the next, all different.
    public var backbone: [EntityIndex]

    public init(entities: [EntityIndex], backbone: [EntityIndex]) {
        self.entities = entities
        self.backbone = backbone
    }

    /// The facts between the entities, by their place in `KnowledgeGraph.triples`, ascending.
    public func facts(of graph: KnowledgeGraph) -> [Fact] {
        let members = Set(entities)
        var facts: [Fact] = []
        for entity in members.sorted() {
            for edge in graph.adjacency.edges(of: entity) {
                let step = Step(code: graph.adjacency.steps[edge])
                let target = graph.adjacency.targets[edge]
                if !step.isInverse && members.contains(target) {
                    facts.append(Fact(head: entity, relation: step.relation, tail: target))
                }
            }
        }
        return facts
    }
}
