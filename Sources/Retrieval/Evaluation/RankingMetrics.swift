import Foundation

/// The measures of trec_eval for one ranked list, with its conventions: gains are the grades themselves, discounted by
/// log₂(rank + 1); a document of grade 1 or more is relevant; unjudged ones are not.
public enum RankingMetrics {
    /// Normalised discounted cumulative gain at a depth (`ndcg_cut`), against the best order of all judged documents.
    public static func ndcg(_ ranking: [String], grades: [String: Int], depth: Int) -> Double {
        let ideal = gain(grades.values.sorted(by: >).prefix(depth))
        return ideal > 0 ? gain(ranking.prefix(depth).map { grades[$0] ?? 0 }[...]) / ideal : 0
    }

    /// The share of the relevant documents that are among the first (`recall`).
    public static func recall(_ ranking: [String], grades: [String: Int], depth: Int) -> Double {
        let relevant = grades.values.count { $0 >= 1 }
        guard relevant > 0 else { return 0 }
        return Double(ranking.prefix(depth).count { (grades[$0] ?? 0) >= 1 }) / Double(relevant)
    }

    /// One over the rank of the first relevant document (`recip_rank`).
    public static func reciprocalRank(_ ranking: [String], grades: [String: Int]) -> Double {
        ranking.firstIndex { (grades[$0] ?? 0) >= 1 }.map { 1 / Double($0 + 1) } ?? 0
    }

    /// The mean of the precisions at the ranks of the relevant documents (`map`).
    public static func averagePrecision(_ ranking: [String], grades: [String: Int]) -> Double {
        let relevant = grades.values.count { $0 >= 1 }
        guard relevant > 0 else { return 0 }
        var found = 0
        var sum = 0.0
        for (rank, id) in ranking.enumerated() where (grades[id] ?? 0) >= 1 {
            found += 1
            sum += Double(found) / Double(rank + 1)
        }
        return sum / Double(relevant)
    }

    private static func gain(_ grades: ArraySlice<Int>) -> Double {
        grades.enumerated().reduce(0) { sum, entry in
            sum + Double(max(entry.element, 0)) / log2(Double(entry.offset + 2))
        }
    }
}
