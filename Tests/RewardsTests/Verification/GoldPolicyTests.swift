import Primitives
import Testing

@testable import Rewards

/// What is wrong with a gold or its policy is said when it is loaded.
@Suite struct GoldPolicyTests {
    private func error(_ gold: Gold) -> String? {
        do {
            try gold.validate()
            return nil
        } catch {
            return error.description
        }
    }

    @Test func `an unknown field is named with the nearest one`() {
        let text = error(Gold(type: .number, value: "5", policy: ["tolerence": 0.1]))
        #expect(text?.contains("`tolerence`") == true)
        #expect(text?.contains("did you mean `tolerance`?") == true)
    }

    @Test func `a field of another type is unknown`() {
        #expect(error(Gold(type: .text, value: "x", policy: ["molar_mass": 180])) != nil)
    }

    @Test(arguments: [
        ("tolerance", JSONValue.string("much"), "a number"), ("decimals", 2.5, "an integer"),
        ("words", 1, "true or false"),
        ("separators", "french", "english"), ("answer_in", "somewhere", "boxed"),
    ])
    func `a value of the wrong kind is named with what was expected`(field: String, value: JSONValue, expected: String)
    {
        let text = error(Gold(type: .number, value: "5", policy: [field: value]))
        #expect(text?.contains("`\(field)`") == true)
        #expect(text?.contains(expected) == true, "\(text ?? "no error")")
    }

    @Test func `a gold without a canonical value is named with the reason`() {
        let text = error(Gold(type: .quantity, value: "5 zorks"))
        #expect(text?.contains("\"5 zorks\"") == true && text?.contains("unit") == true)
    }

    @Test func `unusable golds among several are passed over only where the policy says so`() throws {
        let gold = Gold(type: .latex, value: "", aliases: ["42"], policy: ["answer_in": "whole"])
        #expect(error(gold) != nil)
        var lenient = gold
        lenient.policy["skip_unusable_golds"] = true
        let prepared = try PreparedGold(lenient)
        #expect(AnswerVerifier().grade("42", against: prepared).verdict == .correct)
        lenient.aliases = []
        #expect(error(lenient) != nil)
    }

    @Test func `aliases may stand in the policy`() throws {
        let gold = Gold(type: .text, value: "aspirin", policy: ["aliases": ["ASA"], "answer_in": "whole"])
        #expect(AnswerVerifier().grade("asa", against: try PreparedGold(gold)).verdict == .correct)
    }

    @Test func `a policy survives storage`() throws {
        let gold = Gold(type: .quantity, value: "5 mmol/L", policy: ["molar_mass": 180.156, "tolerance": 0.1])
        #expect(try Gold(json: .parse(gold.json.text)) == gold)
    }

    @Test(arguments: [
        ("42", AnswerType.integer), ("3.5", .number), ("50%", .percent), ("yes", .boolean), ("B", .choice),
        ("5 mg", .quantity), ("2021-03-04", .date), ("NCT01234567", .identifier), (#"\frac{1}{2}"#, .latex),
        ("Crohn disease", .text), ("NM_004006.2:c.4375C>T", .variant), ("5-10 mg", .range), (#"{"a": 1}"#, .json),
        ("aspirin and heparin", .text),
    ])
    func `a gold without a type gets the type that it looks like`(gold: String, type: AnswerType) {
        #expect(TypeInference.type(of: gold) == type)
    }
}
