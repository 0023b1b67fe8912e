import Foundation
import Knowledge
import Primitives
import Storage
import Testing

@testable import Synthesis

struct EnglishWordingTests {
    private let graph: KnowledgeGraph
    private let wording: EnglishWording

    init() throws {
        graph = try LoadedGraph.graph.get()
        wording = EnglishWording(graph: graph)
    }

    private func texts(_ description: EntityDescription, count: Int = 60) -> Set<String> {
        Set(
            (0..<count).map { number in
                var random = CounterRandom(seed: 1, stage: .synthesis, step: number)
                return wording.question(for: description, random: &random)
            })
    }

    private func chain(_ anchor: String, _ steps: String...) throws -> EntityDescription {
        EntityDescription(
            ChainQuery(
                anchor: try #require(graph.index(name: anchor)),
                steps: try steps.map { try #require(graph.step(named: $0)) }))
    }

    // MARK: The table

    @Test func everyPhraseHasItsPlaceholders() {
        for (name, phrases) in EnglishPhrasebook.forward.map({ ($0, $1) })
            + EnglishPhrasebook.inverse.map({ ("^" + $0, $1) })
        {
            func count(_ text: String, _ mark: String) -> Int {
                text.split(separator: mark, omittingEmptySubsequences: false).count - 1
            }
            for text in phrases.predicates + phrases.nounPhrases + phrases.questions + phrases.statements {
                #expect(count(text, "{x}") == 1, "\(name): \(text)")
            }
            for text in phrases.namedPredicates {
                #expect(count(text, "{x}") + count(text, "{a x}") == 1, "\(name): \(text)")
            }
            for text in phrases.statements {
                #expect(count(text, "{new}") == 1 && text.hasSuffix("."), "\(name): \(text)")
            }
            #expect(phrases.questions.allSatisfy { $0.hasSuffix("?") }, "\(name)")
            // Something must be able to take a long `{x}` at its end.
            #expect(phrases.questions.contains { $0.hasSuffix("{x}?") }, "\(name)")
            #expect(phrases.predicates.contains { $0.hasSuffix("{x}") }, "\(name)")
        }
    }

    @Test func bothDirectionsAreCovered() {
        #expect(Set(EnglishPhrasebook.forward.keys) == Set(EnglishPhrasebook.inverse.keys))
        #expect(EnglishPhrasebook.coveredRelations.count == 20)
        #expect(EnglishPhrasebook.coveredRelations.isSuperset(of: graph.relations.map(\.name)))
    }

    @Test(.enabled(if: LargeGraph.isThere, "needs /work/shared/data")) func theLargeGraphsRelationsAreCovered() throws {
        let text = String(decoding: try Zstandard.decompress(try FileStore.read(LargeGraph.path)), as: UTF8.self)
        let names = Set(
            text.split(separator: "\n").dropFirst().compactMap { $0.split(separator: "\t").dropFirst(2).first })
        #expect(names.count == 20)
        #expect(EnglishPhrasebook.coveredRelations == Set(names.map(String.init)))
    }

    // MARK: Questions

    @Test func aChainHasManyWordings() throws {
        let texts = texts(try chain("10p12", "^located_at", "^caused_by_variant_in"))
        #expect(texts.count >= 10)
        #expect(texts.contains("Which disease is caused by variants in the gene located at cytoband 10p12?"))
        #expect(texts.contains("Identify the disease due to mutations in the gene that maps to cytoband 10p12."))
    }

    @Test func theSameStreamGivesTheSameWording() throws {
        let description = try chain("10p12", "^located_at", "^caused_by_variant_in")
        var first = CounterRandom(seed: 4, stage: .synthesis)
        var second = first
        #expect(
            wording.question(for: description, random: &first) == wording.question(for: description, random: &second))
        #expect(first.next() == second.next())
    }

    @Test func theDefiniteArticleStandsForOneEntityOnly() throws {
        let many = try chain("rheumatoid arthritis", "^indicated_for", "targets")
        #expect(!many.denotation(in: graph).isEmpty)
        #expect(texts(many).allSatisfy { !$0.contains("the drug") })
    }

    @Test func classNamesBecomeMembers() throws {
        let texts = texts(try chain("Bisphosphonate", "^pharmacologic_class"))
        #expect(texts.contains("Which drug is a bisphosphonate?"))
        #expect(texts.allSatisfy { !$0.contains("Bisphosphonate") })
    }

    @Test func unknownRelationsUseTheirSchema() throws {
        let small = try SmallGraph.make()
        let wording = EnglishWording(graph: small)
        var random = CounterRandom(seed: 1, stage: .synthesis)
        let query = ChainQuery(anchor: 0, steps: [Step(relation: 2), Step(relation: 0)])
        for _ in 0..<20 {
            let text = wording.question(for: EntityDescription(query), random: &random)
            #expect(text.contains("disease treated by") && text.contains("gene that causes"), "\(text)")
        }
    }

    /// Properties of every wording: it names its names, ends like a sentence, has balanced spaces and no placeholder.
    @Test func wordingsAreWellFormed() throws {
        let certificates = ChainSampler(
            hops: 2...6, allowedSteps: Set(graph.allSteps), maximumCandidatesPerStep: 2
        ).sample(graph).certificates
        #expect(certificates.contains { $0.hops == 6 })
        for (number, certificate) in certificates.enumerated() where number % max(1, certificates.count / 300) == 0 {
            var random = CounterRandom(seed: 2, stage: .synthesis, step: number)
            let text = wording.question(for: EntityDescription(certificate.query), random: &random)
            #expect(text.hasSuffix("?") || text.hasSuffix("."), "\(text)")
            #expect(text.first?.isLowercase == false || text.hasPrefix("mTOR"), "\(text)")
            for flaw in ["{", "}", "  ", " .", " ?", "the the ", "a the ", "the a ", "cytoband the", "a a ", ".."] {
                #expect(!text.contains(flaw), "\(flaw) in: \(text)")
            }
            let anchor = graph.entity(certificate.query.constraints[0].anchor)
            // Body parts are renamed: `zone of skin` is an area of skin.
            guard anchor.type != "anatomy" else { continue }
            #expect(LeakCheck(text: text).finding(for: anchor) != nil, "\(anchor.name): \(text)")
        }
    }

    @Test func namesakesAreTold() throws {
        // Two genes are introduced: a reference must say which.
        var random = CounterRandom(seed: 1, stage: .synthesis)
        let certificates = ChainSampler(
            hops: 4...6, allowedSteps: Set(graph.allSteps), maximumCandidatesPerStep: 1
        ).sample(graph).certificates
        for certificate in certificates.prefix(400) {
            let text = wording.question(for: EntityDescription(certificate.query), random: &random)
            for noun in ["gene", "disease", "drug"] where text.contains("a second \(noun)") {
                let after = text.split(separator: "a second \(noun)", maxSplits: 1).last ?? ""
                #expect(!after.lowercased().contains("this \(noun)"), "\(text)")
            }
        }
    }
}
