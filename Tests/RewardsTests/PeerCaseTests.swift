import Primitives
import Testing

@testable import Rewards

/// Cases of other projects' test suites, where their rule and ours answer the same question.
@Suite(.enabled(if: SharedCases.isPresent, "the reward cases are not beside the repository"))
struct PeerCaseTests {
    private let verifier = AnswerVerifier()

    @Test func `SkyRL: exact match of tagged answers`() throws {
        let rows = try SharedCases.rows("skyrl_gym").filter { $0.type == "qa_em_answer_tag" }
        #expect(rows.count >= 6)
        for row in rows {
            let text = try #require(row.prediction.stringValue)
            let gold = Gold(kind: .entity, value: try #require(row.gold.stringValue))
            let isCorrect = verifier.grade(finalText: text, gold: gold).verdict == .correct
            #expect(isCorrect == row.expected.boolValue, "\(text)")
        }
    }

    @Test func `SkyRL: extraction of the answer tag`() throws {
        let rows = try SharedCases.rows("skyrl_gym").filter {
            $0.type == "tag_extract" && $0.note["test"]?.stringValue == "test_extract_solution"
        }
        #expect(rows.count >= 3)
        for row in rows {
            let bytes = Array(try #require(row.prediction.stringValue).utf8)
            let span = AnswerExtractor(bytes).span
            #expect(span.map { String(decoding: bytes[$0], as: UTF8.self) } == row.gold.stringValue)
        }
    }

    @Test func `TRL: one thinking block, first and closed`() throws {
        let rows = try SharedCases.rows("trl_openr1_format").filter { row in
            row.type == "format_think" && row.prediction.stringValue?.contains("think>") == true
        }
        #expect(rows.count >= 4)
        for row in rows {
            let text = try #require(row.prediction.stringValue) + "<answer>x</answer>"
            let isGradable = AnswerExtractor(Array(text.utf8)).span != nil
            #expect(isGradable == row.expected.boolValue, "\(text)")
        }
    }

    @Test func `Search-R1: the parts rank episodes alike`() throws {
        let rows = try SharedCases.rows("composite_rewards").filter {
            $0.type == "composite_search_r1" && $0.prediction["retrieval_correct"]?.boolValue == false
                && $0.prediction["answer_present"]?.boolValue == true
        }
        #expect(rows.count >= 3)
        let scores = try rows.map { row in
            let answer = row.prediction["exact_match"]?.boolValue == true ? "aspirin" : "ibuprofen"
            let violations = row.prediction["valid_format"]?.boolValue == true ? [] : ["invalid"]
            let score = CompositeReward().score(
                input: RewardInput(
                    finalText: "<answer>\(answer)</answer>", gold: Gold(kind: .entity, value: "aspirin"),
                    formatViolations: violations, endedWithAnswer: true, toolCallCount: 1, expectedToolCalls: 1))
            return (theirs: try #require(row.expected.doubleValue), ours: score.total)
        }
        for left in scores {
            for right in scores where left.theirs > right.theirs { #expect(left.ours > right.ours) }
        }
    }
}
