import Foundation
import Knowledge
import Primitives
import Retrieval

/// What can be known of a question's difficulty without a model.
public struct DifficultyFeatures: Sendable, Hashable {
    /// The number of steps of the whole description.
    public var constraints: Int
    /// The steps from the answer to the farthest name.
    public var depth: Int
    /// `Σ log₂` of the number of entities that fit each described thing on the way: how much has to be tried.
    public var searchBits: Double
    /// The place of the first passage that names the answer when the question itself is the query, from 1; `nil` beyond
    /// the limit of the search.
    public var retrievalRank: Int?
    /// Names that were made less exact.
    public var blurredNames: Int

    public init(constraints: Int, depth: Int, searchBits: Double, retrievalRank: Int?, blurredNames: Int) {
        self.constraints = constraints
        self.depth = depth
        self.searchBits = searchBits
        self.retrievalRank = retrievalRank
        self.blurredNames = blurredNames
    }

    /// - Parameter limit: so many passages are looked at for the answer.
    public init(of draft: QuestionDraft, graph: KnowledgeGraph, index: DocumentIndex, limit: Int = 50) {
        constraints = draft.description.constraintCount
        depth = draft.description.depth
        let profile = draft.description.searchProfile(in: graph)
        searchBits = profile.bits
        blurredNames = profile.blurred
        let answer = graph.entity(draft.answer)
        let passages = index.search(draft.text, limit: limit)
        retrievalRank = passages.firstIndex { passage in
            let text = NameLeak(text: passage.document.title + "\n" + passage.text)
            return ([answer.name] + answer.synonyms).contains { text.contains($0) }
        }.map { $0 + 1 }
    }

    /// What the score weighs: a constant, further constraints, search bits, the logarithm of the rank (a rank that is not
    /// found counts as `missingRank`), blurred names.
    var vector: [Double] {
        [
            1, Double(max(0, constraints - 1)), searchBits, log2(Double(retrievalRank ?? Self.missingRank)),
            Double(blurredNames),
        ]
    }

    static let missingRank = 128

    public var json: JSONValue {
        [
            "constraints": .integer(constraints), "depth": .integer(depth), "search_bits": .number(searchBits),
            "retrieval_rank": retrievalRank.map { .integer($0) } ?? .null, "blurred_names": .integer(blurredNames),
        ]
    }
}

extension EntityDescription {
    /// The search bits and blurred names of the tree; the answer itself counts too.
    fileprivate func searchProfile(in graph: KnowledgeGraph) -> (bits: Double, blurred: Int) {
        switch self {
        case .named: return (0, 0)
        case .blurred(_, let members): return (log2(Double(max(1, members.count))), 1)
        case .constrained(let constraints):
            var profile = (bits: log2(Double(max(1, denotation(in: graph).count))), blurred: 0)
            for constraint in constraints {
                let inner = constraint.source.searchProfile(in: graph)
                profile.bits += inner.bits
                profile.blurred += inner.blurred
            }
            return profile
        }
    }
}
