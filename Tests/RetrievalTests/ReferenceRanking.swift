import Foundation

@testable import Retrieval

/// BM25 by the book over the analysed texts, without an index.
struct ReferenceRanking {
    var configuration: IndexConfiguration
    var documents: [RetrievalDocument]

    func scores(_ query: String) -> [String: Double] {
        let counted = documents.map { document -> [[UInt8]: Int] in
            var counts: [[UInt8]: Int] = [:]
            for field in configuration.fields(of: document) {
                for term in configuration.analyzer.terms(of: field.text) where field.weight > 0 {
                    counts[term, default: 0] += field.weight
                }
            }
            return counts
        }
        let lengths = counted.map { Double($0.values.reduce(0, +)) }
        let mean = lengths.reduce(0, +) / Double(max(documents.count, 1))
        var scores: [String: Double] = [:]
        for term in configuration.analyzer.terms(of: query) {
            let holding = Double(counted.count { $0[term] != nil })
            let weight = log(1 + (Double(documents.count) - holding + 0.5) / (holding + 0.5))
            for (index, counts) in counted.enumerated() {
                guard let count = counts[term] else { continue }
                let saturation = configuration.k1 * (1 - configuration.b + configuration.b * lengths[index] / mean)
                scores[documents[index].id, default: 0] +=
                    weight * (Double(count) / (Double(count) + saturation) + configuration.delta)
            }
        }
        return scores
    }
}
