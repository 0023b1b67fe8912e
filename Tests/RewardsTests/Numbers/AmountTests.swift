import Primitives
import Testing

@testable import Rewards

@Suite struct AmountTests {
    private static let policy: JSONObject = ["separators": "guess", "currency": "optional", "text_around": "ignore"]

    @Test(arguments: [
        ("now only $12.95!", "259/20"), ("12,95 EUR", "259/20"), ("EUR 2.500", "2500"), ("2 500,10 Kč", "25001/10"),
        ("CHF 2'500.-", "2500"), ("1,250,000 ₫", "1250000"), ("12€50", "25/2"), ("7 € 25", "29/4"), ("7 € 250", "7"),
        ("8. 25", "33/4"), ("20% off: 15.00", "15"), ("from 5 to 9 €", "5"), ("$3 or $4", "3"), ("-$4.50", "-9/2"),
        ("was 12 - 10", "12"), ("Free shipping", "0"), ("1234.567", "1234567/1000"), ("0.125", "1/8"),
        ("1.234,567", "1234567/1000"), ("٣٥ دينار", "35"), ("$.99", "99/100"),
    ])
    func `amounts`(text: String, canonical: String) throws {
        #expect(try NumberProbe.canonical(text, Self.policy) == canonical)
    }

    @Test(arguments: ["", "sold out", "30%", "30 % off", "freedom", "€", "/"])
    func `texts without an amount`(text: String) throws {
        #expect(try NumberProbe.canonical(text, Self.policy) == nil)
    }
}

@Suite struct NumberPresetTests {
    @Test func `names are unique and policies are known`() throws {
        let presets = GradingPreset.numberPresets
        #expect(Set(presets.map(\.name)).count == presets.count)
        for preset in presets {
            guard case .answer(let type, let policy) = preset.method else { continue }
            var fields = PolicyFields(policy)
            _ = try NumberPolicy(&fields, type: type)
            if policy["answer_in"] == nil { try fields.finish() }
        }
    }

    @Test(arguments: [
        ("12", AnswerType.number), ("-0.5", .number), ("3/4", .number), ("True", .boolean), ("False", .boolean),
        ("(1.5, -2)", .latex), ("15.6°", .latex), ("3.0 - 2.0i", .latex), ("2*x**2 + C", .latex), ("$3/4$", .latex),
        ("Friday", .text), ("3b7", .text), ("one", .text), ("['a', 'b']", .list), ("", .text), ("11:47", .text),
    ])
    func `the form of the gold tells how an unknown task is graded`(gold: String, type: AnswerType) throws {
        guard case .answer(let answer, _) = GradingPreset.reasoningGym(gold: gold).method else {
            Issue.record("a check")
            return
        }
        #expect(answer == type)
    }
}
