import Foundation
import Knowledge
import Primitives
import Testing

@testable import Retrieval

@Suite struct PassageTests {
    @Test(arguments: 0..<20) func passagesCoverTheTextAndKeepTheirBounds(_ seed: Int) {
        var random = CounterRandom(seed: UInt64(seed), stage: .evaluation)
        let text = (0..<random.integer(below: 30)).map { _ in RandomCorpus.text(&random, maximum: 30) + ". É" }
            .joined(separator: " ")
        let finder = PassageFinder(maximumBytes: 100, overlapBytes: 30)
        let bytes = Array(text.utf8)
        var covered = 0
        for passage in finder.passages(of: text) {
            #expect(passage.count <= 100 && passage.upperBound <= bytes.count)
            #expect(String(validating: bytes[passage], as: UTF8.self) != nil)
            if passage.lowerBound > covered { #expect(bytes[covered..<passage.lowerBound].allSatisfy { $0 == 0x20 }) }
            covered = max(covered, passage.upperBound)
        }
        #expect(bytes[covered...].allSatisfy { $0 == 0x20 })
    }

    private func retriever(_ documents: [RetrievalDocument], _ folder: IndexDirectory) throws -> MedicalRetriever {
        try folder.make(documents)
        var retriever = MedicalRetriever(index: try RetrievalIndex(directory: folder.path))
        retriever.passages = PassageFinder(maximumBytes: 80, overlapBytes: 0)
        return retriever
    }

    @Test func theBestPassageIsShownWithItsPlace() throws {
        let text =
            "Asthma is a disease of the airways. It is common. Über all it is treated with inhalers. "
            + "Salbutamol opens the airways within minutes. Steroids work more slowly. Children grow out of it at times."
        let folder = IndexDirectory()
        let answer = try retriever([RetrievalDocument(id: "a", text: text)], folder).search("salbutamol minutes")
        let passage = try #require(answer.passages.first)
        #expect(passage.text.contains("Salbutamol opens the airways within minutes."))
        #expect(passage.text.utf8.count <= 80)
        #expect(Array(text.utf8)[passage.span].elementsEqual(passage.text.utf8))
    }

    @Test func filtersLookBeyondThePool() throws {
        let folder = IndexDirectory()
        let documents = (0..<300).map { number in
            RetrievalDocument(
                id: "d\(1000 + number)", text: "asthma", attributes: number == 299 ? ["evidence_level": "1a"] : [:])
        }
        let answer = try retriever(documents, folder).search(
            "asthma", filter: RetrievalFilter(evidenceLevel: .level1b))
        #expect(answer.passages.map(\.document.id) == ["d1299"])
    }

    @Test func aDocumentWithoutTextIsFoundByItsTitle() throws {
        let folder = IndexDirectory()
        let answer = try retriever([RetrievalDocument(id: "a", title: "Asthma", text: "")], folder).search("asthma")
        #expect(answer.passages.map(\.text) == [""])
    }

    private func graph() throws -> KnowledgeGraph {
        try KnowledgeGraph(
            relations: [],
            entities: [
                Entity(id: "1", name: "myocardial infarction", type: "disease", synonyms: ["heart attack"]),
                Entity(id: "2", name: "heart", type: "organ", synonyms: ["cor"]),
            ], triples: [])
    }

    @Test func synonymsOfTheGraphAreFound() throws {
        let expansion = SynonymExpansion(graph: try graph())
        #expect(
            expansion.matches(in: "treating heart attacks")
                == [.init(entity: "myocardial infarction", added: ["myocardial infarction"])])
        #expect(expansion.matches(in: "the heart") == [.init(entity: "heart", added: ["cor"])])
        #expect(expansion.matches(in: "attack") == [])

        let folder = IndexDirectory()
        var retriever = try retriever(
            [
                RetrievalDocument(id: "a", text: "Heart attacks are treated at once."),
                RetrievalDocument(id: "b", text: "Myocardial infarction needs reperfusion."),
                RetrievalDocument(id: "c", text: "Gout is treated."),
            ], folder)
        retriever.ranking.lambda = 1
        #expect(retriever.search("heart attack").passages.map(\.document.id) == ["a"])
        retriever.synonyms = expansion
        #expect(retriever.search("heart attack").passages.map(\.document.id) == ["a", "b"])
        #expect(retriever.rankedIdentifiers("heart attack", limit: 5) == ["a", "b"])
    }
}
