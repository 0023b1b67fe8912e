import Primitives
import Testing

@testable import Rewards

struct QuantityReaderTests {
    @Test(arguments: [
        ("5000 mg", "5 g"), ("37 °C", "310.15 K"), ("37 °C", "98.6 °F"), ("-40 °C", "-40 °F"), ("5 g", "5g"),
        ("1.5 mg/dL", "15 mg/L"), ("5 kIU/L", "5 IU/mL"), ("72 bpm", "72 beats per minute"), ("two meters", "2 m"),
        ("a gallon", "1 gal"), ("1/4 inch", "0.25 in"), ("two and a half miles", "2.5 mi"), ("$5", "5 dollars"),
        ("€10B", "10 billion euros"), ("$13,009 million", "$13009000000"), ("-$5", "$-5"), ("5 $/kg", "$5 per kg"),
        ("180 deg", "0.5 revolutions"), ("5 ft 10 in", "70 inches"),
        ("5'10\"", "70 in"), ("2 h 30 min", "150 minutes"), ("2h30min", "9000 s"), ("3 hours, 20 minutes", "200 min"),
        ("5 feet and 10 inches", "70 in"), ("half an hour", "30 min"), ("2 Nm", "2 N·m"),
        ("5 × 10^9/L", "5 x 10⁹ cells/L"), ("5×10⁹/L", "5000/µL"), ("250 K/µL", "250 10^3/uL"), ("7 %", "70000 ppm"),
        ("1 atm", "101.325 kPa"), ("0 °C", "32 °F"), ("1 dozen", "12"), ("$5\\,\\mathrm{mg}$", "5 mg"),
        ("5\\times 10^{-3}~\\text{kg}", "5 g"), ("pH 7.4", "7.4 pH"), ("12 U/L", "12 units/L"), ("US$5", "5 USD"),
        ("10 µg", "10 mcg"), ("5 mg.", "5 mg"), ("twenty-pound", "20 lb"), ("1 kWh", "3.6 MJ"),
    ])
    func findsEqualQuantities(_ left: String, _ right: String) throws {
        #expect(try QuantitySamples.isEqual(left, right))
        #expect(try QuantitySamples.isEqual(right, left))
    }

    @Test(arguments: [
        ("5 g", "5 kg"), ("5 mg", "5 µg"), ("2 h", "2 min"), ("12 cm", "12 mm"), ("5 IU", "5 U"), ("5 IU", "5 mg"),
        ("5 mmol/L", "5 mg/dL"), ("5 g", "5"), ("50%", "50"), ("50%", "0.5"), ("37 °C", "37 K"), ("37 °C", "37 °F"),
        ("$5", "€5"), ("5 Mg", "5 mg"), ("14 mGy", "14 mSv"), ("5", "-5"), ("5 mg/dL", "5 mg"), ("5 mEq/L", "5 mmol/L"),
        ("10 dB", "10"), ("120/80 mmHg", "80/120 mmHg"), ("120/80 mmHg", "1.5 mmHg"), ("5 gal", "5 imperial gallons"),
        ("1.005 g", "1.0050001 g"), ("180 deg", "3.14159265358979 rad"), ("20 lb", "£20"), ("5 ml", "5 Ml"),
    ])
    func keepsQuantitiesApart(_ left: String, _ right: String) throws {
        #expect(try !QuantitySamples.isEqual(left, right))
        #expect(try !QuantitySamples.isEqual(right, left))
    }

    @Test(arguments: [
        "", "mg", "5 or 6 mg", "5 mg or 6 mg", "5 mg, 6 mg", "5-10 mg", "5 to 10 mg", "5 ± 1 mg", "5 +/- 1 mg",
        "5 mg 3",
        "5 mg * 3", "5 foo", "about 5 mg", "5 mg mg mg and", "5 ft 10 ft", "5 ft -10 in", "5 kg 10 cm", "5 g 2000 mg",
        "$5 €",
        "$5 €5", "--5 mg", "-$-5", "(5 mg)", "5 = 5 mg", "5 mg = 5 mg", "\u{200B}5 mg", "5 мg", "10^10^10 m", "1/0 m",
        ">5 mg",
        "20 pounds sterling per", "5 mg of",
    ])
    func refusesOtherTexts(_ text: String) {
        #expect(throws: AnswerProblem.self) { try QuantitySamples.quantity(text) }
    }

    @Test func readsABloodPressureAsAPair() throws {
        let value = try QuantitySamples.quantity("120/80 mmHg")
        #expect(value.kind == .tuple)
        #expect(try QuantitySamples.isEqual("120/80 mmHg", "120/80 mm Hg"))
        #expect(try !QuantitySamples.isEqual("120/80 mmHg", "130/80 mmHg"))
    }

    @Test func writesCanonicalTexts() throws {
        #expect(try QuantitySamples.quantity("5 mg/dL").text == "50 m-3.g")
        #expect(try QuantitySamples.quantity("180 deg").text == "1·π rad")
        #expect(try QuantitySamples.quantity("5").text == "5 1")
        #expect(try QuantitySamples.quantity("0 deg").text == "0 rad")
        #expect(try QuantitySamples.quantity("1/3 U/L").text.hasSuffix("m-3.s-1.mol"))
    }

