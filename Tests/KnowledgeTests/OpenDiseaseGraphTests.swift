import Foundation
import Knowledge
import Primitives
import Storage
import Testing

/// The open disease graph and the questions made from it elsewhere, under `shared/data` beside the repository. Where the
/// data are absent, these tests are left out.
@Suite(.enabled(if: SharedData.directory != nil, "needs shared/data beside the repository"))
struct OpenDiseaseGraphTests {
    static let graph = Result<KnowledgeGraph, KnowledgeError> { () throws(KnowledgeError) in
        try KnowledgeGraph.load(path: (SharedData.directory ?? "") + "/kg/full_kg_open.tsv.zst")
    }

    /// 34,728 and 19,421 are stated in the data's README, 93,523 in the report on it.
    @Test func hasAsManyFactsAndEntailsAsManyAsOthersCounted() throws {
        let graph = try Self.graph.get()
        #expect(graph.triples.count == 34_728 && graph.entities.count == 19_421 && graph.relations.count == 20)
        #expect(try graph.facts(.entailed).count == 93_523)
    }

    /// Of the 1,359 questions 805 have one answer under entailment if the anchor is not counted: their makers' number. An
    /// independent program in Python found the same candidates, answers and distances, 73 shorter paths over entailed
    /// facts, 5 of them where there is a second answer as well, and 135 chains that certify but for a second walk.
    @Test func everyClaimOfTheQuestionsMadeElsewhereIsReproduced() throws {
        let verifier = try QuestionFileVerifier(graph: Self.graph.get())
        var summary = QuestionFileVerifier.Summary()
        for (number, row) in try JSONLines.read((SharedData.directory ?? "") + "/demo_questions.jsonl.zst").enumerated()
        {
            summary.add(verifier.outcome(of: row, line: number + 1), id: "\(number)")
        }
        #expect(summary.references == 1_359 && summary.reproduced == 1_359 && summary.isClean)
        #expect(summary.unique == 805)
        #expect(summary.certified == 511 && summary.withSeveralWalks == 135)
        #expect(summary.uniqueWithoutAnchorOnly == 91 && summary.withShortcut == 68)
    }

    @Test func theDemonstrationGraphIsPartOfTheOpenOne() throws {
        let demonstration = try KnowledgeGraph.load(path: (SharedData.directory ?? "") + "/demo_kg.tsv")
        #expect(demonstration.triples.count == 1_808 && demonstration.entities.count == 1_297)
        #expect(demonstration.index(id: "DOID:0112248") != nil)
    }

    @Test func queriesDrawnFromItHold() throws {
        let facts = try Self.graph.get().asserted
        let sample = QuerySampler(allowedSteps: Set(facts.graph.allSteps), seed: 3).sample(facts, count: 16)
        #expect(sample.count == 16)
        let verifier = CertificateVerifier(graph: facts.graph)
        for certificate in sample { #expect(verifier.verify(certificate) == nil) }
    }
}

/// Data that are not part of the repository.
enum SharedData {
    static let directory: String? = {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let places = [root.deletingLastPathComponent().appendingPathComponent("shared/data").path, "/work/shared/data"]
        return places.first { FileStore.exists($0 + "/kg/full_kg_open.tsv.zst") }
    }()
}
