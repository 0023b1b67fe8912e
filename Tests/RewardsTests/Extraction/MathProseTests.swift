import Primitives
import Testing

@testable import Rewards

@Suite struct MathProseTests {
    private func answer(_ text: String, decimalComma: Bool = false) -> String? {
        try? extracted(
            text, ["answer_in": "math_prose", "thinking": "ignored", "decimal_comma": .bool(decimalComma)]
        ).get().text
    }

    @Test(arguments: [
        "1000", "-3", "1/2", "x^2+1", "\\frac{1}{2}", "2\\frac{1}{2}", "\\sqrt{2}", "(1, 2)", "[0,1)", "\\{1,2\\}",
        "x > 3", "x = 1 or x = 2", "odd", "12 cm", "5!", "\\gcd(3, 6)", "\\text{no real roots}", "x \\in [-2,7]",
        "1, 2, 3", "10^{-3}", "90^\\circ", "\\begin{pmatrix} 1 & 2 \\\\ 3 & 4 \\end{pmatrix}", "2π", "3 × 4",
    ])
    func `an expression alone is taken whole`(text: String) {
        #expect(answer(text) == text)
        #expect(answer("$\(text)$") == text)
        #expect(answer("So \\boxed{\(text)}.") == text)
    }

    @Test(arguments: [
        ("The final answer is $7$. I hope it is correct. No: \\boxed{8}", "7"),
        ("It is \\boxed{8}. Final answer: the final answer is $7$.", "7"),
        ("The final answer is 7, or \\boxed{8}", "8"), ("**Final Answer**\n\\boxed{9}", "9"),
        ("Answer: 4 and then 5 more words", "4"), ("The answer is $x = 5$, where $x$ is a length.", "x = 5"),
        ("The answer is 12, since $x=3$.", "12"), ("Answer: 3 + 4 = 7", "7"), ("**Answer:** 42", "42"),
        ("the answer is **5**", "5"), ("First 3, then 4.", "4"), ("We find $x = 3$ and are done", "x = 3"),
        ("So \\(a\\) is \\[ b + 1 \\]", "b + 1"), ("the price is $7.78", "7.78"),
        ("It costs $5 and then $7 more.", "7"),
        ("The rate is 0.5%", "0.5 \\%"), ("a probability of 3/8.", "3/8"), ("it is 1 000 000", "1000000"),
        ("it is 12,000,023", "12000023"), ("it is -5", "-5"), ("it is 100 - 30 = 70", "70"),
        ("is (1/2) * (4/3)", "(1/2) * (4/3)"),
        ("\u{7B54}\u{6848}\u{FF1A}5\u{5428}\u{FF0C}\u{4E0D}\u{662F}6", "5"), ("la réponse est 3 et non 4", "3"),
        ("est de **25%**.", "25 \\%"), ("= 300\u{5206}\u{949F}\u{3002}", "300"),
    ])
    func `the place with the highest rank wins`(text: String, expected: String) {
        #expect(answer(text) == expected)
    }

    @Test(arguments: [
        ("The answer is 42 or 43", "42,43"), ("it is 43 or 42", "43,42"), ("The answers are 1 and 2.", "1,2"),
        ("First 3, then 4.", "4"), ("**42**", "42"), ("= 42", "42"), ("3 apples and 4 pears", "4"),
    ])
    func `numbers that a conjunction joins are a list`(text: String, expected: String) {
        #expect(answer(text) == expected)
    }

    @Test(arguments: ["It is not 42", "The answer is not 42", "The answer isn't $42$", "not 42"])
    func `a denied answer is none`(text: String) {
        #expect(answer(text) == nil)
    }

    @Test(arguments: [
        ("\\boxed{1} and \\boxed{2}", "1,2"), ("$\\boxed{1}$, $\\boxed{2}$ and $\\boxed{3}$", "1,2,3"),
        ("\\boxed{1}\\boxed{2}", "1,2"), ("\\boxed{5} is right, so \\boxed{5}", "5"), ("\\boxed{5}\\boxed{5}", "5"),
        ("\\boxed{1}, which is wrong, but therefore \\boxed{2}", "2"), ("\\boxed{1} no no no no \\boxed{2}", "2"),
        ("\\boxed{x = 1} \\quad \\text{and} \\quad \\boxed{y = 2}", "x = 1,y = 2"), ("$1$ and $2$", "1,2"),
        ("$1$, $2$, or $3$", "1,2,3"), ("$1$ then $2$", "2"),
    ])
    func `neighbours make a list`(text: String, expected: String) {
        #expect(answer(text) == expected)
    }

    @Test(arguments: [
        "28%", "28 %", "28 percent", "28 pct", "$28$ %", "$28\\%$", "$\\boxed{28}$ percent", "\\boxed{28 percentage}",
        "\\boxed{28\\%}", "about 28 Percent",
    ])
    func `percent words become one sign`(text: String) {
        #expect(answer(text) == "28 \\%")
    }

    @Test(arguments: [
        ("\\boxed{4 + 5", "4 + 5"), ("\\\\boxed{\\\\frac{1}{2}}", "\\frac{1}{2}"),
        ("\\boxed{12 $ and $13 }", "12  and 13"),
        ("$x = 3.$", "x = 3"), ("\\boxed{7.}", "7"),
    ])
    func `damaged notation is mended`(text: String, expected: String) {
        #expect(answer(text) == expected)
    }

    @Test(arguments: [
        "", " ", "no answer here", "\\boxed{}", "$ $", "Answer $ \n 9 \n $", "Answer \\( \n 9 \n \\)", "<think>5",
    ])
    func `a text without an answer is malformed`(text: String) {
        #expect(answer(text) == nil)
    }

    @Test func `the box in closed thinking does not count`() {
        #expect(answer("<think>\\boxed{1}</think> it is \\boxed{2}") == "2")
        #expect(answer("\\boxed{1}</think> it is three") == nil)
    }

    @Test func `a comma is decimal by policy`() {
        #expect(answer("il vaut 1,234 en tout") == "1234")
        #expect(answer("il vaut 1,234 en tout", decimalComma: true) == "1.234")
        #expect(answer("il vaut 0,30 en tout") == "0.30")
    }

    @Test(arguments: [
        "\\boxed{1} and \\boxed{2}", "it is 28 percent", "The answer is $x = 5$.", "so 2/3", "it is 1 000",
    ])
    func `an answer is a fixed point`(text: String) throws {
        let first = try #require(answer(text))
        #expect(answer(first) == first)
    }
}
