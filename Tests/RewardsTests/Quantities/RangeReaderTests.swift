import Testing

@testable import Rewards

struct RangeReaderTests {
    @Test(arguments: [
        ("5–10", "5 to 10"), ("5-10", "[5, 10]"), ("5-10 mg", "5 to 10 mg"), ("between 5 and 10", "from 5 to 10"),
        ("5 - 10 mg", "5 mg to 10 mg"), ("5 mg–0.01 g", "5–10 mg"), ("≥5", "at least 5"), ("≥ 5", "5 or more"),
        (">5", "more than 5"),
        (">=5", "[5, ∞)"), ("<0.5", "less than 0.5"), ("<= 0.5 mg", "at most 500 µg"), ("up to 10 mL", "≤10 cc"),
        ("no more than 3", "≤ 3"), ("65+", "≥65"), ("[5, 10)", "[5,10)"), ("(5,10]", "]5; 10]"), ("(-∞, 5)", "<5"),
        ("5.0 to 10.0 mg/dL", "[50, 100] mg/L"), ("$5–10", "$5 to $10"), ("36.1 to 37.2 °C", "309.25-310.35 K"),
        ("-5 to -2", "-5–-2"), ("8- to 16-meter", "8 to 16 m"), ("two to three weeks", "14 to 21 days"),
        ("[1,000, 2,000]", "1000-2000"),
        ("$\\geq 5$", "≥5"), ("1e-3 to 1e-2 g", "1–10 mg"), ("10 s-1 - 20 s-1", "10-20 Hz"),
        ("over 65 years", ">65 years"),
        ("between 3 ft and 1 yd", "3–3 ft"),
    ])
    func findsEqualRanges(_ left: String, _ right: String) throws {
        #expect(try QuantitySamples.range(left) == QuantitySamples.range(right))
    }

    @Test(arguments: [
        (">5", "≥5"), ("<5", "≤5"), ("[5, 10)", "[5, 10]"), ("(5, 10)", "[5, 10]"), ("5–10", "5–11"),
        ("5–10 mg", "5–10 g"),
        ("5–10", "5–10 mg"), (">5", "<5"), ("≥5", "5–10"), ("-5 to 2", "2 to 5"),
    ])
    func keepsRangesApart(_ left: String, _ right: String) throws {
        #expect(try QuantitySamples.range(left) != QuantitySamples.range(right))
    }

    @Test(arguments: [
        "", "5", "5 mg", "10–5", "10 to 5 mg", "(5, 5]", "5–", "–5–", "> ", "5–10–15", "5 to 10 or 15", "[5, 10",
        "[5 10]",
        "[5, 10, 15]", "[5, ∞]", "5 mg to 10 s", "between 5 to 10", "5 and 10", "7.5±2.5", "1 g to 10 mg", "> 5 or < 3",
        ">5 <10",
        "at least", "5 to ten thousand foo",
    ])
    func refusesOtherTexts(_ text: String) {
        #expect(throws: AnswerProblem.self) { try QuantitySamples.range(text) }
    }

    @Test func readsPlusMinusByPolicy() throws {
        let policy = QuantitySamples.policy { $0.uncertainty = .range }
        #expect(try QuantitySamples.range("7.5±2.5 mg", policy) == QuantitySamples.range("5–10 mg", policy))
        #expect(throws: AnswerProblem.self) { try QuantitySamples.range("7.5±-2.5", policy) }
    }

    @Test func assumesTheUnitOfThePolicy() throws {
        let policy = QuantitySamples.policy { $0.unit = try? QuantitySamples.unit("mg") }
        #expect(try QuantitySamples.range("5–10", policy) == QuantitySamples.range("5–10 mg", policy))
    }

    @Test func comparesEndsWithinATolerance() throws {
        let policy = QuantitySamples.policy { $0.number.tolerance = Rational(1, 10) }
        let reader = RangeReader(policy: policy)
        func isEqual(_ gold: String, _ prediction: String) throws -> Bool {
            var work = Work()
            return try reader.compare(
                gold: QuantitySamples.range(gold, policy), prediction: QuantitySamples.range(prediction, policy),
                work: &work
            ).isEqual
        }
        #expect(try isEqual("5–10 mg", "5.1–9.9 mg"))
        #expect(try !isEqual("5–10 mg", "5.2–10 mg"))
        #expect(try !isEqual("[5, 10] mg", "(5, 10] mg"))
        #expect(try !isEqual("≥5 mg", "≤5 mg"))
    }

    @Test func writesCanonicalTexts() throws {
        #expect(try QuantitySamples.range("5–10 mg").text == "[1/200, 1/100] g")
        #expect(try QuantitySamples.range("<5").text == "(-∞, 5) 1")
    }

    @Test func survivesRandomTexts() {
        var generator = SampleGenerator(seed: 11)
        let words = [
            "5", "10", " to ", "-", "–", "[", "]", "(", ")", ",", ";", "mg", " ", "∞", ">", "≤", "at least ",
            "between ", " and ",
            "±", "$", "+", "\\", "1e5", "é", "half",
        ]
        for _ in 0..<20_000 {
            let text = (0..<Int.random(in: 0...9, using: &generator)).map { _ in words.randomElement(using: &generator)!
            }
            _ = try? QuantitySamples.range(text.joined())
            _ = try? QuantitySamples.quantity(text.joined(), QuantitySamples.policy { $0.range = .mean })
        }
    }
}
