import Knowledge
import Testing

@testable import Agents

@Suite struct ReasoningTableTests {
    /// The ranges are those of the Human Phenotype Ontology: 100 %, 80–99 %, 30–79 %, 5–29 %, 1–4 %.
    static let frequencies: [(String, Double)] = [
        ("HP:0040280", 1), ("Obligate (100%)", 1), ("Very frequent (99-80%)", 0.895), ("Frequent (79-30%)", 0.545),
        ("HP:0040283", 0.17), ("very rare", 0.025), ("35%", 0.35), ("12.5 %", 0.125), ("0.2", 0.2),
        ("7/20", 0.357142857142857), ("0/9", 0.05),
    ]

    @Test(arguments: frequencies) func frequenciesAreRead(text: String, value: Double) throws {
        let frequency = try #require(FindingFrequency(text))
        #expect(abs(frequency.value - value) < 1e-12 && !frequency.isExcluded)
    }

    @Test(arguments: ["Excluded (0%)", "HP:0040285"]) func exclusionsAreRead(text: String) {
        #expect(FindingFrequency(text) == .excluded)
    }

    @Test(arguments: ["often", "1.2", "120%", "7/0", "9/7", "-1", "", "nan"])
    func whatIsNoFrequencyIsRefused(text: String) { #expect(FindingFrequency(text) == nil) }

    @Test func aTableOfFrequenciesReplacesWhatTheGraphLeavesOpen() throws {
        let facts = [("D1", "has_symptom", "fever"), ("D2", "has_symptom", "fever"), ("D3", "has_symptom", "rash")]
        let table = try ReasoningTable(
            text: "finding\tdisease\tfrequency\nfever\tD1\t90%\nfever\tid:D2\tvery rare\nfever\tnobody\t1%\n",
            path: "t.tsv", required: ["disease", "finding", "frequency"], optional: ["source"])
        let engine = ClinicalReasoningEngine(
            graph: try ReasoningGraph.make(facts), frequencies: try FrequencyTable(table, source: "t.tsv"))
        #expect(engine.unmatchedRows == ["frequency of “fever” in “nobody”"])
        let hypotheses = engine.diagnose(ClinicalCase(findings: ["fever"])).hypotheses
        // β = (0.9 + 0.025 + 0.3) / 4, λ = β / 2.
        let leak = (0.9 + 0.025 + 0.3) / 8
        #expect(hypotheses.map(\.name) == ["D1", "D2", "D3"])
        for (hypothesis, expected) in zip(hypotheses, [1 - 0.1 * (1 - leak), 1 - 0.975 * (1 - leak), leak]) {
            #expect(abs((hypothesis.factors.first?.probability ?? 0) - expected) < 1e-12)
        }
    }

    @Test func theRowWithMostConditionsThatHoldGivesThePrior() throws {
        let facts = [("D1", "has_symptom", "fever"), ("D2", "has_symptom", "fever")]
        let table = try ReasoningTable(
            text: "disease\tper_100000\tsex\tage_from\tage_to\tsetting\nD1\t10\t\t\t\t\nD1\t30\tfemale\t\t\t\n"
                + "D1\t90\tfemale\t40\t60\t\nD2\t10\t\t\t\t\nD1\t200\t\t\t\temergency\n",
            path: "t.tsv", required: ["disease", "per_100000"],
            optional: ["sex", "age_from", "age_to", "setting", "source"])
        let engine = ClinicalReasoningEngine(
            graph: try ReasoningGraph.make(facts), priors: try PriorTable(table, source: "t.tsv"))
        func prior(_ patient: ClinicalCase) -> Double {
            engine.diagnose(patient).hypotheses.first { $0.name == "D1" }?.prior ?? 0
        }
        func expected(_ prevalence: Double) -> Double { 0.9 * prevalence / (prevalence + 10) }
        let cases: [(ClinicalCase, Double)] = [
            (ClinicalCase(findings: ["fever"]), 10), (ClinicalCase(findings: ["fever"], age: 50, sex: .male), 10),
            (ClinicalCase(findings: ["fever"], age: 30, sex: .female), 30),
            (ClinicalCase(findings: ["fever"], age: 60, sex: .female), 30),
            (ClinicalCase(findings: ["fever"], age: 40, sex: .female), 90),
            (ClinicalCase(findings: ["fever"], setting: "Emergency"), 200),
        ]
        for (patient, prevalence) in cases { #expect(abs(prior(patient) - expected(prevalence)) < 1e-12) }
    }

    @Test func rareAndXLinkedRecessiveDiseasesWeighLess() throws {
        let facts = [
            ("D1", "has_symptom", "fever"), ("D2", "has_symptom", "fever"), ("D3", "has_symptom", "fever"),
            ("D3", "inheritance", "X-linked recessive inheritance"),
        ]
        let engine = ClinicalReasoningEngine(graph: try ReasoningGraph.make(facts, references: ["D2": ["ORDO:1"]]))
        func priors(_ sex: ClinicalCase.Sex?) -> [Double] {
            engine.diagnose(ClinicalCase(findings: ["fever"], sex: sex)).hypotheses.sorted { $0.id < $1.id }.map(
                \.prior)
        }
        func expected(_ weights: [Double]) -> [Double] { weights.map { 0.9 * $0 / weights.reduce(0, +) } }
        for (sex, weights) in [(ClinicalCase.Sex.male, [1, 0.2, 1]), (.female, [1, 0.2, 0.1])] {
            #expect(zip(priors(sex), expected(weights)).allSatisfy { abs($0 - $1) < 1e-12 })
        }
    }

    @Test(arguments: [
        ("disease\tfinding\nD\tF\n", "line 1"), ("disease\tfinding\tfrequency\tcolour\n", "line 1"),
        ("disease\tfinding\tfrequency\nD\tF\n", "line 2"),
        ("disease\tfinding\tfrequency\nD\tF\toften\n", "column frequency"),
        ("disease\tfinding\tfrequency\n\tF\t1%\n", "column disease"),
    ]) func aBrokenTableIsRefusedWithItsPlace(text: String, place: String) {
        let error = #expect(throws: ReasoningError.self) {
            try FrequencyTable(
                ReasoningTable(
                    text: text, path: "t.tsv", required: ["disease", "finding", "frequency"], optional: ["source"]),
                source: "t.tsv")
        }
        #expect(error.map { "\($0)".contains("t.tsv") && "\($0)".contains(place) } == true)
    }
}
