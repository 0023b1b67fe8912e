import Rewards

extension MedicalFormula {
    /// Every formula, by subject.
    static let all = body + kidney + blood + heart + liver

    private static func quantity(
        _ name: String, _ unit: String, _ from: Double, _ to: Double, of analyte: String? = nil
    ) -> Input { Input(name: name, kind: .quantity(unit: unit, from: from, to: to, analyte: analyte)) }

    private static func flag(_ name: String) -> Input { Input(name: name, kind: .flag) }

    private static let sex = Input(name: "sex", kind: .sex)
    private static let adultAge = Input(name: "age", kind: .age(from: 18, to: 130))
    private static let weight = quantity("weight", "kg", 0.2, 700)
    private static let height = quantity("height", "cm", 20, 280)
    private static let creatinine = quantity("creatinine", "mg/dL", 0.05, 40, of: "creatinine")
    private static let albumin = quantity("albumin", "g/dL", 0.5, 8)
    private static let sodium = quantity("sodium", "mmol/L", 80, 220)

    // MARK: Body

    private static let body: [MedicalFormula] = [
        MedicalFormula(
            name: "bmi", title: "Body mass index", inputs: [weight, height], formula: "weight / height²",
            source: "WHO Technical Report Series 894, 2000", resultUnit: "kg/m2",
            rule: { x throws(CalculatorError) in try x("weight").divided(by: x("height").times(0.01).power(2)) }),
        MedicalFormula(
            name: "bsa_mosteller", title: "Body surface area", inputs: [weight, height],
            formula: "√(height [cm] · weight [kg] / 3600)", source: "Mosteller, N Engl J Med 1987;317:1098",
            resultUnit: "m2",
            rule: { x throws(CalculatorError) in
                try x("height").times(x("weight")).divided(by: .constant(3600)).squareRoot()
            }),
        MedicalFormula(
            name: "bsa_dubois", title: "Body surface area", inputs: [weight, height],
            formula: "0.007184 · weight^0.425 · height^0.725",
            source: "Du Bois and Du Bois, Arch Intern Med 1916;17:863",
            resultUnit: "m2",
            rule: { x throws(CalculatorError) in
                try x("weight").realPower(.constant(0.425)).times(x("height").realPower(.constant(0.725)))
                    .times(0.007184)
            }),
        MedicalFormula(
            name: "ideal_body_weight", title: "Ideal body weight", inputs: [quantity("height", "cm", 140, 230), sex],
            formula: "50 kg (men) or 45.5 kg (women) + 2.3 kg for each inch above 60",
            source: "Devine, Drug Intell Clin Pharm 1974;8:650", resultUnit: "kg",
            rule: { x throws(CalculatorError) in
                try x("height").divided(by: .constant(2.54)).adding(-60).times(2.3).adding(x.isFemale ? 45.5 : 50)
            }),
    ]

    // MARK: Kidney

    private static let kidney: [MedicalFormula] = [
        MedicalFormula(
            name: "cockcroft_gault", title: "Creatinine clearance", inputs: [adultAge, weight, creatinine, sex],
            formula: "(140 − age) · weight / (72 · creatinine [mg/dL]), times 0.85 in women",
            source: "Cockcroft and Gault, Nephron 1976;16:31", resultUnit: "mL/min",
            rule: { x throws(CalculatorError) in
                try BoundedNumber.constant(140).subtracting(x("age")).times(x("weight"))
                    .divided(by: x("creatinine").times(72)).times(x.isFemale ? 0.85 : 1)
            }),
        MedicalFormula(
            name: "egfr_ckd_epi_2021", title: "Estimated glomerular filtration rate",
            inputs: [adultAge, creatinine, sex],
            formula:
                "142 · min(Scr/κ, 1)^α · max(Scr/κ, 1)^−1.2 · 0.9938^age · 1.012 in women; κ 0.7, α −0.241 in women, "
                + "κ 0.9, α −0.302 in men", source: "Inker et al., N Engl J Med 2021;385:1737",
            resultUnit: "mL/min/1.73m2",
            rule: { x throws(CalculatorError) in
                let ratio = try x("creatinine").divided(by: .constant(x.isFemale ? 0.7 : 0.9))
                let low = try BoundedNumber.least(ratio, .one).realPower(.constant(x.isFemale ? -0.241 : -0.302))
                let high = try BoundedNumber.greatest(ratio, .one).realPower(.constant(-1.2))
                let aging = try BoundedNumber.constant(0.9938).realPower(x("age"))
                return try low.times(high).times(aging).times(142).times(x.isFemale ? 1.012 : 1)
            }),
        MedicalFormula(
            name: "fena", title: "Fractional excretion of sodium",
            inputs: [
                quantity("urine_sodium", "mmol/L", 1, 400), sodium,
                quantity("urine_creatinine", "mg/dL", 1, 1000, of: "creatinine"), creatinine,
            ], formula: "urine Na · creatinine / (Na · urine creatinine)", source: "Espinel, JAMA 1976;236:579",
            resultUnit: "%",
            rule: { x throws(CalculatorError) in
                try x("urine_sodium").times(x("creatinine")).divided(by: x("sodium").times(x("urine_creatinine")))
                    .times(100)
            }),
    ]

