import Foundation
import Knowledge
import Primitives
import Testing

@testable import Agents

@Suite struct ClinicalReasoningEngineTests {
    private static let tolerance = 1e-12

    /// A random graph with a case of findings of which none implies another, drawn from the given number.
    private struct Draw {
        var facts: [(String, String, String)]
        var engine: ClinicalReasoningEngine
        var evidence: [(String, Bool)]
        var patient: ClinicalCase

        init(_ number: Int) throws {
            var random = CounterRandom(seed: 11, stage: .worlds, step: number)
            facts = ReasoningGraph.random(&random)
            engine = ClinicalReasoningEngine(graph: try ReasoningGraph.make(facts))
            var names = Set(facts.flatMap { [$0.0, $0.2] }).filter { $0.hasPrefix("P") }.sorted()
            random.shuffle(&names)
            let edges = facts.filter { $0.1 == "is_a" }
            func isRelated(_ a: String, _ b: String) -> Bool {
                a == b || edges.contains { $0.0 == a && isRelated($0.2, b) }
            }
            evidence = []
            for name in names.prefix(4)
            where !evidence.contains(where: { isRelated($0.0, name) || isRelated(name, $0.0) }) {
                evidence.append((name, random.integer(below: 3) > 0))
            }
            // A circumstance that no candidate has is no evidence.
            let bayes = BruteForceBayes(facts)
            let onsets = ["Childhood onset", "Adult onset"].filter { onset in
                bayes.diseases.contains { bayes.has($0, "onset", onset) }
            }
            if let onset = onsets.first, random.integer(below: 2) == 0 { evidence.append((onset, true)) }
            // What no disease is linked to, also by its kinds or categories, is no evidence.
            let linked = Set(facts.filter { $0.1.hasSuffix("_phenotype") }.map(\.2))
            evidence.removeAll { finding in
                !finding.0.hasSuffix("onset")
                    && !linked.contains { isRelated($0, finding.0) || isRelated(finding.0, $0) }
            }
            patient = ClinicalCase(
                findings: evidence.filter(\.1).map(\.0), absent: evidence.filter { !$0.1 }.map(\.0))
        }

        func name(_ candidate: Int) -> String { engine.graph.name(of: engine.candidates[candidate]) }
    }

    @Test(arguments: 0..<150) func posteriorsAreThoseOfBayesRuleByPlainProducts(number: Int) throws {
        let draw = try Draw(number)
        let expected = BruteForceBayes(draw.facts).posterior(draw.evidence)
        let posterior = draw.engine.posterior(draw.patient)
        #expect(draw.engine.candidates.count == expected.candidates.count)
        for index in draw.engine.candidates.indices {
            let value = try #require(expected.candidates[draw.name(index)])
            #expect(abs(posterior.probability(of: index) - value) < Self.tolerance)
        }
        #expect(abs(posterior.other - expected.other) < Self.tolerance)
        let sum = draw.engine.candidates.indices.reduce(posterior.other) { $0 + posterior.probability(of: $1) }
        #expect(abs(sum - 1) < Self.tolerance)
    }

    @Test(arguments: 0..<40) func theOrderOfFindingsChangesNothing(number: Int) throws {
        let draw = try Draw(number)
        var shuffled = draw.patient
        var random = CounterRandom(seed: 12, stage: .worlds, step: number)
        random.shuffle(&shuffled.findings)
        random.shuffle(&shuffled.absent)
        let (one, other) = (draw.engine.diagnose(draw.patient), draw.engine.diagnose(shuffled))
        #expect(one.hypotheses == other.hypotheses && one.elsePosterior == other.elsePosterior)
        #expect(one.questions == other.questions && one.verdict == other.verdict)
    }

    /// The information of a question is the expected loss of entropy, computed from the posteriors with the answer.
    @Test(arguments: 0..<30) func questionsAreWorthTheExpectedLossOfEntropy(number: Int) throws {
        let draw = try Draw(number)
        let known = BruteForceBayes(draw.facts)
        func entropy(_ result: BruteForceBayes.Result) -> Double {
            (result.candidates.values + [result.other]).reduce(0) { $0 - ($1 > 0 ? $1 * log2($1) : 0) }
        }
        let before = known.posterior(draw.evidence)
        for question in draw.engine.diagnose(draw.patient, questionLimit: 3).questions {
            let likelihood = known.probabilities(of: question.finding)
            let present =
                before.other * likelihood.other
                + before.candidates.reduce(0) { $0 + $1.value * (likelihood.diseases[$1.key] ?? 0) }
            let expected =
                entropy(before) - present * entropy(known.posterior(draw.evidence + [(question.finding, true)]))
                - (1 - present) * entropy(known.posterior(draw.evidence + [(question.finding, false)]))
            #expect(abs(question.bits - expected) < 1e-9)
        }
    }

