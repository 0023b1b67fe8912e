import Knowledge
import Primitives

/// What reference works say about the entities of a graph, for `QuestionRewriter`.
public enum EntityDefinitions {
    /// Reads a file of evidence cards: JSON lines (`.jsonl` or `.jsonl.zst`) with `text` and, to tell the entity, `id` (or
    /// `_id`) or `title`. Cards of entities that the graph does not have, and cards without a text, are passed over; of
    /// several cards about one entity the first counts.
    public static func read(_ path: String, graph: KnowledgeGraph) throws(SynthesisError) -> [EntityIndex: String] {
        var definitions: [EntityIndex: String] = [:]
        for row in try DatasetFile.rows(path) {
            guard let text = row["text"]?.stringValue, !text.isEmpty else { continue }
            let id = (row["id"] ?? row["_id"])?.stringValue.flatMap { graph.index(id: $0) }
            guard let entity = id ?? row["title"]?.stringValue.flatMap({ graph.index(name: $0) }) else { continue }
            if definitions[entity] == nil { definitions[entity] = text }
        }
        return definitions
    }
}