    // MARK: Blood

    private static let blood: [MedicalFormula] = [
        MedicalFormula(
            name: "anion_gap", title: "Anion gap",
            inputs: [sodium, quantity("chloride", "mmol/L", 50, 200), quantity("bicarbonate", "mmol/L", 1, 80)],
            formula: "Na − Cl − HCO₃", source: "Emmett and Narins, Medicine 1977;56:38", resultUnit: "mmol/L",
            rule: { x throws(CalculatorError) in
                try x("sodium").subtracting(x("chloride")).subtracting(x("bicarbonate"))
            }),
        MedicalFormula(
            name: "corrected_calcium", title: "Calcium corrected for albumin",
            inputs: [quantity("calcium", "mg/dL", 2, 25, of: "calcium"), albumin],
            formula: "calcium + 0.8 · (4 − albumin [g/dL])", source: "Payne et al., Br Med J 1973;4:643",
            resultUnit: "mg/dL",
            rule: { x throws(CalculatorError) in
                try BoundedNumber.constant(4).subtracting(x("albumin")).times(0.8).adding(x("calcium"))
            }),
        MedicalFormula(
            name: "corrected_sodium", title: "Sodium corrected for glucose",
            inputs: [sodium, quantity("glucose", "mg/dL", 100, 3000, of: "glucose")],
            formula: "Na + 0.016 · (glucose [mg/dL] − 100)", source: "Katz, N Engl J Med 1973;289:843",
            resultUnit: "mmol/L",
            rule: { x throws(CalculatorError) in
                try x("glucose").adding(-100).times(0.016).adding(x("sodium"))
            }),
        MedicalFormula(
            name: "osmolality", title: "Calculated serum osmolality",
            inputs: [
                sodium, quantity("glucose", "mg/dL", 10, 3000, of: "glucose"),
                quantity("bun", "mg/dL", 1, 300, of: "urea nitrogen"),
            ], formula: "2 · Na + glucose [mg/dL] / 18 + urea nitrogen [mg/dL] / 2.8",
            source: "Dorwart and Chalmers, Clin Chem 1975;21:190 (the common simplification)", resultUnit: "mosm/kg",
            rule: { x throws(CalculatorError) in
                try x("sodium").times(2).adding(x("glucose").divided(by: .constant(18)))
                    .adding(x("bun").divided(by: .constant(2.8)))
            }),
        MedicalFormula(
            name: "ldl_friedewald", title: "LDL cholesterol",
            inputs: [
                quantity("total", "mg/dL", 50, 1000, of: "cholesterol"),
                quantity("hdl", "mg/dL", 5, 200, of: "cholesterol"),
                quantity("triglycerides", "mg/dL", 10, 400, of: "triglycerides"),
            ], formula: "total − HDL − triglycerides / 5 (mg/dL, triglycerides up to 400)",
            source: "Friedewald et al., Clin Chem 1972;18:499", resultUnit: "mg/dL",
            rule: { x throws(CalculatorError) in
                try x("total").subtracting(x("hdl")).subtracting(x("triglycerides").divided(by: .constant(5)))
            }),
        MedicalFormula(
            name: "average_glucose", title: "Estimated average glucose", inputs: [quantity("hba1c", "%", 3, 25)],
            formula: "28.7 · HbA1c [%] − 46.7", source: "Nathan et al., Diabetes Care 2008;31:1473",
            resultUnit: "mg/dL",
            rule: { x throws(CalculatorError) in try x("hba1c").times(28.7).adding(-46.7) }),
    ]

    // MARK: Heart

    private static let cycle = [quantity("qt", "ms", 100, 900), quantity("heart_rate", "/min", 20, 300)]