    @Test func equalDiseasesStandInTheOrderOfTheirIds() throws {
        let facts = ["Dc", "Da", "Db"].map { ($0, "has_phenotype", "P1") }
        let graph = try ReasoningGraph.make(facts, order: { $0 > $1 })
        let hypotheses = ClinicalReasoningEngine(graph: graph).diagnose(ClinicalCase(findings: ["P1"])).hypotheses
        #expect(hypotheses.map(\.id) == ["id:Da", "id:Db", "id:Dc"])
        #expect(Set(hypotheses.map(\.posterior)).count == 1)
    }

    @Test func findingsThatAnotherImpliesCountOnce() throws {
        let facts = [("D1", "has_phenotype", "P1"), ("D2", "has_phenotype", "P2"), ("P1", "is_a", "P0")]
        let engine = ClinicalReasoningEngine(graph: try ReasoningGraph.make(facts))
        let result = engine.diagnose(ClinicalCase(findings: ["P0", "P1", "p1"]))
        #expect(result.findings.map(\.text) == ["P1"])
        #expect(Set(result.unused.map(\.text)) == ["P0", "p1"])
        let alone = engine.diagnose(ClinicalCase(findings: ["P1"]))
        #expect(result.hypotheses == alone.hypotheses)
        // Without the general finding there is no special one either.
        let absent = engine.diagnose(ClinicalCase(findings: ["P2"], absent: ["P1", "P0"]))
        #expect(absent.unused == [UnusedTerm(text: "P1", reason: .implied(by: "no P0"))])
    }

    @Test func findingsThatContradictEachOtherAreNotUsed() throws {
        let facts = [("D1", "has_phenotype", "P1"), ("D2", "has_phenotype", "P2"), ("P1", "is_a", "P0")]
        let engine = ClinicalReasoningEngine(graph: try ReasoningGraph.make(facts))
        let result = engine.diagnose(ClinicalCase(findings: ["P1", "P2"], absent: ["P0"]))
        #expect(result.findings == [Differential.Finding(text: "P2", isPresent: true)])
        #expect(Set(result.unused.map(\.text)) == ["P1", "P0"])
    }

