import Foundation
import Knowledge
import Storage
import Testing

/// The graph under `Recipes/quickstart/knowledge`.
@Suite struct ShippedGraphTests {
    static let directory = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Recipes/quickstart/knowledge").path

    let graph: KnowledgeGraph

    init() throws { graph = try KnowledgeGraph.load(directory: Self.directory) }

    @Test func hasTheCountsThatItsAttributionStates() {
        #expect(graph.triples.count == 1807)
        #expect(graph.entities.count == 1295)
        #expect(graph.relations.count == 17)
    }

    @Test func coversTwelveSpecialties() {
        let specialties = Set(graph.entities.compactMap(\.specialty)).sorted()
        #expect(
            specialties == [
                "Cardiology", "Dermatology", "Endocrinology & metabolism", "Gastroenterology", "Hematology",
                "Immunology", "Infectious disease", "Musculoskeletal", "Nephrology & urology", "Neurology", "Oncology",
                "Pulmonology",
            ])
    }

    @Test func namesAreUniqueAfterCaseFolding() {
        #expect(Set(graph.entities.map { $0.name.lowercased() }).count == graph.entities.count)
    }

    @Test func everyFactNamesAnOpenLicence() {
        #expect(
            Set(graph.triples.map(\.licence)) == [
                "CC0-1.0", "CC0-1.0 + NCBI public domain", "NCBI public domain", "CC-BY-4.0 (DrugCentral)",
            ])
    }

    @Test func everyEntityHasAFact() {
        #expect(graph.entities.indices.allSatisfy { !graph.steps(from: EntityIndex($0)).isEmpty })
    }

    @Test func keepsIdentifiersAndCrossReferences() throws {
        let disease = try #require(graph.index(name: "hemophagocytic lymphohistiocytosis"))
        #expect(graph.entity(disease).id == "DOID:0050120")
        #expect(graph.entity(disease).crossReferences.contains("ORDO:540"))
        let gene = try #require(graph.index(name: "CACNB2"))
        #expect(graph.entity(gene).id == "NCBIGene:783")
    }

    @Test func filesAreCanonical() throws {
        let copy = NSTemporaryDirectory() + "knowledge-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: copy) }
        try graph.save(directory: copy)
        for file in ["relations.tsv", "entities.tsv", "triples.tsv"] {
            let shipped = try Data(contentsOf: URL(fileURLWithPath: Self.directory + "/" + file))
            let saved = try Data(contentsOf: URL(fileURLWithPath: copy + "/" + file))
            #expect(shipped == saved, "\(file)")
        }
    }

    @Test func digestIsTheHashOfTheFilesOneAfterTheOther() throws {
        var bytes: [UInt8] = []
        for file in ["relations.tsv", "entities.tsv", "triples.tsv"] {
            bytes += try FileStore.read(Self.directory + "/" + file)
        }
        #expect(graph.digest == SHA256.hex(bytes))
    }

    /// The counts are those of a breadth-first enumeration in Python over the same triples.
    @Test func chainsUnambiguousAtEveryHopAreAsManyAsAnIndependentCountFound() throws {
        let hubs: Set = ["inheritance", "onset", "transmitted_by"]
        let steps = graph.allSteps.filter { !hubs.contains(graph.relation($0).name) }
        let sample = ChainSampler(hops: 2...4, allowedSteps: Set(steps)).sample(graph)
        #expect(sample.truncatedAnchors.isEmpty)
        let byHops = [2, 3, 4].map { hops in sample.certificates.count { $0.hops == hops } }
        #expect(byHops == [881, 236, 25])
        for certificate in sample.certificates.prefix(200) { #expect(graph.verify(certificate) == nil) }
    }
}
