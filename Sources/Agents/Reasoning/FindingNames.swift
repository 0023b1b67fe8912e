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

    /// Up to three names like a text that is none, the likest first: the one with the fewest letters to change among names
    /// with a word that begins alike, then those with most words in common.
    func suggestions(for text: String) -> [String] {
        let words = Set(Self.words(text))
        let beginnings = Set(words.map { $0.prefix(3) })
        var similar: [String] = []
        var sharing: [(score: Double, place: Int)] = []
        for (place, entry) in names.enumerated() {
            let common = entry.words.intersection(words).count
            if common > 0 { sharing.append((Double(common) / Double(entry.words.union(words).count), place)) }
            if similar.count < 2000, entry.words.contains(where: { beginnings.contains($0.prefix(3)) }) {
                similar.append(entry.name)
            }
        }
        var suggestions = NearestName.of(text, in: similar).map { [$0] } ?? []
        for entry in sharing.sorted(by: { (-$0.score, $0.place) < (-$1.score, $1.place) })
        where !suggestions.contains(names[entry.place].name) {
            if suggestions.count == 3 { break }
            suggestions.append(names[entry.place].name)
        }
        return suggestions
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
