import Primitives
import Testing

@testable import Rewards

@Suite struct AnswerVerifierTests {
    private let verifier = AnswerVerifier()
    private let aspirin = Gold(type: .entity, value: "Aspirin", aliases: ["acetylsalicylic acid"])

    @Test func `the right answer is correct and its bytes are reported`() throws {
        let text = "<think>\u{E9}</think>\n<answer> aspirin </answer>"
        let report = verifier.grade(finalText: text, gold: aspirin)
        #expect(report.verdict == .correct)
        #expect(report.canonicalGold == "aspirin")
        #expect(report.canonicalAnswer == "aspirin")
        #expect(report.guarantee == .exact)
        let span = try #require(report.span)
        #expect(String(decoding: Array(text.utf8)[span], as: UTF8.self) == " aspirin ")
    }

    @Test func `an alias is as right and is named`() {
        let report = verifier.grade(finalText: "<answer>Acetylsalicylic Acid</answer>", gold: aspirin)
        #expect(report.verdict == .correct)
        #expect(report.rules.contains("alias"))
    }

    @Test func `another answer is incorrect`() {
        #expect(verifier.grade(finalText: "<answer>ibuprofen</answer>", gold: aspirin).verdict == .incorrect)
    }

    @Test(arguments: [
        "", "aspirin", "<answer></answer>", "<answer> \n</answer>", "<answer>.</answer>",
        "<answer>\u{200B}</answer>", "<answer>aspirin", "aspirin</answer>", "</answer>aspirin<answer>",
        "<answer>aspirin</answer><answer>ibuprofen</answer>", "<answer>aspirin</answer> <answer>aspirin</answer>",
        "<answer><answer>aspirin</answer>", "<answer>aspirin</answer></answer>",
        "<think><answer>aspirin</answer></think>", "<think><answer>aspirin</answer>",
        "<think>a<think>b</think><answer>aspirin</answer>", "text <think>a</think><answer>aspirin</answer>",
        "<answer>aspirin</answer></think>", "a</think><answer>aspirin</answer>",
        "<think>a</think><think>b</think><answer>aspirin</answer>",
        "<tool_response><answer>aspirin</answer></tool_response>",
        "<tool_call>{}</tool_call><answer>aspirin</answer>", "<ANSWER>aspirin</ANSWER>", "<answer >aspirin</answer>",
        "&lt;answer>aspirin&lt;/answer>",
    ])
    func `attacks on the structure are malformed`(text: String) {
        let report = verifier.grade(finalText: text, gold: aspirin)
        #expect(report.verdict == .malformed)
        #expect(report.problem != nil)
    }

    @Test func `an answer in the thinking does not count beside one in the text`() {
        let text = "<think>maybe <answer>aspirin</answer></think><answer>ibuprofen</answer>"
        #expect(verifier.grade(finalText: text, gold: aspirin).verdict == .incorrect)
    }

    @Test(arguments: [
        (AnswerType.integer, "42", "42 or 43"), (.integer, "42", "41=42"), (.integer, "120", "5!"),
        (.decimal, "5", "5 g"), (.boolean, "yes", "yes/no"), (.choice, "A", "A and B"), (.choice, "A", "the"),
    ])
    func `an answer of another type is malformed`(type: AnswerType, gold: String, answer: String) {
        let report = verifier.grade(finalText: "<answer>\(answer)</answer>", gold: Gold(type: type, value: gold))
        #expect(report.verdict == .malformed)
    }

    @Test(arguments: ["", "the", "a ", ".", "an"])
    func `an empty answer or an article never equals the gold A`(answer: String) {
        let report = verifier.grade(finalText: "<answer>\(answer)</answer>", gold: Gold(type: .text, value: "A"))
        #expect((report.verdict == .correct) == (answer == "a "))
    }

    @Test(arguments: [
        Gold(type: .entity, value: ""), Gold(type: .entity, value: " . "), Gold(type: .integer, value: "5 g"),
        Gold(type: .choice, value: "AB"), Gold(type: .boolean, value: "maybe"),
        Gold(type: .entity, value: "aspirin", aliases: ["\u{200B}"]),
    ])
    func `a gold without canonical form is found at load and never graded`(gold: Gold) {
        #expect(throws: RewardError.self) { try gold.validate() }
        let report = verifier.grade(finalText: "<answer>aspirin</answer>", gold: gold)
        #expect(report.verdict == .goldError)
        #expect(!report.verdict.trains)
    }

    @Test func `a usable gold validates`() throws {
        try aspirin.validate()
        try Gold(type: .decimal, value: "0.5").validate()
    }

    @Test func `an answer beyond the bound is not read`() {
        let text = "<answer>" + String(repeating: "a", count: 16385) + "</answer>"
        let report = verifier.grade(finalText: text, gold: aspirin)
        #expect(report.verdict == .overBudget)
        #expect(!report.verdict.trains)
        #expect(report.span == 8..<16393)
    }

    @Test(arguments: ["<answer>", "</answer>", "<", "<answe", "<think>", "<tool_respons", "a", "\u{1F600}", "</"])
    func `the cost is linear in the text, whatever it holds`(unit: String) {
        let small = String(repeating: unit, count: 2000)
        let cost = { (text: String) in verifier.grade(finalText: text, gold: aspirin).operations }
        #expect(cost(small + small + small + small) <= 4 * cost(small))
        #expect(cost(small) <= 20 * small.utf8.count + 1000)
    }

    @Test func `equality is symmetric and transitive over spellings`() {
        let texts = [
            "50%", "50", "0.5", "A", "the A", "Crohn's", "crohn", "the Crohn", "IL-6", "il\u{2011}6", "\u{FF21}", "x.",
        ]
        let equal = { (left: String, right: String) in
            verifier.grade(finalText: "<answer>\(left)</answer>", gold: Gold(type: .text, value: right)).verdict
                == .correct
        }
        for left in texts {
            #expect(equal(left, left))
            for right in texts {
                #expect(equal(left, right) == equal(right, left))
                for third in texts where equal(left, right) && equal(right, third) { #expect(equal(left, third)) }
            }
        }
    }

    @Test func `reports survive storage`() throws {
        let texts = ["<answer>Aspirin.</answer>", "<answer>", "<answer>x</answer>"]
        for text in texts {
            let report = verifier.grade(finalText: text, gold: aspirin)
            #expect(try VerdictReport(json: .parse(report.json.text)) == report)
        }
        #expect(try Gold(json: .parse(aspirin.json.text)) == aspirin)
    }

    @Test func `a damaged record is named`() {
        let error = #expect(throws: JSONError.self) { try Gold(json: .object(["type": "potion"])) }
        #expect(error?.description.contains("type") == true)
        #expect(error?.description.contains("entity, text, number") == true)
    }
}
