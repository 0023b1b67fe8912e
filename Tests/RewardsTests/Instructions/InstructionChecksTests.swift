import Primitives
import Testing

@testable import Rewards

@Suite struct InstructionChecksTests {
    private func passes(_ name: String, _ arguments: JSONValue, _ text: String) throws -> Bool {
        let preset = try #require(GradingPresets.named("instruction_" + name))
        guard case .check(let check) = preset.method else { return false }
        return try check(GradingPreset.Subject(gold: arguments, prediction: .string(text))) == 1
    }

    @Test(
        arguments: [
            ("verify_keywords", ["keyword_list": ["Alpha", "beta"]], "alpha and BETA", "alpha only"),
            ("verify_keyword_frequency", ["word": "cat", "N": 2], "Cat, cat! cats", "cat"),
            ("validate_forbidden_words", ["forbidden_words": ["bad"]], "good", "A Bad one"),
            ("verify_letter_frequency", ["letter": "l", "N": 3], "hello world", "hello"),
            (
                "validate_word_constraint", ["N": 40, "quantifier": "around"], String(repeating: "w ", count: 44),
                "w w w"
            ),
            (
                "verify_sentence_constraint", ["N": 2, "quantifier": "at most"], "One, e.g. this. Dr. Two",
                "A b. C d. E f."
            ),
            ("verify_paragraph_count", ["N": 2], "a\n* * *\nb", "a\n* * *\n"),
            ("validate_paragraphs", ["N": 2, "first_word": "Then", "i": 2], "First\n\n Then", "Then\n\nFirst"),
            ("verify_postscript", ["postscript_marker": "P.S."], "Text P.S. more", "Text P.S."),
            ("validate_placeholders", ["N": 2], "[a] and [b]", "[] and [ ] and [a]"),
            ("verify_bullet_points", ["N": 2], "* a\n - b\ntext", "**a**\n* b"),
            ("validate_title", [:], "x <<Title>>", "x <<>>"),
            ("validate_highlighted_sections", ["N": 2], "*a* and **b**", "**** *a*"),
            (
                "validate_sections", ["N": 2, "section_splitter": "Section"], "section 1 x SECTION 2 y",
                "Section one Section 2"
            ),
            ("validate_two_responses", [:], "a ****** b", "a ****** a"),
            ("validate_json_format", [:], "{\"a\": 1}", "{a: 1}"),
            ("validate_repeat_prompt", ["original_prompt": "Say hi"], "Say hi: hi", "Say hi"),
            ("validate_uppercase", [:], "ABC É", "ABc"), ("validate_lowercase", [:], "abc", "abC"),
            ("validate_end", ["end_phrase": "the end"], "this is the end", "the end."),
            ("validate_quotation", [:], "\"a\"", "\""), ("validate_no_commas", [:], "a", "a, b"),
            ("validate_choice", ["options": ["yes", "yes, but"]], "I say: yes, but", "eyes"),
            ("validate_choice", ["options": ["red", "blue"]], "red", "red or blue"),
            ("validate_frequency_capital_words", ["n": 1, "quantifier": "at least"], "A b", "Ab 1A"),
        ] as [(String, JSONValue, String, String)])
    func `each check passes and fails`(name: String, arguments: JSONValue, right: String, wrong: String) throws {
        #expect(try passes(name, arguments, right))
        #expect(try !passes(name, arguments, wrong))
        #expect(try !passes(name, arguments, " \n"))
    }

    @Test(arguments: [
        (5, 4, true), (5, 6, true), (5, 3, false), (40, 36, true), (40, 35, false), (25, 23, true), (25, 22, false),
    ])
    func `around is a tenth and at least one`(number: Int, count: Int, isNear: Bool) throws {
        let text = String(repeating: "w ", count: count)
        #expect(
            try passes("validate_word_constraint", ["N": .integer(Int64(number)), "quantifier": "around"], text)
                == isNear)
    }

    @Test func `missing arguments are an error and no zero`() {
        #expect(throws: AnswerProblem.self) { try passes("verify_keywords", [:], "text") }
        #expect(throws: AnswerProblem.self) {
            try passes("validate_word_constraint", ["N": 1, "quantifier": "about"], "t")
        }
    }
}
