import Primitives
import Testing

@testable import Rewards

@Suite struct ChoiceReaderTests {
    @Test(arguments: [
        "B", "b", "(B)", "B.", "b)", "[B]", "**B**", "option B", "Option (b)", "\\text{B}", "$B$", "(B).", "B:",
        "**(B)**", "\u{FF22}", "`B`", "Choice B.",
    ])
    func `one letter`(text: String) throws { #expect(try CollectionProbe(.choice).value(text).text == "B") }

    @Test(arguments: [
        "", "A or B", "AB", "A, B", "B: aspirin", "()", "1", "\u{412}", "(A) and (B)", "A B", "not B", "B?A", "\u{C9}",
    ])
    func `none or several`(text: String) throws {
        let probe = try CollectionProbe(.choice)
        #expect(throws: AnswerProblem.self) { try probe.value(text) }
    }

    private static let policy: JSONObject = ["options": ["aspirin", "Vitamin B12", "1.5", "-5"]]

    @Test(arguments: [
        ("vitamin  b12.", "B"), ("B. Vitamin B12", "B"), ("(b) vitamin b12", "B"), ("**B**: Vitamin B12", "B"),
        ("1.5", "C"),
        ("D) -5", "D"), ("-5", "D"), ("Option A: Aspirin", "A"), ("A", "A"), ("**A. aspirin**", "A"),
        ("A - aspirin", "A"),
    ])
    func `an option's text`(text: String, letter: String) throws {
        #expect(try CollectionProbe(.choice, Self.policy).value(text).text == letter)
    }

    @Test(arguments: [
        "15", "5", "A. Vitamin B12", "E", "vitamin", "aspirin or 1.5", "A and B", "A. x", "B Vitamin B12",
        "A. A. aspirin",
    ])
    func `another text, or a letter that disagrees with it`(text: String) throws {
        let probe = try CollectionProbe(.choice, Self.policy)
        #expect(throws: AnswerProblem.self) { try probe.value(text) }
    }

    @Test func `letters beyond the policy's`() throws {
        let probe = try CollectionProbe(.choice, ["letters": "A-D"])
        #expect(try probe.value("D").text == "D")
        #expect(throws: AnswerProblem.self) { try probe.value("E") }
    }

    @Test(
        arguments: [
            ["options": ["a", "A"]], ["options": []], ["options": ["B", "x"]], ["options": ["AB": "x"]],
            ["letters": 27],
            ["letters": "B-D"] as JSONObject,
        ] as [JSONObject])
    func `options that could not be told apart`(policy: JSONObject) {
        #expect(throws: RewardError.self) { _ = try CollectionProbe(.choice, policy) }
    }

    @Test func `a table of options`() throws {
        let probe = try CollectionProbe(.choice, ["options": ["A": "yes", "C": "no"]])
        #expect(try probe.value("No").text == "C")
        #expect(throws: AnswerProblem.self) { try probe.value("B") }
    }
}
