import Testing

@testable import Knowledge

@Suite struct NameKeyTests {
    @Test(arguments: [
        ("Alzheimer's disease", "alzheimer disease"), ("Alzheimer’s Disease", "Alzheimer disease"),
        ("type II diabetes", "Type 2 Diabetes"), ("Type IIa", "type 2A"),
        ("factor-VIII deficiency", "Factor 8 deficiency"),
        ("TNF-α", "TNF alpha"), ("TNFα", "tnf alpha"), ("β-thalassemia", "beta thalassemia"),
        ("Sjögren syndrome", "SJÖGREN  SYNDROME"), ("Ehlers–Danlos (type V)", "Ehlers-Danlos type 5"),
    ])
    func spellingsOfOneNameAreEqual(_ left: String, _ right: String) {
        #expect(NameKey.key(left) == NameKey.key(right))
    }

    @Test(arguments: [
        ("type 2A", "type 2B"), ("hepatitis A", "hepatitis B"), ("vitamin C", "vitamin 100"),
        ("fragile X", "fragile 10"),
        ("CMT2A", "CMT2"), ("type I", "type II"), ("IgA nephropathy", "Ig 1 nephropathy"), ("IL-4", "IL-13"),
    ])
    func differentNamesStayDifferent(_ left: String, _ right: String) {
        #expect(NameKey.key(left) != NameKey.key(right))
    }

    @Test(arguments: [
        ("Charcot-Marie-Tooth disease type 2A", ["2a"]), ("Charcot-Marie-Tooth disease, type 2 A", ["2a"]),
        ("hepatitis A", ["a"]), ("A disease of the liver", []), ("Parkinson disease", []),
        ("alpha-1 antitrypsin deficiency", ["1", "alpha"]), ("spastic paraplegia type IV", ["4"]),
    ])
    func designatorsAreWhatTellsASeriesApart(_ name: String, _ expected: [String]) {
        #expect(NameKey.designators(name) == expected)
    }

    @Test func slugsHoldLettersAndDigits() {
        #expect(NameKey.slug("Ehrlichia  chaffeensis (strain 1)") == "ehrlichia-chaffeensis-strain-1")
        #expect(NameKey.slug("+/-") == "unnamed")
    }
}
