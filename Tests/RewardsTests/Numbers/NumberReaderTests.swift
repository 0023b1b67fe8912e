import Primitives
import Testing

@testable import Rewards

@Suite struct NumberReaderTests {
    @Test(arguments: [
        ("42", "42"), ("007", "7"), ("-0", "0"), ("+5", "5"), ("- 5", "-5"), ("\u{2212}5", "-5"), ("\u{2013}5", "-5"),
        (" 42. ", "42"), ("1,234,567", "1234567"), ("12'345", "12345"), ("12\u{2019}345", "12345"),
        ("12\u{202F}345", "12345"), ("12\u{A0}345", "12345"), ("\u{FF14}\u{FF12}", "42"), ("\u{664}\u{662}", "42"),
        ("\u{1D7DC}", "4"), ("999999999999999999", "999999999999999999"),
        ("-1000000000000000000", "-1000000000000000000"),
        ("123456789012345678901234567890", "123456789012345678901234567890"),
    ])
    func `integers`(text: String, canonical: String) throws {
        #expect(try NumberProbe.canonical(text) == canonical)
    }

    @Test(arguments: [
        ("0.50", "1/2"), (".5", "1/2"), ("-.5", "-1/2"), ("1,234.5", "2469/2"), ("1.000", "1"), ("5.0", "5"),
        ("0.0000001", "1/10000000"), ("\u{661}\u{66B}\u{665}", "3/2"), ("0.30000000000000000000", "3/10"),
    ])
    func `decimals are exact`(text: String, canonical: String) throws {
        #expect(try NumberProbe.canonical(text) == canonical)
    }

    @Test(arguments: [
        ("1.2e-5", "3/250000"), ("50e-2", "1/2"), ("1E3", "1000"), ("1e+3", "1000"), ("1.2×10^-5", "3/250000"),
        ("1.2 x 10\u{2075}", "120000"), ("2.48×10\u{2212}5", "31/1250000"), ("10^6", "1000000"), ("10\u{B2}", "100"),
        ("10\u{207B}\u{B3}", "1/1000"), ("10**3", "1000"), ("3 * 10^{2}", "300"), ("3\u{B7}10^(2)", "300"),
        ("-2 × 10^3", "-2000"), ("1e18", "1000000000000000000"), ("25e18", "25000000000000000000"),
    ])
    func `scientific notation`(text: String, canonical: String) throws {
        #expect(try NumberProbe.canonical(text) == canonical)
    }

    @Test(arguments: [
        ("3/4", "3/4"), ("6/8", "3/4"), ("-3/4", "-3/4"), ("3 / 4", "3/4"), ("3\u{2044}4", "3/4"), ("1 1/2", "3/2"),
        ("-1 1/2", "-3/2"), ("\u{BD}", "1/2"), ("2\u{BD}", "5/2"), ("2 \u{BD}", "5/2"), ("\u{2154}", "2/3"),
        ("\u{215E}", "7/8"), ("1,000/3", "1000/3"), ("8/4", "2"),
    ])
    func `fractions and mixed numbers`(text: String, canonical: String) throws {
        #expect(try NumberProbe.canonical(text) == canonical)
    }

    @Test(arguments: [
        "", " ", ".", "-", "+-5", "--5", "5 g", "5 kg", "$5", "42 or 43", "41-42", "41\u{2013}42", "4 2", "42 43",
        "100 200", "1,23", "12,34,567", "0,123", "1,234 567", "3,5", "1.234,5", "1..2", "1e", "2e3.5", "41=42", "5!",
        "2021-03-04", "3/4/2020", "1/0", "3/-4", "1 3/2", "x", "0x10", "inf", "nan", "Infinity", "5+0", "2*3", "3×10",
        "(5)", "1,", "1,2345", "5\u{B2}", "\u{664}2", "1 in 4", "42 apples", "answer: 42", "\u{221E}", "1\n2", "10-3",
        "the 5", "21st", "1.5k", "%", "50%%", "e5", "1__0", "\u{441}5",
    ])
    func `anything else is no number`(text: String) throws {
        #expect(try NumberProbe.canonical(text) == nil)
    }

    @Test(arguments: [
        "1e999999999", "1e-999999999", "10^10000", "1e99999999999999999999999999", String(repeating: "9", count: 5000),
        "1.2×10^5000", String(repeating: "1", count: 20_000),
    ])
    func `huge numbers meet the budget before any arithmetic`(text: String) throws {
        guard case .overBudget = try NumberProbe.problem(text) else {
            Issue.record("\(text.prefix(20)) was read")
            return
        }
    }

    @Test func `long numbers within the budget are exact`() throws {
        let digits = "1" + String(repeating: "9", count: 3000)
        #expect(try NumberProbe.canonical(digits + ".0") == digits)
        #expect(try NumberProbe.canonical("0." + digits) != NumberProbe.canonical("0." + digits + "1"))
    }

    @Test func `hidden characters are read over, and marks of direction are refused`() throws {
        #expect(try NumberProbe.canonical("4\u{200B}2\u{FEFF}") == "42")
        guard case .refused = try NumberProbe.problem("\u{202E}24") else {
            Issue.record("a right-to-left override was read")
            return
        }
    }

    @Test(arguments: [("5", "5"), ("5.0", "5"), ("1,000", "1000"), ("five", "5"), ("5e2", "500")])
    func `integers of their own type`(text: String, canonical: String) throws {
        #expect(try NumberProbe.canonical(text, type: .integer) == canonical)
    }

    @Test(arguments: ["5.5", "1/2", "4/2", "50%", "half", "200%"])
    func `fractions are no integers`(text: String) throws {
        #expect(try NumberProbe.canonical(text, type: .integer) == nil)
    }

    @Test(arguments: ["1/2", "\u{BD}", "five", "50%"])
    func `decimals are written in digits`(text: String) throws {
        #expect(try NumberProbe.canonical(text, type: .decimal) == nil)
    }

    @Test func `a problem says where reading stopped`() throws {
        #expect(
            try NumberProbe.problem("42 or 43")
                == .malformed("expected nothing after the number, found \u{201C} or 43\u{201D}", offset: 2))
    }
}
