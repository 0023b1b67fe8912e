import Testing

@testable import Knowledge

/// The expected numbers were counted by awk and Python over the files, and are stated in the data's README.
@Suite(.enabled(if: ImportData.isThere, Comment(rawValue: ImportData.absence)))
struct SharedDataImportTests {
    private func draft(_ format: ImportFormat, _ files: [String]) throws -> GraphDraft {
        var draft = GraphDraft()
        try format.read(files.map { ImportData.directory + $0 }, into: &draft)
        return draft
    }

    private func counts(_ draft: GraphDraft) -> [String: Int] {
        draft.facts.reduce(into: [:]) { $0[draft.relations[Int($1.relation)].name, default: 0] += 1 }
    }

    @Test func readsTheOpenGraph() throws {
        let draft = try draft(.triples, ["kg/full_kg_open.tsv.zst"])
        #expect(draft.facts.count == 34_728)
        #expect(draft.entities.count == 19_421)
        #expect(counts(draft).count == 20)
        #expect(counts(draft)["caused_by_variant_in"] == 3_935)
        #expect(draft.report.omitted == 0)
    }

    @Test func mergesTheDemoGraphWithoutLoss() throws {
        let draft = try draft(.triples, ["demo_kg.tsv"])
        let outcome = try GraphMerger().merge(draft)
        #expect(outcome.graph.triples.count == 1_808)
        #expect(outcome.graph.entities.count == 1_297)
        #expect(Set(outcome.graph.entities.compactMap(\.specialty)).count == 12)
    }

    @Test func readsTheDiseaseOntologyAsTheOpenGraphWasDerivedFromIt() throws {
        let draft = try draft(
            .diseaseOntology, ["kg/source/HumanDO.tsv.zst", "kg/source/DO-subClassOf-anonymous.tsv.zst"])
        let counts = counts(draft)
        #expect(counts["is_a"] == 12_288)
        #expect(counts["inheritance"] == 3_657)
        #expect(counts["has_symptom"] == 2_261)
        #expect(counts["located_in"] == 824)
        #expect(counts["caused_by_organism"] == 258)
        #expect(counts["transmitted_by"] == 174)
        #expect(draft.report.count("parents that are no disease of the file") == 8)
    }

    @Test func readsAnOntologySlim() throws {
        let draft = try draft(.obo, ["kg/source/DO_rare_slim.obo.zst"])
        #expect(draft.report.records == 3_460)
        #expect(draft.report.count("terms that are obsolete") == 2)
        #expect(counts(draft) == ["is_a": 1_609])
    }

    @Test func readsDrugCentral() throws {
        let draft = try draft(
            .drugCentral,
            ["targets", "indications", "drug-to-class", "classes"].map { "kg/source/drugcentral_\($0).tsv.zst" })
        let counts = counts(draft)
        #expect(counts["targets"] == 2_991)
        #expect(counts["indicated_for"] == 569)
        #expect(counts["palliates"] == 77)
        #expect(draft.report.count("indications that the source refutes") == 25)
        #expect(
            [
                "pharmacologic_class", "mechanism_of_action", "physiologic_effect", "chemical_class",
                "pharmacological_action", "application",
            ].reduce(0) { $0 + (counts[$1] ?? 0) } == 10_959)
    }
}
