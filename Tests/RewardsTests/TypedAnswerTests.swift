import Testing

@testable import Rewards

@Suite struct TypedAnswerTests {
    @Test(arguments: [
        ("1,234,567", "1234567"), ("007", "7"), ("-0", "0"), ("+5", "5"), ("5.0", "5"), ("1e3", "1000"),
        ("\u{2212}5", "-5"), (" 42. ", "42"), ("\u{FF14}\u{FF12}", "42"), ("12\u{202F}345", "12345"),
        ("12'345", "12345"), ("4200e-2", "42"), ("1e50", "1e50"), ("10e49", "1e50"),
    ])
    func `integers are exact`(text: String, canonical: String) {
        #expect(CanonicalForm(of: text, kind: .integer).value == canonical)
    }

    @Test(arguments: [
        ("0.50", "0.5"), (".5", "0.5"), ("50e-2", "0.5"), ("1,234.5", "1234.5"), ("0.0000001", "0.0000001"),
        ("-0.000", "0"), ("12.340", "12.34"), ("1e-60", "1e-60"), ("120", "120"),
    ])
    func `decimals are exact`(text: String, canonical: String) {
        #expect(CanonicalForm(of: text, kind: .decimal).value == canonical)
    }

    @Test(arguments: [
        ("0.0000001", "0.0000002"), ("1e-20", "1e-21"), ("-5", "5"), ("1.5", "15"), ("0.33", "0.333"),
    ])
    func `different decimals stay different`(left: String, right: String) {
        #expect(CanonicalForm(of: left, kind: .decimal).value != CanonicalForm(of: right, kind: .decimal).value)
    }

    @Test(arguments: [
        "5 g", "5 kg", "50%", "$5", "five", "42 or 43", "42 43", "100 200", "1,23", "12,34,567", "0,123", "1,234 567",
        "3,5", "1.234,5", "1..2", "1e", "1e1234567", "--5", "", ".", "41=42", "5!", "2021-03-04", "10\u{B2}", "\u{BD}",
        "x", "0x10", "inf", "nan", "5+0", "(5)", "1,", "1,2345",
    ])
    func `anything else is no number`(text: String) {
        #expect(CanonicalForm(of: text, kind: .decimal).value == nil)
        #expect(CanonicalForm(of: text, kind: .integer).value == nil)
    }

    @Test func `a fraction is no integer`() {
        #expect(CanonicalForm(of: "5.5", kind: .integer).value == nil)
    }

    @Test func `long numbers stay exact and cheap`() {
        let digits = "1" + String(repeating: "9", count: 10_000)
        let form = CanonicalForm(of: digits + ".0", kind: .integer)
        #expect(form.value == digits)
        #expect(form.operations < 4 * digits.count)
    }

    @Test(arguments: [("Yes.", "true"), ("TRUE", "true"), ("no", "false"), ("False", "false")])
    func `booleans`(text: String, canonical: String) {
        #expect(CanonicalForm(of: text, kind: .boolean).value == canonical)
    }

    @Test(arguments: ["", "yes and no", "not sure", "y", "1", "yes no"])
    func `anything else is no boolean`(text: String) {
        #expect(CanonicalForm(of: text, kind: .boolean).value == nil)
    }

    @Test(arguments: ["B", "b", "(B)", "B.", "B)", "[b]", " B: "])
    func `one letter is a choice`(text: String) {
        #expect(CanonicalForm(of: text, kind: .choice).value == "B")
    }

    @Test(arguments: ["", "AB", "A or B", "A, B", "B: aspirin", "()", "1", "\u{C9}", "\u{412}"])
    func `anything else is no choice`(text: String) {
        #expect(CanonicalForm(of: text, kind: .choice).value == nil)
    }
}
