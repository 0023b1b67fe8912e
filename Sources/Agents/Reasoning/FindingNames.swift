import Knowledge
import Primitives

/// Finds the entities that a text names among those that diseases are linked to.
///
/// Case, punctuation, plurals, British spelling and a type in parentheses ("arthritis (symptom)") do not count, so that
/// several entities may have one name; together they are one finding.
struct FindingNames: Sendable {
    private let graph: KnowledgeGraph
    private let entities: [String: [EntityIndex]]
    /// Every name with its words, for suggestions.
    private let names: [(name: String, words: Set<String>)]

    init(graph: KnowledgeGraph, findings: [EntityIndex]) {
        self.graph = graph
        var entities: [String: [EntityIndex]] = [:]
        var names: [(name: String, words: Set<String>)] = []
        for finding in findings {
            let entity = graph.entity(finding)
            for name in [entity.name] + entity.synonyms {
                let words = Self.words(Self.plainName(name, type: entity.type))
                let key = words.joined(separator: " ")
                if !(entities[key]?.contains(finding) ?? false) { entities[key, default: []].append(finding) }
                names.append((name, Set(words)))
            }
        }
        self.entities = entities
        self.names = names
    }

    /// The entities that a text names, ascending; those of the graph that no disease is linked to only where there is no
    /// other.
    func entities(named text: String) -> [EntityIndex] {
        let key = Self.words(text).joined(separator: " ")
        guard !key.isEmpty else { return [] }
        if let id = graph.index(id: text) { return [id] }
        var found = entities[key] ?? []
        if let exact = graph.index(name: text), !found.contains(exact) { found.append(exact) }
        return found.sorted()
    }

    /// Names like a text that is none, the likest first.
    func suggestions(for text: String) -> [String] {
        let words = Set(Self.words(text))
        let sharing = names.enumerated().compactMap { place, entry -> (score: Double, place: Int)? in
            let common = entry.words.intersection(words).count
            return common == 0 ? nil : (Double(common) / Double(entry.words.union(words).count), place)
        }
        if sharing.isEmpty { return NearestName.of(text.lowercased(), in: names.map(\.name)).map { [$0] } ?? [] }
        return sharing.sorted { (-$0.score, $0.place) < (-$1.score, $1.place) }.prefix(3).map { names[$0.place].name }
    }

    /// A name without the type that keeps it apart from others.
    static func plainName(_ name: String, type: String) -> String {
        let suffix = " (\(type))"
        return name.hasSuffix(suffix) ? String(name.dropLast(suffix.count)) : name
    }

    /// The words of a name, folded.
    static func words(_ name: String) -> [String] {
        var words: [String] = []
        for part in name.lowercased().split(whereSeparator: { !$0.isLetter && !$0.isNumber }) {
            if part == "s", !words.isEmpty { continue }
            var word = String(part)
            for (british, american) in [("oea", "ea"), ("ae", "e"), ("oe", "e")] where word.count > 4 {
                word.replace(british, with: american)
            }
            if word.count > 3, word.hasSuffix("s"), !word.hasSuffix("ss"), !word.hasSuffix("us"), !word.hasSuffix("is")
            {
                word.removeLast()
            }
            words.append(word)
        }
        return words
    }
}
