import Foundation

/// Offers the tools whose names, purposes and keywords have most in common with the question and the queries so far.
///
/// The score is BM25 (Robertson and Zaragoza, "The Probabilistic Relevance Framework", 2009) with a tool as the document
/// and question and queries as the query, halved for each call of the tool that found nothing.
public struct RelevancePolicy: ToolSelectionPolicy, Hashable {
    private static let saturation = 1.2
    private static let lengthWeight = 0.75

    /// The most tools on offer.
    public var limit: Int

    public init(limit: Int = 4) { self.limit = max(1, limit) }

    public var name: String { "relevance" }

    public func selection(for state: ToolSelectionState) -> ToolSelection {
        let documents = state.tools.map { tool in
            Self.words(([tool.name, tool.purpose] + tool.keywords).joined(separator: " "))
        }
        var query: [String] = []
        for word in Self.words(([state.question] + state.calls.map(\.query)).joined(separator: " "))
        where !query.contains(word) { query.append(word) }
        let averageLength = max(1, Double(documents.reduce(0) { $0 + $1.count }) / Double(max(1, documents.count)))
        let weights = query.map { word in
            let count = Double(documents.count { $0.contains(word) })
            return log(1 + (Double(documents.count) - count + 0.5) / (count + 0.5))
        }
        let scores = state.tools.indices.map { place -> (score: Double, reason: String) in
            let document = documents[place]
            let length = 1 - Self.lengthWeight + Self.lengthWeight * Double(document.count) / averageLength
            var (score, matched): (Double, [String]) = (0, [])
            for (word, weight) in zip(query, weights) {
                let frequency = Double(document.count { $0 == word })
                guard frequency > 0 else { continue }
                score += weight * frequency * (Self.saturation + 1) / (frequency + Self.saturation * length)
                matched.append(word)
            }
            let vain = state.calls.count { $0.tool == state.tools[place].name && $0.outcome == .foundNothing }
            let reason = matched.isEmpty ? "no word in common" : "in common: \(matched.joined(separator: ", "))"
            return (
                score / Double(1 << min(vain, 30)), vain == 0 ? reason : "\(reason); found nothing \(vain) times"
            )
        }
        return ToolSelection(policy: name, tools: state.tools, scores: scores, limit: limit)
    }

    /// Words in lower case without plurals' endings and without those that say nothing of a subject.
    static func words(_ text: String) -> [String] {
        text.lowercased().split { !$0.isLetter && !$0.isNumber }.compactMap { part in
            var word = String(part)
            guard word.count > 1, !emptyWords.contains(word) else { return nil }
            if word.count > 3, word.hasSuffix("s"), !word.hasSuffix("ss"), !word.hasSuffix("us"), !word.hasSuffix("is")
            {
                word.removeLast()
            }
            return word
        }
    }

    private static let emptyWords: Set = [
        "an", "and", "are", "as", "at", "be", "been", "best", "but", "by", "can", "did", "do", "does", "each", "find",
        "for", "from", "had", "has", "have", "how", "if", "in", "into", "is", "it", "its", "may", "more", "most", "no",
        "not", "of", "on", "one", "or", "return", "returns", "search", "searches", "such", "tell", "than", "that",
        "the", "their", "them", "then", "there", "these", "they", "this", "to", "tool", "use", "used", "uses", "was",
        "were", "what", "when", "where", "which", "who", "whose", "why", "will", "with", "you", "your",
    ]
}
