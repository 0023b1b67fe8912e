import Testing

@testable import Agents

@Suite struct MedicalFormulaTests {
    /// Golden values by hand where the numbers are round (Mosteller's 180 cm and 80 kg are 2 m², a creatinine of 1 mg/dL at
    /// 60 years and 72 kg is 80 mL/min, an albumin of 2 adds 1.6 mg/dL), else from the published formulas in Python's
    /// floating point.
    static let golden: [(String, Double)] = [
        ("bmi(70 kg, 175 cm)", 22.857142857), ("bmi(height=1.75 m, weight=70000 g)", 22.857142857),
        ("bsa_mosteller(80 kg, 180 cm)", 2), ("bsa_dubois(70 kg, 170 cm)", 1.809707801753247),
        ("ideal_body_weight(70 in, male)", 73), ("ideal_body_weight(60 in, female)", 45.5),
        ("cockcroft_gault(60, 72 kg, 1 mg/dL, male)", 80), ("cockcroft_gault(60, 72 kg, 1 mg/dL, female)", 68),
        ("cockcroft_gault(age=60 a, weight=72 kg, creatinine=88.4017 umol/L, sex=male)", 80),
        ("egfr_ckd_epi_2021(50, 1 mg/dL, male)", 91.6914786098333),
        ("egfr_ckd_epi_2021(65, 1.8 mg/dL, female)", 30.88118843337924),
        ("egfr_ckd_epi_2021(30, 0.6 mg/dL, female)", 123.75786412164246),
        ("egfr_ckd_epi_2021(50, 0.5 mg/dL, male)", 124.2596887378267),
        ("fena(20 mmol/L, 140 mmol/L, 100 mg/dL, 2 mg/dL)", 0.2857142857142857),
        ("anion_gap(140 mmol/L, 104 mmol/L, 24 mmol/L)", 12),
        ("corrected_calcium(8 mg/dL, 2 g/dL)", 9.6), ("corrected_calcium(8 mg/dL, 20 g/L)", 9.6),
        ("corrected_sodium(130 mmol/L, 600 mg/dL)", 138), ("osmolality(140 mmol/L, 90 mg/dL, 14 mg/dL)", 290),
        ("ldl_friedewald(200 mg/dL, 50 mg/dL, 150 mg/dL)", 120), ("average_glucose(7 %)", 154.2),
        ("qtc_bazett(400 ms, 60 /min)", 400), ("qtc_bazett(0.4 s, 75 bpm)", 447.21359549995793),
        ("qtc_fridericia(400 ms, 75 /min)", 430.88693800637674), ("mean_arterial_pressure(120 mmHg, 75 mmHg)", 90),
        ("cha2ds2_vasc(76, female, yes, yes, no, yes, no)", 7), ("cha2ds2_vasc(64, male, no, no, no, no, no)", 0),
        ("cha2ds2_vasc(65, male, no, no, no, no, yes)", 2),
        (
            "cha2ds2_vasc(age=80, sex=female, heart_failure=yes, hypertension=yes, diabetes=yes, stroke=yes, vascular_disease=yes)",
            9
        ),
        ("meld_na(3 mg/dL, 1.5 mg/dL, 1.8, 130 mmol/L, no)", 25),
        ("meld_na(0.8 mg/dL, 0.7 mg/dL, 1, 140 mmol/L, no)", 6),
        ("meld_na(30 mg/dL, 5 mg/dL, 3, 120 mmol/L, no)", 40), ("meld_na(2 mg/dL, 1 mg/dL, 1.5, 128 mmol/L, yes)", 31),
        ("fib4(60, 80 U/L, 40 U/L, 150 10*9/L)", 5.059644256269407),
    ]

    @Test(arguments: golden) func theValueIsThePublishedOne(expression: String, expected: Double) throws {
        let result = try Calculator().evaluate(expression)
        #expect(abs(result.number.middle.approximation - expected) < 1e-6 * max(1, expected), "\(result.text)")
    }

    static let wrong: [(String, String)] = [
        ("bmi(70, 175 cm)", "weight of bmi has no unit"), ("bmi(70 kg, 175 kg)", "height of bmi"),
        ("bmi(70 kg, 175 m)", "out of range"), ("bmi(70 kg)", "needs height"),
        ("bmi(70 kg, 1 m, 3)", "no input number 3"),
        ("bmi(70 kg, weight=3 kg)", "twice"), ("bmi(70 kg, breadth=3 m)", "no input “breadth”"),
        ("egfr_ckd_epi_2021(12, 1 mg/dL, male)", "out of range; expected 18 to 130"),
        ("egfr_ckd_epi_2021(50, 1 mg/dL, blue)", "no unit or function"), ("bmi(male, 1 m)", "expected weight [kg]"),
        ("egfr_ckd_epi_2021(50, 1 mg/dL, yes)", "female or male"),
        ("ldl_friedewald(300 mg/dL, 40 mg/dL, 500 mg/dL)", "out of range"),
        ("mean_arterial_pressure(80 mmHg, 120 mmHg)", "above systolic"),
        ("anion_gap(140 mg/dL, 104 mmol/L, 24 mmol/L)", "analyte or a molar mass"),
    ]

    @Test(arguments: wrong) func wrongInputsAreRefusedByName(expression: String, part: String) {
        let error = #expect(throws: CalculatorError.self) { try Calculator().evaluate(expression) }
        #expect(error?.description.contains(part) == true, "\(error?.description ?? "")")
    }

    @Test func formulasMixWithArithmetic() throws {
        let result = try Calculator().evaluate("1.5 mg/m2 * bsa_mosteller(80 kg, 180 cm) in mg")
        #expect(result.text == "3 mg" && result.formulas.map(\.name) == ["bsa_mosteller"])
    }

    @Test func everyFormulaHasNamesOfItsOwnAndASource() {
        #expect(Set(MedicalFormula.all.map(\.name)).count == MedicalFormula.all.count)
        for formula in MedicalFormula.all {
            #expect(!formula.source.isEmpty && !formula.formula.isEmpty)
            #expect(Set(formula.inputs.map(\.name)).count == formula.inputs.count)
            #expect(CalculatorFunction(rawValue: formula.name) == nil)
        }
    }
}