    private static let heart: [MedicalFormula] = [
        MedicalFormula(
            name: "qtc_bazett", title: "Corrected QT interval", inputs: cycle,
            formula: "QT / √(RR [s]), RR = 60 / rate",
            source: "Bazett, Heart 1920;7:353", resultUnit: "ms",
            rule: { x throws(CalculatorError) in
                try x("qt").times(x("heart_rate").divided(by: .constant(60)).squareRoot())
            }),
        MedicalFormula(
            name: "qtc_fridericia", title: "Corrected QT interval", inputs: cycle,
            formula: "QT / ∛(RR [s]), RR = 60 / rate", source: "Fridericia, Acta Med Scand 1920;53:469",
            resultUnit: "ms",
            rule: { x throws(CalculatorError) in
                let third = BoundedNumber(Rational(1, 3) ?? .zero)
                return try x("qt").times(x("heart_rate").divided(by: .constant(60)).realPower(third))
            }),
        MedicalFormula(
            name: "mean_arterial_pressure", title: "Mean arterial pressure",
            inputs: [quantity("systolic", "mmHg", 30, 300), quantity("diastolic", "mmHg", 10, 200)],
            formula: "(systolic + 2 · diastolic) / 3", source: "the common estimate for resting heart rates",
            resultUnit: "mmHg",
            rule: { x throws(CalculatorError) in
                guard x("diastolic").lower <= x("systolic").upper else {
                    throw CalculatorError("diastolic of mean_arterial_pressure is above systolic; expected it below")
                }
                return try x("diastolic").times(2).adding(x("systolic")).divided(by: .constant(3))
            }),
        MedicalFormula(
            name: "cha2ds2_vasc", title: "CHA₂DS₂-VASc score",
            inputs: [
                adultAge, sex, flag("heart_failure"), flag("hypertension"), flag("diabetes"), flag("stroke"),
                flag("vascular_disease"),
            ],
            formula: "1 each for heart failure, hypertension, diabetes, vascular disease, female sex and age 65 to 74; "
                + "2 each for stroke or TIA and age from 75", source: "Lip et al., Chest 2010;137:263", resultUnit: "1",
            rule: { x throws(CalculatorError) in
                let age = x("age").lower
                var points = age >= 75 ? 2 : age >= 65 ? 1 : 0
                for name in ["sex", "heart_failure", "hypertension", "diabetes", "vascular_disease"]
                where x.isTrue(name) {
                    points += 1
                }
                if x.isTrue("stroke") { points += 2 }
                return BoundedNumber(Rational(points))
            }),
    ]

    // MARK: Liver

    private static let liver: [MedicalFormula] = [
        MedicalFormula(
            name: "meld_na", title: "MELD-Na score",
            inputs: [
                quantity("bilirubin", "mg/dL", 0.05, 80, of: "bilirubin"), creatinine, quantity("inr", "1", 0.5, 20),
                sodium, flag("dialysis"),
            ],
            formula:
                "MELD = 10 · (0.957 ln Cr + 0.378 ln bilirubin + 1.12 ln INR + 0.643), the bracket rounded to a tenth; "
                + "above 11: + 1.32 · (137 − Na) − 0.033 · MELD · (137 − Na), rounded; values below 1 count as 1, Cr at "
                + "most 4 and 4 with dialysis, Na 125 to 137, the score 6 to 40",
            source: "OPTN Policy 9.1.D of 2016, after Kim et al., N Engl J Med 2008;359:1018", resultUnit: "1",
            rule: { x throws(CalculatorError) in
                let creatinine = x.isTrue("dialysis") ? BoundedNumber.constant(4) : x("creatinine").clamped(1...4)
                let sum = try creatinine.logarithm().times(0.957)
                    .adding(x("bilirubin").clamped(1...100).logarithm().times(0.378))
                    .adding(x("inr").clamped(1...100).logarithm().times(1.12)).adding(0.643)
                var score = try sum.rounded(decimals: 1).times(10)
                if score.lower > 11 {
                    let deficit = try BoundedNumber.constant(137).subtracting(x("sodium").clamped(125...137))
                    score = try score.adding(deficit.times(1.32)).subtracting(score.times(deficit).times(0.033))
                }
                return try score.rounded(decimals: 0).clamped(6...40)
            }),
        MedicalFormula(
            name: "fib4", title: "Fibrosis-4 index",
            inputs: [
                adultAge, quantity("ast", "U/L", 1, 10000), quantity("alt", "U/L", 1, 10000),
                quantity("platelets", "10*9/L", 1, 2000),
            ], formula: "age · AST / (platelets [10⁹/L] · √ALT)", source: "Sterling et al., Hepatology 2006;43:1317",
            resultUnit: "1",
            rule: { x throws(CalculatorError) in
                try x("age").times(x("ast")).divided(by: x("platelets").times(x("alt").squareRoot()))
            }),
    ]
}
