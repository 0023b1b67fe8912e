/// Orders the best candidates of a search by `λ · relevance + (1 − λ) · authority`.
///
/// Relevance is the BM25 score brought to 0…1 within the pool (min–max); where all scores of the pool are the same, it is 1
/// for all. Only the pool is reordered: behind it the candidates keep their order. Ties go to the higher BM25 score, then to
/// the earlier candidate.
public struct AuthorityRanking: Sendable, Hashable {
    /// The weight of relevance against authority.
    public var lambda: Double
    /// How many candidates are reordered.
    public var poolSize: Int

    /// The λ that the MedResearcher paper is read as. It costs relevance where authority says nothing about it.
    public static let paperLambda = 0.4

    public init(lambda: Double = 0.8, poolSize: Int = 20) {
        self.lambda = lambda
        self.poolSize = poolSize
    }

    public struct Place: Sendable, Hashable {
        /// The candidate's position in the order of relevance.
        public var candidate: Int
        /// Relevance within the pool, from 0 to 1; `nil` behind it.
        public var relevance: Double?
        /// The final score; `nil` behind the pool.
        public var score: Double?
    }

    /// - Parameters:
    ///   - scores: of the candidates by descending BM25 score.
    ///   - authorities: from 0 to 1, one for each candidate of the pool at least.
    public func order(scores: [Double], authorities: [Double]) -> [Place] {
        let pool = min(max(poolSize, 0), scores.count, authorities.count)
        let (most, least) = (scores.first ?? 0, pool > 0 ? scores[pool - 1] : 0)
        var places = (0..<pool).map { index in
            let relevance = most > least ? (scores[index] - least) / (most - least) : 1
            return Place(
                candidate: index, relevance: relevance, score: lambda * relevance + (1 - lambda) * authorities[index])
        }
        places.sort { left, right in
            let (first, second) = (left.score ?? 0, right.score ?? 0)
            return first == second ? left.candidate < right.candidate : first > second
        }
        return places + (pool..<scores.count).map { Place(candidate: $0) }
    }
}
