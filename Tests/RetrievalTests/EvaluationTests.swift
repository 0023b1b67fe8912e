import Foundation
import Testing

@testable import Retrieval

@Suite struct EvaluationTests {
    private struct Case {
        var ranking: String
        var grades: [String: Int]
        /// ndcg_cut_3, ndcg_cut_10, recall_10, recall_100, recip_rank and map as pytrec_eval (terrier 0.5.11) gives them.
        var expected: [Double]
    }

    private static let cases = [
        Case(
            ranking: "baecdf", grades: ["a": 2, "b": 0, "c": 1, "d": 3, "x": 1],
            expected: [0.26499301486112564, 0.5494606972558563, 0.75, 0.75, 0.5, 0.4]),
        Case(ranking: "bcad", grades: ["a": 1], expected: [0.5, 0.5, 1, 1, 0.3333333333333333, 0.3333333333333333]),
        Case(ranking: "abc", grades: ["b": 0, "z": 1], expected: [0, 0, 0, 0, 0, 0]),
        Case(
            ranking: "yabzcdexfghwijk",
            grades: Dictionary(uniqueKeysWithValues: "abcdefghijkl".map { (String($0), 1) }),
            expected: [
                0.5307212739772434, 0.6156886473955918, 0.5833333333333334, 0.9166666666666666, 0.5, 0.6151237651237652,
            ]),
    ]

    @Test(arguments: cases.indices) func measuresEqualTrecEval(_ index: Int) {
        let (ranking, grades) = (Self.cases[index].ranking.map { String($0) }, Self.cases[index].grades)
        let values = [
            RankingMetrics.ndcg(ranking, grades: grades, depth: 3),
            RankingMetrics.ndcg(ranking, grades: grades, depth: 10),
            RankingMetrics.recall(ranking, grades: grades, depth: 10),
            RankingMetrics.recall(ranking, grades: grades, depth: 100),
            RankingMetrics.reciprocalRank(ranking, grades: grades),
            RankingMetrics.averagePrecision(ranking, grades: grades),
        ]
        for (value, expected) in zip(values, Self.cases[index].expected) { #expect(abs(value - expected) < 1e-12) }
    }

    private func judgements(queries: String, qrels: String) throws -> RelevanceJudgements {
        let folder = IndexDirectory()
        try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
        try queries.write(toFile: folder.path + "/q.jsonl", atomically: true, encoding: .utf8)
        try qrels.write(toFile: folder.path + "/r.tsv", atomically: true, encoding: .utf8)
        return try RelevanceJudgements(queries: folder.path + "/q.jsonl", qrels: folder.path + "/r.tsv")
    }

    @Test(arguments: ["query-id\tcorpus-id\tscore\n1\ta\t2\n3\tb\t1\n", "1 0 a 2\n3 0 b 1\n", "1\ta\t2\n3\tb\t1"])
    func judgementsAreReadInTheirLayouts(_ qrels: String) throws {
        let read = try judgements(
            queries: "{\"_id\": \"2\", \"text\": \"no\"}\n{\"id\": 1, \"query\": \"yes\"}\n", qrels: qrels)
        #expect(read.queries == [.init(id: "1", text: "yes", grades: ["a": 2])])
        #expect(read.missing == ["3"])
    }

    @Test func brokenJudgementsAreNamed() {
        for (queries, qrels, expected) in [
            ("{}", "1\ta\t1", "q.jsonl, line 1"), ("", "1\ta\t1\n1\tb\tx", "r.tsv, line 2"),
            ("", "1\ta", "r.tsv, line 1"),
        ] {
            let error = #expect(throws: RetrievalError.self) { try judgements(queries: queries, qrels: qrels) }
            #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
        }
    }

    private static let scifact = "/work/shared/data/retrieval/scifact"

    /// The whole way on real data; the release benchmark measures all of it.
    @Test(.enabled(if: FileManager.default.fileExists(atPath: scifact), "needs the SciFact files of ../shared"))
    func sciFactIsFound() throws {
        let reader = try RetrievalDocumentReader(path: Self.scifact + "/corpus.jsonl.zst")
        let folder = IndexDirectory()
        let writer = try IndexWriter.create(directory: folder.path)
        var count = 0
        while count < 300, let document = try reader.next() {
            try writer.add(document)
            count += 1
        }
        try writer.commit()
        let index = try RetrievalIndex(directory: folder.path)
        let judged = try RelevanceJudgements(
            queries: Self.scifact + "/queries_test.jsonl", qrels: Self.scifact + "/qrels_test.tsv")
        #expect(judged.queries.count == 300 && judged.missing.isEmpty)
        let queries = judged.queries.filter { $0.grades.keys.allSatisfy { index.document(id: $0) != nil } }
        #expect(queries.count > 5)
        let retriever = MedicalRetriever(index: index, ranking: AuthorityRanking(lambda: 1))
        let evaluation = RetrievalEvaluation(retriever, queries)
        #expect((evaluation["ndcg_cut_10"] ?? 0) > 0.8)
    }
}
