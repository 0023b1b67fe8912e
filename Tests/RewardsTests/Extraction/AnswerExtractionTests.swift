import Primitives
import Testing

@testable import Rewards

/// Extraction for the tests: the answer's text, or the problem.
func extracted(
    _ text: String, _ policy: JSONObject = [:], authored: [Range<Int>]? = nil
) throws -> Result<ExtractedAnswer, AnswerProblem> {
    var fields = PolicyFields(policy)
    let extraction = try AnswerExtraction(&fields)
    try fields.finish()
    var work = Work()
    do throws(AnswerProblem) {
        return .success(try extraction.extract(Array(text.utf8), authored: authored, work: &work))
    } catch {
        return .failure(error)
    }
}

@Suite struct AnswerExtractionTests {
    private func answer(_ text: String, _ policy: JSONObject = [:]) throws -> String? {
        try? extracted(text, policy).get().text
    }

    @Test(arguments: [
        ("<answer>aspirin</answer>", "aspirin"), ("<think>x</think>\n<answer> a b </answer>", " a b "),
        ("<think>\u{E9} <answer>no</answer></think><answer>yes</answer>", "yes"),
        ("  <think>x</think> so <answer>7</answer> done", "7"), ("aspirin", "aspirin"), ("  42\n", "42"),
        ("<think>x</think>42", "42"), ("<think>x</think>It is \\boxed{42}.", "42"), ("\\boxed{a}", "a"),
        ("<answer>\\boxed{\\frac{1}{2}}</answer>", "\\frac{1}{2}"), ("a < b", "a < b"),
        ("<think>\\boxed{1}</think>\\boxed{2}", "2"),
    ])
    func `the automatic place follows the structure`(text: String, expected: String) throws {
        #expect(try answer(text) == expected)
    }

    @Test(arguments: [
        "", " \n", "<answer></answer>", "<answer> \n</answer>", "<answer>a", "a</answer>", "</answer>a<answer>",
        "<answer>a</answer><answer>b</answer>", "<answer>a</answer> <answer>a</answer>",
        "<answer><answer>a</answer>", "<answer>a</answer></answer>", "<think><answer>a</answer></think>",
        "<think><answer>a</answer>", "<think>a<think>b</think><answer>a</answer>",
        "text <think>a</think><answer>a</answer>", "<answer>a</answer></think>", "a</think><answer>a</answer>",
        "<think>a</think><think>b</think><answer>a</answer>", "<tool_response><answer>a</answer></tool_response>",
        "<tool_call>{}</tool_call><answer>a</answer>", "<think>", "</think>", "<think>x</think>",
        "<think>x</think>\\boxed{1} \\boxed{2}", "<think>x</think>\\boxed{1", "<answer>\\boxed{}</answer>",
    ])
    func `a broken structure is malformed`(text: String) throws {
        #expect(throws: AnswerProblem.self) { try extracted(text).get() }
    }

    @Test(arguments: [
        "", "a", "<answer></answer>", "<answer>a", "a</answer>", "<answer>a</answer><answer>b</answer>",
        "<think>a</think>", "<tool_call>{}</tool_call><answer>a</answer>", "<ANSWER>a</ANSWER>",
        "<answer >a</answer>", "&lt;answer>a&lt;/answer>",
    ])
    func `the tag of agent episodes is as strict`(text: String) throws {
        #expect(throws: AnswerProblem.self) { try extracted(text, ["answer_in": "tag:answer"]).get() }
    }

    @Test func `the span counts bytes of the whole text`() throws {
        let text = "<think>\u{E9}</think>\n<answer> aspirin </answer>"
        let found = try extracted(text, ["answer_in": "tag:answer"]).get()
        #expect(String(decoding: Array(text.utf8)[found.span], as: UTF8.self) == " aspirin ")
    }

    @Test(arguments: [
        ("<think>a", 0), ("x <think>a</think>", 2), ("<think>a</think><think>", 16),
        ("<answer>a</answer><answer>b</answer>", 26), ("<think>a</think></answer>", 16), ("<answer>a", 0),
    ])
    func `a problem names its byte`(text: String, offset: Int) throws {
        guard case .failure(.malformed(_, let found)) = try extracted(text) else {
            Issue.record("the text is taken")
            return
        }
        #expect(found == offset)
    }

    @Test(
        arguments: [
            ("optional", "a", "a"), ("optional", "<think>t</think>a", "a"), ("optional", "t</think>a", nil),
            ("required", "a", nil), ("required", "<think>t</think>a", "a"), ("required", "t</think>a", nil),
            ("prefilled", "a", nil), ("prefilled", "t</think>a", "a"), ("prefilled", "<think>t</think>a", nil),
            ("prefilled", "t</think>a</think>", nil), ("forbidden", "a", "a"), ("forbidden", "<think>t</think>a", nil),
            ("ignored", "a", "a"), ("ignored", "t</think>a", "a"), ("ignored", "<think>t</think>u</think>a", "a"),
            ("ignored", "<think>t", nil), ("ignored", "t</think>a<think>", nil),
        ] as [(String, String, String?)])
    func `the rule for thinking is kept`(rule: String, text: String, expected: String?) throws {
        #expect(try answer(text, ["thinking": .string(rule), "answer_in": "whole"]) == expected)
    }

