import Primitives

/// What a retriever reaches on judged queries.
public struct RetrievalEvaluation: Sendable {
    /// The names of measures with their means over the queries.
    public var means: [(name: String, value: Double)]
    public var queries: Int

    public subscript(name: String) -> Double? { means.first { $0.name == name }?.value }

    /// Searches for each query to `depth` and averages nDCG and the authority of the documents at `cutoff`, recall at
    /// `depth`, and the reciprocal rank and average precision of the whole list, as trec_eval names them.
    public init(
        _ retriever: MedicalRetriever, _ queries: [RelevanceJudgements.Query], cutoff: Int = 10, depth: Int = 100
    ) {
        var sums = [0.0, 0, 0, 0, 0]
        for query in queries {
            let ranking = retriever.rankedIdentifiers(query.text, limit: depth)
            let authorities = ranking.prefix(cutoff).compactMap {
                retriever.index.document(id: $0).map { retriever.authority(of: $0).score }
            }
            let values = [
                RankingMetrics.ndcg(ranking, grades: query.grades, depth: cutoff),
                RankingMetrics.recall(ranking, grades: query.grades, depth: depth),
                RankingMetrics.reciprocalRank(ranking, grades: query.grades),
                RankingMetrics.averagePrecision(ranking, grades: query.grades),
                authorities.isEmpty ? 0 : authorities.reduce(0, +) / Double(authorities.count),
            ]
            for index in sums.indices { sums[index] += values[index] }
        }
        self.queries = queries.count
        let names = ["ndcg_cut_\(cutoff)", "recall_\(depth)", "recip_rank", "map", "authority_\(cutoff)"]
        means = zip(names, sums).map { ($0, $1 / Double(max(queries.count, 1))) }
    }

    public var json: JSONValue {
        var object: JSONObject = ["queries": .integer(queries)]
        for mean in means { object[mean.name] = .number(mean.value) }
        return .object(object)
    }
}
