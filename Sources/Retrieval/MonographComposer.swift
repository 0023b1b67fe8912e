import Knowledge

/// Writes one short document per entity that states its facts, in the wording of the graph's relations.
public struct MonographComposer: Sendable {
    /// How many objects one sentence lists; the rest is counted, so that documents of hubs stay short.
    public var maximumObjectsPerSentence: Int

    public init(maximumObjectsPerSentence: Int = 6) {
        precondition(maximumObjectsPerSentence >= 1, "a sentence states at least one fact")
        self.maximumObjectsPerSentence = maximumObjectsPerSentence
    }

    /// The monographs in the order of the entities. Ids are the entities' ids, titles their names.
    public func documents(of graph: KnowledgeGraph) -> [Document] {
        graph.entities.indices.map { document(of: EntityIndex($0), in: graph) }
    }

    /// One sentence for each direction of each relation that the entity takes part in, ordered by relation.
    public func document(of entity: EntityIndex, in graph: KnowledgeGraph) -> Document {
        let subject = graph.entity(entity)
        var sentences = graph.steps(from: entity).map { step in
            sentence(subject.name, step, graph.neighbours(of: entity, by: step), in: graph)
        }
        if sentences.isEmpty {
            sentences = ["\(subject.name): \(subject.type.split(separator: "_").joined(separator: " "))."]
        }
        return Document(id: subject.id, title: subject.name, text: sentences.joined(separator: " "))
    }

    /// The ids of the monographs that state what a step leads to: the source's, the target's, both, or none where the
    /// lists of both are cut before the other.
    public func evidence(for step: Step, from source: EntityIndex, to target: EntityIndex, in graph: KnowledgeGraph)
        -> [String]
    {
        [(source, step, target), (target, step.reversed, source)].compactMap { subject, step, object in
            let named = graph.neighbours(of: subject, by: step).prefix(maximumObjectsPerSentence)
            return named.contains(object) ? graph.id(of: subject) : nil
        }
    }

    private func sentence(
        _ subject: String, _ step: Step, _ objects: [EntityIndex], in graph: KnowledgeGraph
    ) -> String {
        var names = objects.prefix(maximumObjectsPerSentence).map { graph.entity($0).name }
        let hidden = objects.count - names.count
        if hidden > 0 { names[names.count - 1] += " and \(hidden) more" }
        return graph.phrases(step).sentence(subject: subject, objects: names)
    }
}