    @Test func assumesTheUnitOfThePolicy() throws {
        let policy = QuantitySamples.policy { $0.unit = try? QuantitySamples.unit("mg") }
        #expect(try QuantitySamples.isEqual("5 mg", "5", policy))
        #expect(try QuantitySamples.isEqual("5 mg", "0.005 g", policy))
        #expect(try !QuantitySamples.isEqual("5 mg", "5 g", policy))
    }

    @Test func requiresAUnitByPolicy() throws {
        let policy = QuantitySamples.policy { $0.requiresUnit = true }
        #expect(throws: AnswerProblem.self) { try QuantitySamples.quantity("5", policy) }
        #expect(try QuantitySamples.quantity("5 mg", policy).kind == .quantity)
    }

    @Test func convertsMolesWithAMolarMassOnly() throws {
        let glucose = QuantitySamples.policy { $0.molarMass = Rational(18016, 100) }
        #expect(try QuantitySamples.isEqual("5 mmol/L", "90.08 mg/dL", glucose))
        #expect(try !QuantitySamples.isEqual("5 mmol/L", "90 mg/dL", glucose))
        #expect(try !QuantitySamples.isEqual("5 mmol/L", "90.08 mg/dL"))
    }

    @Test func joinsPercentagesByPolicy() throws {
        let policy = QuantitySamples.policy { $0.joinsPercent = true }
        #expect(try QuantitySamples.isEqual("50 %", "0.5", policy))
        #expect(try QuantitySamples.isEqual("3 ppm", "0.000003", policy))
        #expect(try !QuantitySamples.isEqual("50 %", "50", policy))
    }

    @Test func comparesWithinSignificantFiguresOfTheGold() throws {
        let policy = QuantitySamples.policy { $0.number.rounding = .significantFigures(3) }
        #expect(try QuantitySamples.isEqual("0.160 m", "6.30 in", policy))
        #expect(try !QuantitySamples.isEqual("0.160 m", "6.33 in", policy))
        #expect(try QuantitySamples.isEqual("37.0 °C", "98.65 °F", policy))
        #expect(try !QuantitySamples.isEqual("37.0 °C", "98.7 °F", policy))
        #expect(try !QuantitySamples.isEqual("0.160 m", "0.160 s", policy))
        #expect(try !QuantitySamples.isEqual("0 m", "0.001 m", policy))
    }

    @Test func comparesWithinATolerance() throws {
        let absolute = QuantitySamples.policy { $0.number.tolerance = Rational(1, 10) }
        #expect(try QuantitySamples.isEqual("5 mg", "5.1 mg", absolute))
        #expect(try QuantitySamples.isEqual("5 mg", "5100 µg", absolute))
        #expect(try !QuantitySamples.isEqual("5 mg", "5.11 mg", absolute))
        let relative = QuantitySamples.policy { $0.number.relativeTolerance = Rational(1, 100) }
        #expect(try QuantitySamples.isEqual("180 deg", "3.14 rad", relative))
        #expect(try QuantitySamples.isEqual("100 g", "0.101 kg", relative))
        #expect(try !QuantitySamples.isEqual("100 g", "0.1011 kg", relative))
        #expect(try QuantitySamples.isEqual("120/80 mmHg", "121/80 mmHg", relative))
    }

    @Test func readsRunningTextUnderTheLenientPolicies() throws {
        let policy = QuantitySamples.policy {
            $0.range = .mean
            $0.uncertainty = .ignore
            $0.pounds = .byScale
            $0.number.style.parentheses = true
            $0.number.suffixes = true
        }
        #expect(try QuantitySamples.isEqual("12 m", "8- to 16-meter", policy))
        #expect(try QuantitySamples.isEqual("-39 °C", "-78-0 degrees Celsius", policy))
        #expect(try QuantitySamples.isEqual("2000.45 lb", "2,000.45±0.01 pounds", policy))
        #expect(try QuantitySamples.isEqual("£20000000", "20 million pounds", policy))
        #expect(try QuantitySamples.isEqual("-99.99 dollars", "($99.99)", policy))
        #expect(try QuantitySamples.isEqual("500 miles", "0.5k miles", policy))
        #expect(try QuantitySamples.isEqual("3000240", "three million, two hundred & forty", policy))
        for text in ["3 mg to 4 L", "1-1/4 inch", "4 to 3 L"] {
            #expect(throws: AnswerProblem.self) { try QuantitySamples.quantity(text, policy) }
        }
    }

    @Test func readsUCUMAloneByPolicy() throws {
        let policy = QuantitySamples.policy { $0.notation = .ucum }
        #expect(try QuantitySamples.isEqual("1 mm[Hg]", "0.1 cm[Hg]", policy))
        #expect(throws: AnswerProblem.self) { try QuantitySamples.quantity("1 mmHg", policy) }
    }

    @Test func readsItsPolicyFields() throws {
        var fields = PolicyFields([
            "unit": "mg", "unit_required": true, "molar_mass": 180.16, "dimensionless_percent": true,
            "uncertainty": "range", "range": "mean", "notation": "ucum", "significant_figures": 3, "pounds": "sterling",
        ])
        let policy = try QuantityPolicy(&fields)
        try fields.finish()
        #expect(policy.molarMass == Rational(18016, 100))
        #expect(policy.uncertainty == .range)
        for wrong: JSONObject in [["unit": "foo"], ["molar_mass": 0], ["range": "middle"]] {
            var fields = PolicyFields(wrong)
            #expect(throws: RewardError.self) { try QuantityPolicy(&fields) }
        }
    }
}