    @Test(arguments: ["no fever", "Without fevers", "absence of Fever", "denies FEVER"])
    func negationsAreAbsentFindings(text: String) throws {
        let facts = [("D1", "has_symptom", "fever"), ("D2", "has_symptom", "cough")]
        let engine = ClinicalReasoningEngine(graph: try ReasoningGraph.make(facts))
        let result = engine.diagnose(ClinicalCase(findings: ["cough", text]))
        #expect(result.findings.contains(Differential.Finding(text: text, isPresent: false)))
        #expect(
            result.hypotheses
                == engine.diagnose(ClinicalCase(findings: ["cough"], absent: [text.lowercased()]))
                .hypotheses || result.hypotheses.first?.name == "D2")
    }

    @Test func spellingsAndSynonymsAreFound() throws {
        let facts = [("D1", "has_symptom", "joint edema"), ("D2", "has_symptom", "cough")]
        let engine = ClinicalReasoningEngine(
            graph: try ReasoningGraph.make(facts, synonyms: ["cough": ["tussis"]]))
        for text in ["Joint oedema", "joint edemas", "joint-edema"] {
            #expect(engine.diagnose(ClinicalCase(findings: [text])).hypotheses.first?.name == "D1")
        }
        #expect(engine.diagnose(ClinicalCase(findings: ["Tussis"])).hypotheses.first?.name == "D2")
    }

    @Test func aNameWithItsTypeInParenthesesIsTheNameToo() throws {
        let facts = [
            ("arthritis", "has_symptom", "fever"), ("D2", "has_symptom", "arthritis (symptom)"),
            ("D3", "has_symptom", "cough"),
        ]
        let result = ClinicalReasoningEngine(graph: try ReasoningGraph.make(facts)).diagnose(
            ClinicalCase(findings: ["arthritis"]))
        // The disease itself shows it for certain, another one by its link.
        #expect(result.hypotheses.prefix(2).map(\.name) == ["arthritis", "D2"])
        #expect(result.hypotheses.first?.factors.first?.basis == .identity)
    }

    @Test func unknownFindingsAreReportedWithNamesLikeThem() throws {
        let facts = [("D1", "has_symptom", "chest tightness"), ("D2", "has_symptom", "chest pain")]
        let result = ClinicalReasoningEngine(graph: try ReasoningGraph.make(facts)).diagnose(
            ClinicalCase(findings: ["chest tightnes"]))
        #expect(
            result.unused == [
                UnusedTerm(text: "chest tightnes", reason: .unknown(suggestions: ["chest tightness", "chest pain"]))
            ])
        #expect(result.verdict == .notEnoughInformation(.noKnownFinding))
        #expect(result.category == nil)
    }

    @Test func circumstancesAloneAreNotEnough() throws {
        let facts = [("D1", "has_symptom", "fever"), ("D1", "onset", "Childhood onset")]
        let engine = ClinicalReasoningEngine(graph: try ReasoningGraph.make(facts))
        #expect(
            engine.diagnose(ClinicalCase(findings: ["childhood onset"])).verdict
                == .notEnoughInformation(.noKnownFinding))
    }

    @Test func aGraphWithoutDescribedDiseasesHasNoCandidate() throws {
        let graph = try ReasoningGraph.make([("D1", "is_a", "D0")])
        let result = ClinicalReasoningEngine(graph: graph).diagnose(ClinicalCase(findings: ["fever"]))
        #expect(result.verdict == .notEnoughInformation(.noCandidate))
        #expect(abs(result.elsePosterior - 1) < 1e-12 && result.hypotheses.isEmpty)
    }

    /// Ten diseases share one finding: each has less than a disease that is not described.
    @Test func aCommonFindingIsNotEnough() throws {
        let facts = (0..<30).map { ("D\($0)", "has_symptom", "fever") }
        let result = ClinicalReasoningEngine(graph: try ReasoningGraph.make(facts)).diagnose(
            ClinicalCase(findings: ["fever"]))
        #expect(result.verdict == .notEnoughInformation(.somethingElseLeads))
    }

    @Test func kindsOfOneDiseaseSupportItTogether() throws {
        let facts =
            [("D0", "has_symptom", "fever"), ("D0", "has_symptom", "rash")]
            + (1..<6).map { ("D0\($0)", "is_a", "D0") } + (1..<40).map { ("E\($0)", "has_symptom", "s\($0)") }
        let result = ClinicalReasoningEngine(graph: try ReasoningGraph.make(facts)).diagnose(
            ClinicalCase(findings: ["fever", "rash"]))
        #expect(result.verdict == .supportedCategory)
        #expect(result.category?.name == "D0" && result.category.map { $0.posterior > 0.9 } == true)
    }

    @Test func onsetByAgeMeansThePeriodsThatHoldIt() throws {
        let facts = [
            ("D1", "has_symptom", "fever"), ("D2", "has_symptom", "fever"), ("D1", "onset", "Childhood onset"),
            ("D2", "onset", "Adult onset"),
        ]
        let engine = ClinicalReasoningEngine(graph: try ReasoningGraph.make(facts))
        func leader(_ age: Double) -> String? {
            engine.diagnose(ClinicalCase(findings: ["fever"], onsetAge: age)).hypotheses.first?.name
        }
        #expect(leader(3) == "D1" && leader(40) == "D2")
        let named = engine.diagnose(ClinicalCase(findings: ["fever", "childhood onset"]))
        let aged = engine.diagnose(ClinicalCase(findings: ["fever"], onsetAge: 3))
        #expect(named.hypotheses.map(\.posterior) == aged.hypotheses.map(\.posterior))
    }

    @Test func everyFactorSaysWhatItRestsOn() throws {
        let facts = [
            ("D1", "has_phenotype", "P1"), ("D0", "has_phenotype", "P2"), ("D1", "is_a", "D0"), ("P3", "is_a", "P1"),
        ]
        let engine = ClinicalReasoningEngine(
            graph: try ReasoningGraph.make(facts),
            frequencies: FrequencyTable([
                FrequencyTable.Row(disease: "D0", finding: "P1", frequency: FindingFrequency(0.2), source: "a study")
            ]))
        let evidence = [Evidence(source: "test", licence: "CC0")]
        func bases(_ finding: String) -> [String: Differential.Basis?] {
            Dictionary(
                uniqueKeysWithValues: engine.diagnose(ClinicalCase(findings: [finding])).hypotheses.map {
                    ($0.name, $0.factors.first?.basis)
                })
        }
        let own = Differential.Basis.fact(relation: "has_phenotype", disease: "D1", finding: "P1", evidence: evidence)
        #expect(bases("P1") == ["D1": own, "D0": .table(disease: "D0", finding: "P1", source: "a study")])
        #expect(
            bases("P2")["D1"]
                == .fact(relation: "has_phenotype", disease: "D0", finding: "P2", evidence: evidence))
        #expect(bases("P3")["D1"] == .category(own))
    }
}
