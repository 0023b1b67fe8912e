import Knowledge

/// Adds to a query the other names of the entities that it names.
///
/// An entity is named by the longest run of words that is, word by word after stemming, one of its names; runs do not
/// overlap. Each term of another name that the query lacks is added once, with a weight below that of the query's own words.
public struct SynonymExpansion: Sendable {
    /// What a term of a synonym weighs, where a word of the query weighs 1.
    public var weight: Double
    /// Other names of an entity beyond are not used.
    public var maximumNames: Int
    private let analyzer: TextAnalyzer
    private let entities: [String: [EntityIndex]]
    private let graph: KnowledgeGraph
    private let longestName: Int

    /// Names of more words are not looked for.
    private static let maximumWords = 8

    public init(
        graph: KnowledgeGraph, analyzer: TextAnalyzer = .english, weight: Double = 0.25, maximumNames: Int = 8
    ) {
        self.graph = graph
        self.analyzer = analyzer
        self.weight = weight
        self.maximumNames = maximumNames
        var entities: [String: [EntityIndex]] = [:]
        var longest = 0
        for index in graph.entities.indices {
            let entity = graph.entities[index]
            // A name without synonyms has nothing to add.
            guard !entity.synonyms.isEmpty else { continue }
            for name in [entity.name] + entity.synonyms {
                let words = analyzer.words(of: name)
                let key = words.joined(separator: " ")
                guard key.utf8.count >= 3, words.count <= Self.maximumWords else { continue }
                if entities[key]?.last != EntityIndex(index) { entities[key, default: []].append(EntityIndex(index)) }
                longest = max(longest, words.count)
            }
        }
        self.entities = entities
        longestName = longest
    }

    /// An entity that a query names, with the names that were added for it.
    public struct Match: Sendable, Hashable {
        public var entity: String
        public var added: [String]
    }

    /// The entities that a text names.
    public func matches(in text: String) -> [Match] {
        let words = analyzer.words(of: text)
        var matches: [Match] = []
        var start = 0
        while start < words.count {
            var length = min(longestName, words.count - start)
            while length > 0, entities[words[start..<start + length].joined(separator: " ")] == nil { length -= 1 }
            let named = words[start..<start + length].joined(separator: " ")
            for index in length > 0 ? entities[named] ?? [] : [] {
                let entity = graph.entity(index)
                let others = ([entity.name] + entity.synonyms).filter {
                    analyzer.words(of: $0).joined(separator: " ") != named
                }
                matches.append(Match(entity: entity.name, added: Array(others.prefix(maximumNames))))
            }
            start += max(length, 1)
        }
        return matches
    }

    /// The weighted terms that are added to those of a query.
    func terms(for text: String) -> [(term: [UInt8], weight: Double)] {
        var known = Set(analyzer.terms(of: text))
        var result: [(term: [UInt8], weight: Double)] = []
        for match in matches(in: text) {
            for name in match.added {
                for term in analyzer.terms(of: name) where known.insert(term).inserted {
                    result.append((term, weight))
                }
            }
        }
        return result
    }
}

extension TextAnalyzer {
    /// The words of a text without function words, each as its first term; joined words one by one.
    func words(of text: String) -> [String] {
        var words: [String] = []
        forEachWord(of: text) { word in
            guard !isCompound(word), let term = terms(ofWord: word).first else { return }
            words.append(String(decoding: term, as: UTF8.self))
        }
        return words
    }
}
