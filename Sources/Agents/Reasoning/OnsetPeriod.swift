/// The ages that names of onsets stand for.
///
/// The ranges are those of the Human Phenotype Ontology's onset terms (HP:0003674 and below); names that it does not
/// have are taken for the nearest of its terms.
enum OnsetPeriod {
    private static let day = 1 / 365.25

    /// In years, lower bounds included.
    static let periods: [(name: String, ages: Range<Double>)] = [
        ("antenatal", -1..<0), ("fetal", -1..<0), ("embryonal", -1..<0), ("congenital", 0..<day),
        ("neonatal", 0..<28 * day), ("infantile", 28 * day..<1), ("childhood", 1..<5), ("juvenile", 5..<16),
        ("adolescent", 10..<20), ("pediatric", 0..<16), ("young adult", 16..<40), ("middle age", 40..<60),
        ("late", 60..<150), ("adult", 16..<150),
    ]

    /// The ages of an onset that is named so, or `nil`.
    static func ages(ofOnset name: String) -> Range<Double>? {
        let words = FindingNames.words(name).filter { $0 != "onset" }.joined(separator: " ")
        return periods.first { $0.name == words }?.ages
    }
}
