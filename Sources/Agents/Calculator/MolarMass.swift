import Rewards

/// Molar masses of what laboratories measure, from sum formulas and the abridged standard atomic weights of the IUPAC
/// Commission on Isotopic Abundances and Atomic Weights (2021), in grams per mole.
enum MolarMass {
    private static let weights: [String: Rational] = [
        "H": 1.0080, "C": 12.011, "N": 14.007, "O": 15.999, "Na": 22.990, "Mg": 24.305, "P": 30.974, "S": 32.06,
        "Cl": 35.45, "K": 39.098, "Ca": 40.078, "Fe": 55.845, "I": 126.90, "Li": 6.94,
    ].mapValues { Rational(shortestDecimalOf: $0) ?? .zero }

    /// Sum formulas; laboratories count triglycerides as triolein, urea nitrogen and phosphate by their elements.
    private static let formulas: [String: [(String, Int)]] = [
        "glucose": [("C", 6), ("H", 12), ("O", 6)], "creatinine": [("C", 4), ("H", 7), ("N", 3), ("O", 1)],
        "urea": [("C", 1), ("H", 4), ("N", 2), ("O", 1)], "urea nitrogen": [("N", 2)],
        "cholesterol": [("C", 27), ("H", 46), ("O", 1)], "triglycerides": [("C", 57), ("H", 104), ("O", 6)],
        "bilirubin": [("C", 33), ("H", 36), ("N", 4), ("O", 6)], "uric acid": [("C", 5), ("H", 4), ("N", 4), ("O", 3)],
        "lactic acid": [("C", 3), ("H", 6), ("O", 3)], "cortisol": [("C", 21), ("H", 30), ("O", 5)],
        "testosterone": [("C", 19), ("H", 28), ("O", 2)],
        "thyroxine": [("C", 15), ("H", 11), ("I", 4), ("N", 1), ("O", 4)],
        "calcifediol": [("C", 27), ("H", 44), ("O", 2)], "paracetamol": [("C", 8), ("H", 9), ("N", 1), ("O", 2)],
        "ethanol": [("C", 2), ("H", 6), ("O", 1)], "sodium": [("Na", 1)], "potassium": [("K", 1)],
        "chloride": [("Cl", 1)], "calcium": [("Ca", 1)], "magnesium": [("Mg", 1)], "phosphorus": [("P", 1)],
        "iron": [("Fe", 1)], "lithium": [("Li", 1)],
    ]

    private static let synonyms = [
        "bun": "urea nitrogen", "ldl": "cholesterol", "hdl": "cholesterol", "phosphate": "phosphorus",
        "lactate": "lactic acid", "urate": "uric acid", "t4": "thyroxine", "25-oh-vitamin d": "calcifediol",
        "25-hydroxyvitamin d": "calcifediol", "acetaminophen": "paracetamol", "alcohol": "ethanol",
        "triglyceride": "triglycerides",
    ]

    static let names = formulas.keys.sorted()

    static func gramsPerMole(_ analyte: String) -> Rational? {
        let name = analyte.lowercased().split(separator: " ").joined(separator: " ")
        return formulas[synonyms[name] ?? name].map { formula in
            formula.reduce(.zero) { $0 + (weights[$1.0] ?? .zero) * Rational($1.1) }
        }
    }
}