    @Test(
        arguments: [
            ("boxed", "so \\boxed{x}", "x"), ("boxed", "\\boxed{\\frac{1}{2}}", "\\frac{1}{2}"),
            ("boxed", "\\boxed{\\{1\\}}", "\\{1\\}"), ("boxed", "\\fbox{a}", "a"),
            ("boxed", "\\boxed{\\boxed{3}}", "\\boxed{3}"),
            ("boxed", "x", nil), ("boxed", "\\boxed{a} \\boxed{b}", nil), ("boxed", "\\boxed{a", nil),
            ("boxed", "\\boxed{}", nil),
            ("boxed", "\\boxed 7", "7"), ("boxed", "\\boxedx{7}", nil),
            ("tag:final", "<final>a</final>", "a"), ("tag:final", "<answer>a</answer>", nil),
            ("tag:final", "<final>a</final><final>b</final>", nil),
            ("final_answer", "Reasons.\nFinal answer: 42", "42"), ("final_answer", "**The final answer is 42.**", "42"),
            ("final_answer", "The answer is: x = 1\n\n", "x = 1"), ("final_answer", "Answer: a\nAnswer: b", nil),
            ("final_answer", "Answer: a\nbecause of b", nil), ("final_answer", "answers vary", nil),
            ("final_answer", "Answer:", nil),
            ("hashes", "so\n#### 1,234", "1,234"), ("hashes", "The answer is #### 42", "42"), ("hashes", "### 42", nil),
            ("hashes", "#### 1\n#### 2", nil), ("hashes", "##### 5", nil), ("hashes", "#### 1 #### 2", nil),
            ("json:dose", "{\"dose\": \"5 mg\"}", "5 mg"),
            ("json:dose", "Sure: {\"drug\": \"a\", \"dose\": 1.50}", "1.50"),
            ("json:dose", "{\"dose\": \"a \\\"b\\\" \\u00e9\"}", "a \"b\" \u{E9}"),
            ("json:dose", "{\"x\": {\"dose\": 1}}", nil),
            ("json:dose", "{\"dose\": 1} {\"dose\": 2}", nil), ("json:dose", "{\"dose\": null}", nil),
            ("json:dose", "{\"dose\": [1, \"}\"]}", "[1, \"}\"]"), ("json:dose", "\\frac{1}{2} {\"dose\": 1}", "1"),
            ("json:dose", "{'dose': 1}", nil), ("json:dose", "{\"dose\": 1", nil),
            (
                "tool_call:answer", "<tool_call>{\"name\": \"finish\", \"arguments\": {\"answer\": \"b\"}}</tool_call>",
                "b"
            ),
            ("tool_call:answer", "<tool_call>{\"name\": \"finish\", \"arguments\": {}}</tool_call>", nil),
            ("tool_call:answer", "<tool_call>{\"answer\": \"b\"}</tool_call>", nil), ("tool_call:answer", "b", nil),
            ("tool_call:answer", "<tool_call>{\"arguments\": {\"answer\": \"b\"}}", nil),
            ("last_number", "first 3, then -3.5", "-3.5"), ("last_number", "H2O and x2", nil),
            ("last_number", "1,234.5 in all", "1234.5"),
            ("last_number", "5 %", "5%"), ("whole", " a\nb ", "a\nb"), ("whole", "<answer>a</answer>", nil),
        ] as [(String, String, String?)])
    func `each place is found or refused`(place: String, text: String, expected: String?) throws {
        #expect(try answer(text, ["answer_in": .string(place)]) == expected)
    }

    @Test(arguments: [
        ("boxed", "\\boxed{a} no, \\boxed{b}", "b"), ("tag:answer", "<answer>a</answer><answer>b</answer>", "b"),
        ("hashes", "#### 1\n#### 2", "2"), ("final_answer", "Answer: a\nAnswer: b", "b"),
        ("json:d", "{\"d\": 1} {\"d\": 2}", "2"),
    ])
    func `the last candidate counts where the policy says so`(place: String, text: String, expected: String) throws {
        #expect(try answer(text, ["answer_in": .string(place), "candidates": "last"]) == expected)
        #expect(try answer(text, ["answer_in": .string(place)]) == nil)
    }

    @Test func `what others wrote is neither graded nor a nuisance`() throws {
        let mine = "<answer>a</answer>"
        let tool = "<answer>b</answer></think><think>"
        let text = tool + mine + tool
        let range = tool.utf8.count..<tool.utf8.count + mine.utf8.count
        #expect(try extracted(text, authored: [range]).get().text == "a")
        #expect(throws: AnswerProblem.self) { try extracted(text).get() }
        #expect(throws: AnswerProblem.self) { try extracted(tool, authored: []).get() }
    }

    @Test(arguments: ["automatic", "tag:answer", "whole", "boxed", "math_prose"])
    func `an answer that others wrote in part is refused`(place: String) throws {
        let pieces = ["<answer>\\boxed{", "42", "}</answer>"]
        let text = pieces.joined()
        let first = pieces[0].utf8.count
        let authored = [0..<first, first + 2..<text.utf8.count]
        #expect(throws: AnswerProblem.self) {
            try extracted(text, ["answer_in": .string(place)], authored: authored).get()
        }
    }

    @Test(arguments: [[5..<400], [0..<3, 2..<9], [9..<9], [], [-4..<2]])
    func `authored ranges beyond the text do no harm`(authored: [Range<Int>]) throws {
        _ = try extracted("<answer>a</answer>", authored: authored)
    }

    @Test(arguments: ["tag:", "tag:a>b", "json:", "box", "", "tool_call"])
    func `an unknown place is refused by name`(place: String) {
        let error = #expect(throws: RewardError.self) { try extracted("a", ["answer_in": .string(place)]) }
        #expect(error?.description.contains("answer_in") == true)
    }

    @Test(arguments: ["<think>t</think>\\boxed{3}", "3"])
    func `an answer is a fixed point of the extraction from golds`(text: String) throws {
        var work = Work()
        let first = try extracted(text, ["answer_in": "boxed", "thinking": "ignored"])
        guard case .success(let answer) = first else { return }
        let extraction = AnswerExtraction(place: .boxed)
        #expect(try extraction.extractGold(answer.bytes, work: &work).bytes == answer.bytes)
    }
}
