import Testing

@testable import Rewards

@Suite struct TypedAnswerTests {
    /// The canonical text, or `nil` for a text that is no answer of the type.
    private func canonicalText(_ text: String, _ type: AnswerType) -> String? {
        try? PreparedGold(Gold(type: type, value: text), answerIn: "whole").canonical
    }

    @Test(arguments: [
        ("1,234,567", "1234567"), ("007", "7"), ("-0", "0"), ("+5", "5"), ("5.0", "5"), ("1e3", "1000"),
        ("\u{2212}5", "-5"), (" 42. ", "42"), ("\u{FF14}\u{FF12}", "42"), ("12\u{202F}345", "12345"),
        ("12'345", "12345"), ("4200e-2", "42"), ("1e20", "100000000000000000000"), ("10e19", "100000000000000000000"),
    ])
    func `integers are exact`(text: String, canonical: String) {
        #expect(canonicalText(text, .integer) == canonical)
    }

    @Test(arguments: [
        ("0.50", "1/2"), (".5", "1/2"), ("50e-2", "1/2"), ("1,234.5", "2469/2"), ("0.0000001", "1/10000000"),
        ("-0.000", "0"), ("12.340", "617/50"), ("120", "120"),
    ])
    func `decimals are exact`(text: String, canonical: String) {
        #expect(canonicalText(text, .decimal) == canonical)
    }

    @Test(arguments: [
        ("0.0000001", "0.0000002"), ("1e-20", "1e-21"), ("-5", "5"), ("1.5", "15"), ("0.33", "0.333"),
    ])
    func `different decimals stay different`(left: String, right: String) {
        #expect(canonicalText(left, .decimal) != canonicalText(right, .decimal))
    }

    @Test(arguments: [
        "5 g", "5 kg", "$5", "42 or 43", "42 43", "100 200", "1,23", "12,34,567", "0,123", "1,234 567",
        "3,5", "1.234,5", "1..2", "1e", "1e1234567", "--5", "", ".", "41=42", "5!", "2021-03-04", "\u{BD}",
        "x", "0x10", "inf", "nan", "5+0", "(5)", "1,", "1,2345",
    ])
    func `anything else is no number`(text: String) {
        #expect(canonicalText(text, .decimal) == nil)
        #expect(canonicalText(text, .integer) == nil)
    }

    @Test func `a fraction is no integer`() {
        #expect(canonicalText("5.5", .integer) == nil)
    }

    @Test func `long numbers stay exact, and longer ones are refused before any arithmetic`() throws {
        let digits = "1" + String(repeating: "9", count: 3000)
        #expect(canonicalText(digits + ".0", .integer) == digits)
        let gold = try PreparedGold(Gold(type: .integer, value: "1"), answerIn: "whole")
        let report = AnswerVerifier().grade(String(repeating: "9", count: 5000), against: gold)
        #expect(report.verdict == .overBudget)
    }

    @Test(arguments: [("Yes.", "true"), ("TRUE", "true"), ("no", "false"), ("False", "false")])
    func `booleans`(text: String, canonical: String) {
        #expect(canonicalText(text, .boolean) == canonical)
    }

    @Test(arguments: ["", "yes and no", "not sure", "y", "1", "yes no"])
    func `anything else is no boolean`(text: String) {
        #expect(canonicalText(text, .boolean) == nil)
    }

    @Test(arguments: ["B", "b", "(B)", "B.", "B)", "[b]", " B: "])
    func `one letter is a choice`(text: String) {
        #expect(canonicalText(text, .choice) == "B")
    }

    @Test(arguments: ["", "AB", "A or B", "A, B", "B: aspirin", "()", "1", "\u{C9}", "\u{412}"])
    func `anything else is no choice`(text: String) {
        #expect(canonicalText(text, .choice) == nil)
    }
}
