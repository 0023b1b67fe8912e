import Foundation
import Knowledge
import Retrieval
import Testing

@Suite struct MonographComposerTests {
    static let graph = Result { () throws in
        try KnowledgeGraph.load(
            directory: URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent().appendingPathComponent("Recipes/quickstart/knowledge").path)
    }

    private func text(of name: String, limit: Int = 6) throws -> String {
        let graph = try Self.graph.get()
        let entity = try #require(graph.index(name: name))
        return MonographComposer(maximumObjectsPerSentence: limit).document(of: entity, in: graph).text
    }

    @Test func statesOutgoingAndIncomingFacts() throws {
        #expect(
            try text(of: "CACNB2")
                == "CACNB2 variants cause the disease Brugada syndrome 4. CACNB2 is located at the cytoband 10p12.")
        #expect(
            try text(of: "Abiraterone")
                == "Abiraterone treats prostate cancer. Abiraterone targets the gene CYP17A1.")
    }

    @Test func countsWhatALongListLeavesOut() throws {
        let sentence = try text(of: "Childhood onset", limit: 2)
        #expect(sentence.hasPrefix("Childhood onset is the onset of "))
        #expect(sentence.hasSuffix(" and 6 more.") && sentence.contains(", "), "\(sentence)")
    }

    @Test func writesOneDocumentPerEntityAndStaysShort() throws {
        let graph = try Self.graph.get()
        let documents = MonographComposer().documents(of: graph)
        #expect(documents.map(\.id) == graph.entities.map(\.id))
        #expect(documents.map(\.title) == graph.entities.map(\.name))
        #expect(documents.allSatisfy { !$0.text.isEmpty && $0.text.count <= 1000 })
    }

    @Test func everyHopOfAnUnambiguousChainIsReadable() throws {
        let graph = try Self.graph.get()
        let texts = MonographComposer().documents(of: graph).map(\.text)
        let sample = ChainSampler(hops: 1...2, allowedSteps: Set(graph.allSteps)).sample(graph)
        #expect(!sample.certificates.isEmpty)
        for certificate in sample.certificates {
            for (from, to) in zip(certificate.entities, certificate.entities.dropFirst()) {
                #expect(texts[Int(from)].contains(graph.entity(to).name))
            }
        }
    }

    /// The onset lists eight diseases; each disease has one onset.
    @Test func evidenceIsWhatStatesTheFactInFull() throws {
        let graph = try Self.graph.get()
        let onset = try #require(graph.index(name: "Childhood onset"))
        let step = try #require(graph.step(named: "^onset"))
        let composer = MonographComposer(maximumObjectsPerSentence: 2)
        let diseases = graph.neighbours(of: onset, by: step)
        let evidence = diseases.map { composer.evidence(for: step, from: onset, to: $0, in: graph) }
        #expect(evidence[0] == [graph.id(of: onset), graph.id(of: diseases[0])])
        #expect(evidence[2] == [graph.id(of: diseases[2])])
        #expect(composer.evidence(for: step, from: diseases[0], to: onset, in: graph) == [])
    }

    @Test func everyMonographIsFoundByItsTitle() throws {
        let graph = try Self.graph.get()
        let index = DocumentIndex(documents: MonographComposer().documents(of: graph))
        for entity in graph.entities {
            #expect(index.search(entity.name, limit: 1).first?.document.id == entity.id)
        }
    }

    @Test func anEntityWithoutFactsSaysWhatItIs() throws {
        let graph = try KnowledgeGraph(
            relations: [], entities: [Entity(id: "c:1", name: "Merkel cell", type: "cell_or_tissue")], triples: [])
        #expect(MonographComposer().document(of: 0, in: graph).text == "Merkel cell: cell or tissue.")
    }
}
