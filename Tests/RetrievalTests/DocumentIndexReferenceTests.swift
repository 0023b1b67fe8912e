import Foundation
import Primitives
import Testing

@testable import Retrieval

/// The index in memory against the same formula in the same arithmetic, posting by posting: equal to the last bit, so that
/// what training runs found before stays what they find.
@Suite struct DocumentIndexReferenceTests {
    @Test(arguments: 0..<12) func everyScoreIsTheSameToTheLastBit(_ seed: Int) {
        var random = CounterRandom(seed: UInt64(seed), stage: .worlds)
        let documents = (0..<30).map { number in
            Document(
                id: "\(random.integer(below: 100))-\(number)", title: RandomCorpus.text(&random, maximum: 2),
                text: RandomCorpus.text(&random, maximum: 15))
        }
        let index = DocumentIndex(documents: documents)
        for _ in 0..<10 {
            let query = RandomCorpus.text(&random, maximum: 4)
            let expected = reference(index.documents, query)
            for limit in [0, 1, 3, 100] {
                let found = index.search(query, limit: limit)
                #expect(found.map(\.document.id) == expected.prefix(limit).map(\.id))
                #expect(found.map(\.score) == expected.prefix(limit).map { Double($0.score) })
            }
        }
    }

    private func reference(_ documents: [Document], _ query: String) -> [(id: String, score: Float)] {
        let counts = documents.map { document in
            WordScanner.words(of: document.title).reduce(
                into: WordScanner.words(of: document.text).reduce(into: [String: Int]()) { $0[$1, default: 0] += 1 }
            ) { $0[$1, default: 0] += 3 }
        }
        let lengths = counts.map { Double($0.values.reduce(0, +)) }
        let mean = lengths.reduce(0, +) / Double(documents.count)
        var scores = [Float](repeating: 0, count: documents.count)
        for word in WordScanner.words(of: query) {
            let holding = Double(counts.count { $0[word] != nil })
            let weight = log(1 + (Double(documents.count) - holding + 0.5) / (holding + 0.5))
            for (position, counts) in counts.enumerated() {
                guard let count = counts[word].map(Double.init) else { continue }
                let saturation = 0.9 * (1 - 0.4 + 0.4 * (lengths[position] / mean))
                scores[position] += Float(weight * count / (count + saturation))
            }
        }
        func folded(_ text: String) -> String {
            text.lowercased().split(whereSeparator: \.isWhitespace).joined(separator: " ")
        }
        let titled = documents.indices.filter { folded(documents[$0].title) == folded(query) }
        let others = documents.indices.filter { scores[$0] > 0 && !titled.contains($0) }
            .sorted { (scores[$0], $1) > (scores[$1], $0) }
        return (titled + others).map { (documents[$0].id, scores[$0]) }
    }
}
