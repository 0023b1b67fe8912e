import Primitives
import Testing

@testable import Synthesis

struct NameForgeTests {
    private static let types = [
        "disease", "gene", "cytoband", "drug", "organism", "symptom", "phenotype", "anatomy", "cell_or_tissue",
        "drug_class", "mechanism", "transmission", "inheritance", "onset", "anything else",
    ]

    private static func forge(_ step: Int = 0, forbidden: Set<String> = []) -> NameForge {
        NameForge(random: CounterRandom(seed: 7, stage: .worlds, step: step), forbidden: forbidden)
    }

    @Test(arguments: types) func neverGivesANameTwice(type: String) {
        var forge = Self.forge()
        let names = (0..<500).map { _ in forge.name(ofType: type).lowercased() }
        #expect(Set(names).count == names.count)
    }

    @Test(arguments: types) func neverGivesAForbiddenName(type: String) {
        var forge = Self.forge()
        let forbidden = Set((0..<200).map { _ in forge.name(ofType: type).lowercased() })
        var other = Self.forge(forbidden: forbidden)
        for _ in 0..<400 { #expect(!forbidden.contains(other.name(ofType: type).lowercased())) }
    }

    @Test func geneSymbolsLookLikeGeneSymbols() {
        var forge = Self.forge()
        for _ in 0..<300 {
            let name = forge.name(ofType: "gene")
            #expect(name.wholeMatch(of: /[A-Z]+(-[A-Z])?[A-Z0-9]*/) != nil, "\(name)")
        }
    }

    @Test func cytobandsLookLikeCytobands() {
        var forge = Self.forge()
        for _ in 0..<300 {
            let name = forge.name(ofType: "cytoband")
            #expect(
                name.wholeMatch(of: /([1-9]|1[0-9]|2[0-2]|X)[pq]\d\d(\.\d+)?(-[pq]\d\d(\.\d+)?)?/) != nil, "\(name)")
        }
    }

    @Test func noGenericWordIsAnEntityOfTheShippedGraph() throws {
        let names = FictionalWorld.forbiddenNames(of: try ShippedGraph.load())
        let words =
            InventedLexicon.adjectives + InventedLexicon.diseaseHeads + InventedLexicon.findingHeads
            + InventedLexicon.findingAdjectives + InventedLexicon.anatomyHeads + InventedLexicon.salts
            + InventedLexicon.classHeads + InventedLexicon.routes
        #expect(names.intersection(words.map { $0.lowercased() }).isEmpty)
    }
}
