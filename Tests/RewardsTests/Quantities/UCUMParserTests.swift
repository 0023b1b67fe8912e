import Testing

@testable import Rewards

struct UCUMParserTests {
    @Test(arguments: [
        "m", "mg/dL", "/min", "10*3/uL", "10^9/L", "10*+3/ul", "1{cells}", "{cells}/uL", "kg.m/s2", "m[H2O]", "mm[Hg]",
        "u[IU]/mL", "dB[SPL]", "B[10.nV]", "[in_i'Hg]", "Cel", "[degF]", "%", "%[slope]", "cal_[15]", "MiBy",
        "4.[pi].m",
        "mol.(kg.s)/m", "mL/(min.{1.73_m2})", "rad2", "m-3", "[m/s2/Hz^0.5]", "dag", "Ym", "''", "'",
        "((m))", "[CFU]/mL", "[Amb'a'1'U]", "[wood'U]",
    ])
    func acceptsUnits(_ text: String) throws {
        #expect(try QuantitySamples.code(text) != nil)
    }

    @Test(arguments: [
        "", "m/", "/", "m..s", "m//s", "{a}m", "m{a}{b}", "m{a", "12h", "g/4h", "iU", "[iIU]", "molv", "M", "kmin",
        "mday",
        "k[in_i]", "m[H20]", "(m", "m)", "m s", " m", "m ", "2m", "m2s", "0.m", "[unknown]", "m^2", "m²", "µg",
        "mg/dl/", "(m)2",
        "-1", "m-", "m+", "h{é}", "[BETH'U]", "hours",
    ])
    func refusesOtherTexts(_ text: String) {
        #expect(throws: AnswerProblem.self) { try QuantitySamples.code(text) }
    }

    @Test(arguments: [
        ("N", "kg.m/s2"), ("Pa", "N/m2"), ("J", "W.s"), ("L", "dm3"), ("l", "1000.cm3"), ("kat", "60000000.U"),
        ("h", "3600.s"), ("wk", "168.h"), ("a", "365.d.1461/1460"), ("[ft_i]", "12.[in_i]"), ("[mi_i]", "5280.[ft_i]"),
        ("[gal_us]", "231.[in_i]3"), ("[lb_av]", "16.[oz_av]"), ("[lb_av]", "45359237.kg/100000000"),
        ("deg", "[pi].rad/180"), ("circ", "360.deg"), ("Ohm.S", "1"), ("G", "T/10000"), ("Ci", "37.GBq"),
        ("cal", "4184.mJ"),
        ("[ly]", "9460730472580800.m"), ("m/s.g", "m.g/s"), ("[ppm]", "%/10000"), ("KiBy", "8192.bit"),
        ("REM", "10.mSv"), ("Oe.[pi]", "250.A/m"), ("[degR].9", "K.5"), ("[IU]", "[iU]"), ("eV", "[e].V"),
        ("m[H2O]", "980665.Pa/100"), ("lx", "lm/m2"), ("Wb", "V.s"), ("F", "C/V"), ("H", "Wb/A"),
    ])
    func definesUnitsByFactors(_ left: String, _ right: String) throws {
        #expect(try QuantitySamples.code(left) == QuantitySamples.code(right))
    }

    @Test(arguments: [
        ("mg", "ug"), ("[iU]", "U"), ("Sv", "Gy"), ("Bq", "Hz"), ("mol", "1"), ("eq", "mol"), ("B", "Np"),
        ("[gal_us]", "[gal_br]"),
        ("[PFU]", "[CFU]"), ("[pH]", "1"), ("Cel", "K"), ("[lb_av]", "[lb_tr]"), ("%", "1"), ("[hp_X]", "[hp_C]"),
    ])
    func keepsUnitsApart(_ left: String, _ right: String) throws {
        #expect(try QuantitySamples.code(left) != QuantitySamples.code(right))
    }

    @Test(arguments: [
        ("mm", "(millimeter)"), ("kg.m-3", "(kilogram) * (meter ^ -3)"), ("m/s2", "(meter) / (second ^ 2)"),
        ("4.[pi]", "4 * (the number pi)"),
    ])
    func namesUnits(_ code: String, _ name: String) throws {
        #expect(try UCUMChecks.displays(name, code))
    }

    @Test func refusesDeepNestingAndGreatExponents() {
        #expect(throws: AnswerProblem.self) {
            try QuantitySamples.code(String(repeating: "(", count: 5000) + "m" + String(repeating: ")", count: 5000))
        }
        #expect(throws: AnswerProblem.self) { try QuantitySamples.code("m999") }
        #expect(try! QuantitySamples.code("Ym60.Ym60") == nil)
    }

    @Test func survivesRandomBytes() {
        var generator = SampleGenerator(seed: 3)
        let alphabet = Array("mgsLKC[]{}()/.*^-+0123456789%'_iUHzµ\u{7F} ".utf8)
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0...16, using: &generator)).map { _ in
                alphabet.randomElement(using: &generator)!
            }
            var parser = UCUMParser(bytes)
            _ = try? parser.parse().meaning
        }
    }
}
