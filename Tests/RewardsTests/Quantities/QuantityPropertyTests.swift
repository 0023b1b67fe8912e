import Testing

@testable import Rewards

struct QuantityPropertyTests {
    private static let kinds: [[String]] = [
        ["g", "mg", "µg", "kg", "lb", "oz", "stone", "tonnes", "grains"],
        ["m", "cm", "in", "ft", "miles", "nmi", "fathoms", "light-years"],
        ["mL", "L", "cc", "gal", "cups", "teaspoons", "cubic inches", "barrels"],
        ["°C", "°F", "K", "degrees Rankine", "degrees Réaumur"],
        ["Pa", "mmHg", "cmH2O", "psi", "atm", "bar", "torr"],
        ["deg", "rad", "revolutions", "gon", "arcminutes"],
        ["J", "kcal", "kWh", "eV", "BTU", "erg"],
        ["IU", "mIU", "kIU"], ["dollars", "cents"], ["%", "ppm", "ppb"],
    ]

    @Test(arguments: kinds)
    func convertsThereAndBackExactly(_ units: [String]) throws {
        var generator = SampleGenerator(seed: 5)
        let policy = QuantityPolicy()
        for _ in 0..<50 {
            let value = Rational(Int.random(in: -99_999...99_999, using: &generator), 1000)!
            for (from, to) in zip(units, units.shuffled(using: &generator)) {
                let (left, right) = (try QuantitySamples.unit(from), try QuantitySamples.unit(to))
                guard left.piPower == right.piPower else { continue }
                let base = value * left.scale + left.offset
                let converted = ((base - right.offset) / right.scale)!
                let first = try Quantity(value, in: left, policy: policy)
                let second = try Quantity(converted, in: right, policy: policy)
                #expect(first == second)
                #expect(((converted * right.scale + right.offset - left.offset) / left.scale)! == value)
            }
        }
    }

    @Test(arguments: kinds)
    func comparesSymmetricallyAndTransitively(_ units: [String]) throws {
        var generator = SampleGenerator(seed: 9)
        var values: [CanonicalValue] = []
        for unit in units {
            for _ in 0..<4 {
                values.append(try QuantitySamples.quantity("\(Int.random(in: 0...3, using: &generator)) \(unit)"))
            }
        }
        for one in values {
            #expect(one == one)
            for other in values {
                #expect((one == other) == (other == one))
                guard one == other else { continue }
                #expect(one.hashValue == other.hashValue)
                for third in values where other == third { #expect(one == third) }
            }
        }
    }

    @Test(arguments: [
        "5 mg/dL", "37 °C", "98.6 °F", "180 deg", "$5", "7.4 pH", "120 mmHg", "5 IU/mL", "3.5–4.0 TeV", "12",
    ])
    func readsTheSameTextToTheSameValue(_ text: String) throws {
        let policy = QuantitySamples.policy { $0.range = .mean }
        #expect(try QuantitySamples.quantity(text, policy) == QuantitySamples.quantity(text, policy))
    }

    @Test func boundsLongTexts() {
        let texts = [
            String(repeating: "9", count: 5000) + " mg", "5 " + String(repeating: "m ", count: 8000),
            "5 " + String(repeating: "(", count: 16000), "5 " + String(repeating: "[", count: 16000),
            "5 " + String(repeating: "m-", count: 8000), String(repeating: "5-", count: 8000),
            "5 " + String(repeating: "{", count: 16000), String(repeating: "5 ft ", count: 3000),
            "[" + String(repeating: "1,", count: 8000) + "]", "5 m" + String(repeating: "9", count: 9000),
            "5" + String(repeating: " to 5", count: 3000), "1e4000 Ym60",
        ]
        for text in texts {
            #expect(throws: AnswerProblem.self) { try QuantitySamples.quantity(text) }
            #expect(throws: AnswerProblem.self) { try QuantitySamples.range(text) }
        }
    }

    @Test func keepsTheTablesOfNamesWhole() {
        #expect(UCUMAtoms.table.values.count > 300)
        #expect(UnitWords.names.find("millimetres of mercury") != nil)
        #expect(UnitWords.symbols.find("ft")?.meaning == UCUMAtoms.table.find("[ft_i]")?.meaning)
    }
}
