import Primitives
import Testing

@testable import Rewards

@Suite struct ChoiceProseTests {
    private func answer(_ text: String, _ options: [String] = []) -> String? {
        try? extracted(text, ["answer_in": "choice_prose", "strings": .array(options.map { .string($0) })]).get().text
    }

    @Test(arguments: [
        ("Final answer is B", "B"), ("The final answer is (C). I hope it is correct. A", "C"), ("Answer: B", "B"),
        ("So the answer is (B) Au.\n\nAnswer: D", "D"), ("The answer is for sure D, it can't be A or B", "D"),
        ("A. Because B is not valid", "A"), ("(C)", "C"), ("**D**", "D"), ("\\boxed{A}", "A"),
        ("Because B is valid", "B"),
        ("I rule out A, and then C remains", "C"), ("Answer: B, which is cold.", "B"), ("**Answer:** C", "C"),
        ("la réponse est C non A", "C"), ("\u{7B54}\u{6848}\u{662F}C", "C"), ("It is B!", "B"),
    ])
    func `the option with the highest rank wins`(text: String, expected: String) {
        #expect(answer(text) == expected)
    }

    @Test(arguments: [
        "", "No valid answer here", "Because", "ABC", "E", "a", "A or B", "the answer is A and B", "Answer: C/D", "DNA",
    ])
    func `no option or several are malformed`(text: String) {
        #expect(answer(text) == nil)
    }

    @Test func `the policy names the options`() {
        #expect(answer("The answer is U.", ["U"]) == "U")
        #expect(answer("The answer is yes, no doubt", ["yes", "no"]) == "yes")
        #expect(answer("The answer is A.", ["U"]) == nil)
    }
}
