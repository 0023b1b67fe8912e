import Testing

@testable import Rewards

struct UnitReaderTests {
    @Test(arguments: [
        ("mg/dL", "mg/dL"), ("µg", "ug"), ("μg", "ug"), ("mcg", "ug"), ("micrograms", "ug"), ("µL", "uL"),
        ("mmHg", "mm[Hg]"), ("mm Hg", "mm[Hg]"), ("millimetres of mercury", "mm[Hg]"), ("cm H2O", "cm[H2O]"),
        ("cmH2O", "cm[H2O]"), ("°C", "Cel"), ("℃", "Cel"), ("degrees Celsius", "Cel"),
        ("degree Celsius", "Cel"), ("°F", "[degF]"), ("degrees fahrenheit", "[degF]"), ("kg/m²", "kg/m2"),
        ("kg/m^2", "kg/m2"), ("kg/m2", "kg/m2"), ("kg·m⁻²", "kg/m2"), ("kg m^-2", "kg/m2"), ("kg m**-2", "kg/m2"),
        ("mL/min/1.73m²", "100.mL/min/173.m-2"), ("mL/min/1.73 m2", "100.mL/min/173.m-2"),
        ("mL/min per 1.73 m²", "100.mL/min/173.m-2"), ("milligrams per decilitre", "mg/dL"),
        ("milligrams per deciliter", "mg/dL"), ("cubic centimetres", "cm3"), ("cc", "cm3"),
        ("centimeters cubed", "cm3"),
        ("km cubed", "km3"), ("cubic kilometer", "km3"), ("square kilometre", "km2"), ("sq mi", "[mi_i]2"),
        ("square dozen", "144"), ("kilometre per square second", "km/s2"), ("km/s2", "km/s2"), ("km/s²", "km/s2"),
        ("m/s^2", "m/s2"), ("metres per second squared", "m/s2"), ("inverse femtobarn", "fb-1"), ("fb−1", "fb-1"),
        ("s-1", "Hz"), ("inverse second", "Hz"), ("per second", "Hz"), ("/s", "Hz"), ("hours", "h"), ("hrs", "h"),
        ("h", "h"), ("yrs", "a"), ("weeks'", "wk"), ("month's", "mo"), ("bpm", "/min"), ("beats per minute", "/min"),
        ("breaths/min", "/min"), ("IU", "[iU]"), ("IU/mL", "[iU]/mL"), ("mIU/L", "m[iU]/L"),
        ("international units", "[iU]"), ("U/L", "U/L"), ("units/L", "U/L"), ("mEq/L", "meq/L"), ("mOsm/kg", "mosm/kg"),
        ("milliosmoles per kilogram", "mosm/kg"), ("%", "%"), ("percent", "%"), ("per cent", "%"), ("percentage", "%"),
        ("ppm", "[ppm]"), ("parts per million", "[ppm]"), ("copies/mL", "/mL"), ("cells/µL", "/uL"),
        ("10^9/L", "10*9/L"),
        ("×10⁹/L", "10*9/L"), ("10*9/L", "10*9/L"), ("K/µL", "10*3/uL"), ("k/uL", "10*3/uL"), ("lbs", "[lb_av]"),
        ("pounds", "[lb_av]"), ("pound-mass", "[lb_av]"), ("pound-force", "[lbf_av]"), ("oz", "[oz_av]"),
        ("fl oz", "[foz_us]"), ("fluid ounces", "[foz_us]"), ("ft", "[ft_i]"), ("feet", "[ft_i]"), ("in", "[in_i]"),
        ("inches", "[in_i]"), ("\"", "[in_i]"), ("″", "[in_i]"), ("'", "[ft_i]"), ("gallons", "[gal_us]"),
        ("imperial gallon", "[gal_br]"), ("stones", "[stone_av]"), ("kcal", "kcal"), ("Cal", "kcal"), ("kJ", "kJ"),
        ("mSv", "mSv"), ("mGy", "mGy"), ("milligray", "mGy"), ("Bq", "Bq"), ("mCi", "mCi"), ("eV", "eV"),
        ("TeV", "TeV"),
        ("teraelectronvolt", "TeV"), ("gigaannum", "10*9.a"), ("Ga", "10*9.a"), ("gigayear", "10*9.a"),
        ("watt per minute", "W/min"), ("kWh", "kW.h"), ("kilowatt hour", "kW.h"), ("kilowatt-hours", "kW.h"),
        ("N·m", "N.m"), ("newton metre", "N.m"), ("J/kg·K", "J/(kg.K)"), ("J/(kg·K)", "J/(kg.K)"),
        ("W/m²·K", "W/(m2.K)"),
        ("tonne", "t"), ("t", "t"), ("metric tons", "t"), ("tons", "[ston_av]"), ("tpd", "[ston_av]/d"),
        ("ton per day", "[ston_av]/d"), ("mile", "[mi_i]"), ("mph", "[mi_i]/h"), ("miles per hour", "[mi_i]/h"),
        ("km/h", "km/h"), ("kph", "km/h"), ("knots", "[kn_i]"), ("light-year", "[ly]"), ("light years", "[ly]"),
        ("kilobit per second", "10*3.bit/s"), ("kb per second", "10*3.bit/s"), ("Mbps", "10*6.bit/s"),
        ("kibibyte", "KiBy"), ("MB", "10*6.By"), ("GHz", "GHz"), ("mmol/L", "mmol/L"), ("mM", "mmol/L"),
        ("millimolar", "mmol/L"), ("nmol/mL/hr", "nmol/mL/h"), ("Å", "Ao"), ("kΩ", "kOhm"), ("kiloohm", "kOhm"),
        ("hectares", "har"), ("acre", "4840.[yd_i]2"), ("psi", "[psi]"), ("pounds per square inch", "[lb_av]/[in_i]2"),
        ("pound-force per square inch", "[psi]"), ("dozen", "12"), ("degree angle", "deg"), ("°", "deg"),
        ("rpm", "circ/min"),
        ("\\text{ mg}", "mg"), ("\\,\\mathrm{kg}", "kg"), ("~\\mathrm{m/s^{2}}", "m/s2"), ("^\\circ\\text{C}", "Cel"),
        ("\\mu\\text{g}", "ug"), ("\\text{kg} \\cdot \\text{m}^{-3}", "kg/m3"), ("mg per kg per day", "mg/kg/d"),
        ("mg/kg/day", "mg/kg/d"), ("g/100 mL", "g/dL"), ("per 100 g", "/g/100"), ("CFU/mL", "[CFU]/mL"), ("mg.", "mg"),
        ("gram per cubic centimetre", "g/cm3"), ("dB", "dB"), ("decibels", "dB"), ("TCID50", "[TCID_50]"),
    ])
    func readsNames(_ name: String, _ code: String) throws {
        #expect(try QuantitySamples.unit(name) == QuantitySamples.code(code))
    }

