import Primitives
import Testing

@testable import Rewards

@Suite struct NumberPolicyTests {
    @Test(arguments: [
        ("european", "1.234,5", "2469/2"), ("european", "1.234", "1234"), ("european", "3,5", "7/2"),
        ("european", "12 345,5", "24691/2"), ("either", "1,234.5", "2469/2"), ("either", "1.234,5", "2469/2"),
        ("either", "1.5", "3/2"), ("either", "1,5", "3/2"), ("either", "1,234,567", "1234567"),
        ("either", "0,125", "1/8"),
        ("either", "1234.567", "1234567/1000"), ("guess", "1.299", "1299"), ("guess", "12,99", "1299/100"),
    ])
    func `separators`(style: String, text: String, canonical: String) throws {
        #expect(try NumberProbe.canonical(text, ["separators": .string(style)]) == canonical)
    }

    @Test(arguments: [
        ("european", "1,234.5"), ("european", "1.5"), ("either", "1,234"), ("either", "1.234"), ("either", "1,234,56"),
        ("english", "1.234,5"), ("english", "3,5"),
    ])
    func `other separators are refused, and numbers of two meanings`(style: String, text: String) throws {
        #expect(try NumberProbe.canonical(text, ["separators": .string(style)]) == nil)
    }

    @Test(arguments: [
        ("value", "50%", "1/2"), ("value", "50", "50"), ("value", "0.5", "1/2"), ("value", "50 percent", "1/2"),
        ("value", "fifty per cent", "1/2"), ("bare", "50%", "50"), ("bare", "50", "50"), ("bare", "0.5", "1/2"),
        ("required", "12.5 %", "1/8"), ("required", "\u{FF15}\u{FF10}\u{FF05}", "1/2"), ("forbidden", "50", "50"),
    ])
    func `a percent sign has one meaning`(policy: String, text: String, canonical: String) throws {
        #expect(try NumberProbe.canonical(text, ["percent": .string(policy)]) == canonical)
    }

    @Test(arguments: [
        ("required", "50"), ("required", "0.5"), ("forbidden", "50%"), ("value", "50% of"), ("bare", "% 50"),
    ])
    func `percent signs out of place`(policy: String, text: String) throws {
        #expect(try NumberProbe.canonical(text, ["percent": .string(policy)]) == nil)
    }

    @Test(arguments: ["$5", "5 $", "-$-5", "US$ 5", "5 USD", "EUR 5", "€5", "5 euros", "5"])
    func `currency is read only where the policy says so`(text: String) throws {
        let isPlain = text == "5"
        #expect(try NumberProbe.canonical(text) == (isPlain ? "5" : nil))
        #expect(try NumberProbe.canonical(text, ["currency": "optional"]) == (text == "-$-5" ? nil : "5"))
        #expect(try NumberProbe.canonical(text, ["currency": "required"]) == (isPlain || text == "-$-5" ? nil : "5"))
    }

    @Test func `a sign may stand before the currency`() throws {
        #expect(try NumberProbe.canonical("-$1,200.50", ["currency": "optional"]) == "-2401/2")
        #expect(try NumberProbe.canonical("5 cents", ["currency": "optional"]) == nil)
    }

    @Test(arguments: [("0x1F", "31"), ("0X1f", "31"), ("-0b101", "-5"), ("0o17", "15"), ("31", "31")])
    func `literals`(text: String, canonical: String) throws {
        #expect(try NumberProbe.canonical(text, ["literals": true]) == canonical)
    }

    @Test(arguments: [
        (16, "1F", "31"), (16, "0x1f", "31"), (2, "0101", "5"), (36, "z", "35"), (10, "12", "12"), (16, "-ff", "-255"),
    ])
    func `digits in a base`(base: Int, text: String, canonical: String) throws {
        #expect(try NumberProbe.canonical(text, ["base": .integer(Int64(base))]) == canonical)
    }

    @Test(arguments: [(2, "102"), (16, "1G"), (16, ""), (16, "1F 2"), (8, "0x1"), (16, "1.8")])
    func `other digits are refused`(base: Int, text: String) throws {
        #expect(try NumberProbe.canonical(text, ["base": .integer(Int64(base))]) == nil)
    }

    @Test func `options of style`() throws {
        #expect(try NumberProbe.canonical("(1,234)", ["parentheses": true]) == "-1234")
        #expect(try NumberProbe.canonical("(1,234", ["parentheses": true]) == nil)
        #expect(try NumberProbe.canonical("12 345", ["space_groups": true]) == "12345")
        #expect(try NumberProbe.canonical("3/4", ["fractions": false]) == nil)
        #expect(try NumberProbe.canonical("1.5k", ["suffixes": true]) == "1500")
        #expect(try NumberProbe.canonical("2bn", ["suffixes": true]) == "2000000000")
        #expect(try NumberProbe.canonical("five", ["words": false]) == nil)
    }

    @Test(arguments: [
        ("around 12 of them", "12"), ("x = -3.5 m", "-7/2"), ("IL-6", "6"), ("3-5", "3"), ("cost: $1,250.", "1250"),
        ("up 5 %", "1/20"),
    ])
    func `the first number of a text`(text: String, canonical: String) throws {
        #expect(try NumberProbe.canonical(text, ["text_around": "ignore"]) == canonical)
    }

    @Test(arguments: ["none", "", "-", "a.b"])
    func `a text without numbers`(text: String) throws {
        #expect(try NumberProbe.canonical(text, ["text_around": "ignore"]) == nil)
    }

    @Test(arguments: [
        JSONObject(dictionaryLiteral: ("separators", "french")), ["percent": "both"], ["tolerance": -1],
        ["decimals": 2, "significant_figures": 3], ["decimals": 2, "tolerance": 1], ["base": 1], ["base": 37],
        ["words": "yes"], ["significant_figures": 0], ["relative_tolerance": "a"], ["colour": "red"],
    ])
    func `policies that cannot be`(policy: JSONObject) throws {
        #expect(throws: RewardError.self) { try NumberProbe.reader(policy) }
    }
}
