import Primitives
import Testing

@testable import Rewards

@Suite struct RubricJudgeTests {
    private static let criteria = [
        RubricCriterion(id: "a", text: "names the dose", points: 5),
        RubricCriterion(id: "b", text: "warns of bleeding", points: 3),
        RubricCriterion(id: "c", text: "invents a source", points: -4),
    ]

    private static let canary = RubricCanary(
        name: "known", question: RubricQuestion(question: "q", answer: "KNOWN", criteria: criteria),
        met: [true, false, false])

    private static func reply(_ met: [(String, String)]) -> String {
        let elements = met.map { "{\"id\": \"\($0.0)\", \"met\": \($0.1), \"reason\": \"\"}" }
        return "{\"criteria\": [\(elements.joined(separator: ", "))]}"
    }

    private static func judge(_ other: String) throws -> RubricJudge {
        let model = ScriptedModel { user in
            user.contains("\"KNOWN\"") ? reply([("a", "true"), ("b", "false"), ("c", "false")]) : other
        }
        return try RubricJudge(model: model, modelName: "m", canaries: [canary], hash: testHash)
    }

    private static let question = RubricQuestion(question: "q", answer: "75 mg", criteria: criteria)

    @Test(arguments: [
        ("true", "true", "false", 1.0), ("true", "false", "true", 0.125), ("false", "false", "true", -0.5),
        ("false", "false", "false", 0),
    ])
    func `the score is the points met over the positive points`(
        a: String, b: String, c: String, score: Double
    ) async throws {
        let judge = try Self.judge(Self.reply([("c", c), ("a", a), ("b", b)]))
        let judgement = try await judge.judge([Self.question])[0]
        #expect(judgement.score == score)
        #expect(judgement.met == [a == "true", b == "true", c == "true"])
    }

    @Test(arguments: [
        [("a", "true"), ("b", "true")], [("a", "true"), ("b", "true"), ("c", "true"), ("a", "true")],
        [("a", "true"), ("b", "true"), ("d", "true")], [("a", "1"), ("b", "true"), ("c", "true")],
        [("a", "\"true\""), ("b", "true"), ("c", "true")], [],
    ])
    func `missing, repeated and unknown criteria are errors`(met: [(String, String)]) async throws {
        let judge = try Self.judge(Self.reply(met))
        await #expect(throws: JudgeError.self) { try await judge.judge([Self.question]) }
    }

    @Test(arguments: [
        [], [RubricCriterion(id: "a", text: "", points: -1)], [RubricCriterion(id: "a", text: "", points: .infinity)],
        [RubricCriterion(id: "a", text: "", points: 1), RubricCriterion(id: "a", text: "x", points: 1)],
    ])
    func `a rubric that cannot be scored is refused`(criteria: [RubricCriterion]) async throws {
        let judge = try Self.judge("")
        await #expect(throws: JudgeError.self) {
            try await judge.judge([RubricQuestion(question: "q", answer: "a", criteria: criteria)])
        }
    }
}