    @Test(arguments: [
        "mg/", "/", "mg//dL", "mg 3", "mg*3", "mg 2 m", "foo", "mg foo", "or mg", "mg or g", "per", "square",
        "cubic per",
        "mg per", "m2m", "(mg", "mg)", "mg^", "m^^2", "{mg", "mg,", "mg;g", "×", "\\sqrt{m}", "m^1000", "kkg",
        "millimilligram",
        "kilodegree", "mg=g", "мg", "m\u{200B}g",
    ])
    func refusesOtherTexts(_ text: String) {
        #expect(throws: AnswerProblem.self) { try QuantitySamples.unit(text) }
    }

    @Test func givesCurrenciesDimensionsOfTheirOwn() throws {
        let codes = ["$", "€", "£", "¥", "₹", "CAD", "Swiss francs"]
        let dimensions = Set(try codes.map { try QuantitySamples.unit($0).dimension })
        #expect(dimensions.count == codes.count)
        #expect(try QuantitySamples.unit("dollars") == QuantitySamples.unit("$"))
        #expect(try QuantitySamples.unit("pounds sterling") == QuantitySamples.unit("£"))
    }

    @Test func survivesRandomBytes() {
        var generator = SampleGenerator(seed: 7)
        let words = [
            "mg", "per ", "/", "square ", "cubed", " ", "-", "°", "µ", "²", "⁻", "(", ")", "{", "}", "\\text{", "^",
            "1.73",
            "H2O", "[", "]", "*", ".", "$", "é", "\\", "dozen", "'", "k",
        ]
        for _ in 0..<20_000 {
            let text = (0..<Int.random(in: 0...8, using: &generator)).map { _ in words.randomElement(using: &generator)!
            }
            _ = try? QuantitySamples.unit(text.joined())
        }
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0...12, using: &generator)).map { _ in
                UInt8.random(in: 0...255, using: &generator)
            }
            var work = Work()
            _ = try? UnitReader.read(bytes, 0..<bytes.count, work: &work)
        }
    }
}
