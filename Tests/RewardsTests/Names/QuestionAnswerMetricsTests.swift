import Primitives
import Testing

@testable import Rewards

@Suite struct QuestionAnswerMetricsTests {
    private func score(_ name: String, _ gold: JSONValue, _ prediction: JSONValue) throws -> Double {
        let preset = try #require(GradingPreset.namePresets.first { $0.name == name })
        guard case .check(let check) = preset.method else {
            Issue.record("\(name) is no check")
            return .nan
        }
        return try check(GradingPreset.Subject(gold: gold, prediction: prediction))
    }

    @Test(arguments: [
        ("Paris", "<think>London?</think>Paris."), ("Paris", "<answer>the paris</answer>"),
        ("two words", "Two, words!"),
    ])
    func `exact match looks past thinking, tags, case and punctuation`(gold: String, prediction: String) throws {
        #expect(try score("qa_em_puzzle", .string(gold), .string(prediction)) == 1)
    }

    @Test(arguments: [
        ("A", ""), ("A", "<answer></answer>"), ("A", "the"), ("A", "."), ("Paris", "<think>Paris"), ("1.5", "15"),
        ("-5", "5"), ("hepatitis A", "hepatitis"), ("Paris", "<answer>Paris</answer><answer>London</answer>"),
    ])
    func `exact match rewards no empty and no lossy answer`(gold: String, prediction: String) throws {
        #expect(try score("qa_em_puzzle", .string(gold), .string(prediction)) == 0)
    }

    @Test func `a gold that nothing could match is an error`() {
        #expect(throws: AnswerProblem.self) { try score("qa_em_puzzle", "...", "x") }
        #expect(throws: AnswerProblem.self) { try score("qa_f1", [], "x") }
        #expect(throws: AnswerProblem.self) { try score("drop_spans", ["."], ["."]) }
    }

    @Test func `overlap of words`() throws {
        #expect(try score("qa_f1", "red blood cell", "red cell") == 0.8)
        #expect(try score("qa_f1", ["x y", "red cell"], "<answer>Red cell</answer>") == 1)
        #expect(try score("qa_f1", "red", "") == 0)
        #expect(try score("qa_f1", "red", "red red red") == 0.5)
        #expect(try score("metric_f1_score", "a b", "A b") == 0.5)
    }

    @Test func `stated numbers`() throws {
        #expect(try score("metric_expr_gold_metric", "42", "So the answer is 42.") == 1)
        #expect(try score("metric_expr_gold_metric", "42", "The answer is 42 or 43.") == 0)
        #expect(try score("metric_expr_gold_metric", "option 1", "option 2") == 0)
    }

    @Test(arguments: [
        ("7", "7.0", 1.0), ("red|blue", "blue|red", 1), ("red|blue", "red", 0.5), ("5 km", "6 km", 0),
        ("12-inch", "12 inch", 1), ("1,500", "1500", 1), ("1.5", "15", 0), ("-5", "5", 0), ("50%", "50", 0),
        ("a b|a c", "a c|a b", 1), ("x", "?", 0),
    ])
    func `lists of spans`(gold: String, prediction: String, expected: Double) throws {
        func list(_ text: String) -> JSONValue { .array(text.split(separator: "|").map { .string(String($0)) }) }
        #expect(try score("drop_spans", list(gold), list(prediction)) == expected)
    }

    @Test func `no spans score nothing`() throws {
        #expect(try score("drop_spans", ["x"], []) == 0)
        #expect(try score("drop_spans", ["x"], [""]) == 0)
    }

    @Test func `the alignment of spans is the best of all`() {
        var generator = NameGenerator(seed: 5)
        for _ in 0..<200 {
            let size = Int.random(in: 1...5, using: &generator)
            let scores = (0..<size).map { _ in
                (0..<size).map { _ in Double(Int.random(in: 0...4, using: &generator)) / 4 }
            }
            #expect(abs(SpanAlignment.bestSum(scores) - best(scores, [])) < 1e-9)
        }
    }

    private func best(_ scores: [[Double]], _ used: Set<Int>) -> Double {
        guard used.count < scores.count else { return 0 }
        return scores.indices.filter { !used.contains($0) }.map {
            scores[used.count][$0] + best(scores, used.union([$0]))
        }.max() ?? 0
    }
}
