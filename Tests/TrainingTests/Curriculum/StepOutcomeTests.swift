import Primitives
import Testing

@testable import Training

@Suite struct StepOutcomeTests {
    private let outcome = StepOutcome(
        step: 3,
        groups: [
            GroupOutcome(
                sampledStep: 3, place: 0, question: 17, attempts: 8, correct: 3, isInformative: true, wasShipped: true),
            GroupOutcome(
                sampledStep: 3, place: 1, question: 2, attempts: 7, correct: 7, isInformative: false, wasShipped: false),
        ])

    @Test func anOutcomeSurvivesStorage() throws {
        #expect(try StepOutcome(json: .parse(outcome.json.text)) == outcome)
    }

    @Test func theLineIsWhatReadersExpect() {
        #expect(
            outcome.json.text.hasPrefix(
                #"{"step":3,"groups":[{"sampled_step":3,"place":0,"question":17,"attempts":8,"correct":3,"#
                    + #""informative":true,"shipped":true},"#))
    }

    @Test(
        arguments: [
            ("correct", 9), ("correct", -1), ("attempts", "8"), ("question", -1), ("sampled_step", 0),
            ("place", 9_223_372_036_854_775_807), ("informative", 1), ("shipped", .null),
        ] as [(String, JSONValue)])
    func aDamagedGroupIsRefusedAndNamed(member: String, value: JSONValue) throws {
        var group = try #require(outcome.groups[0].json.objectValue)
        group[member] = value
        let line: JSONValue = ["step": 3, "groups": .array([outcome.groups[1].json, .object(group)])]
        let error = #expect(throws: JSONError.self) { try StepOutcome(json: line) }
        #expect(error?.description.contains("groups[1].\(member)") == true, "\(String(describing: error))")
    }

    @Test func rowsOutOfOrderAndUnknownQuestionsAreNoticed() {
        let first = StepOutcome(step: 1, groups: [])
        let second = StepOutcome(step: 2, groups: outcome.groups)
        #expect(StepOutcome.problem(in: [first, second], questionCount: 18) == nil)
        #expect(StepOutcome.problem(in: [first, second], questionCount: 17)?.contains("question 17 of 17") == true)
        #expect(StepOutcome.problem(in: [second], questionCount: 18)?.contains("row 1 is about step 2") == true)
    }
}
