import Primitives
import Storage
import Testing

@testable import Knowledge

@Suite struct CorpusFrequenciesTests {
    private let entities = [
        Entity(id: "d:1", name: "gout", type: "disease", synonyms: ["podagra"]),
        Entity(id: "d:2", name: "scurvy", type: "disease"), Entity(id: "d:3", name: "sprue", type: "disease"),
    ]

    @Test func countsMentionsAndDocumentsOfSeveralFiles() throws {
        let first = try TemporaryFile(
            "{\"title\": \"Gout\", \"text\": \"Podagra is gout.\"}\n{\"text\": \"Scurvy, not gout\"}\n", name: "a.jsonl"
        )
        let second = try TemporaryFile("no more than seven words in here", name: "b.txt")
        let lexicon = MentionLexicon(entities)
        let one = try CorpusFrequencies.count(lexicon, in: [first.path, second.path])
        #expect(one.words == 1 + 3 + 3 + 7)
        #expect(one.documents == 3)
        #expect(one.mentions == [4, 1, 0])
        #expect(one.mentioningDocuments == [2, 1, 0])
        #expect(one.frequency(0) == 4.0 / 14)
        #expect(one.rare(below: 0.1) == [1, 2])
        #expect(!one.isLargeEnough(for: 0.1))
        #expect(try CorpusFrequencies.count(lexicon, in: [second.path, first.path], concurrency: 2) == one)
        let table = String(decoding: one.table(entities), as: UTF8.self)
        #expect(table.split(separator: "\n")[3] == "d:3\tsprue\t0\t0\t0.0")
    }

    @Test(arguments: ["nothing.jsonl", "table.csv"])
    func aFileThatCannotBeReadIsKnownBeforeAnythingIsCounted(_ name: String) throws {
        let first = try TemporaryFile("gout", name: "a.txt")
        let bad = try TemporaryFile("gout", name: name)
        if name == "nothing.jsonl" { try FileStore.remove(bad.path) }
        let error = try #require(throws: KnowledgeError.self) {
            try CorpusFrequencies.count(MentionLexicon(entities), in: [first.path, bad.path]) { _, _ in
                Issue.record("nothing should have been counted")
            }
        }
        #expect("\(error)".contains(name), "\(error)")
    }

    @Test func aGraphTakesTheFrequencies() throws {
        var draft = GraphDraft()
        for entity in entities { draft.add(entity) }
        let graph = try GraphMerger().merge(draft).graph
        let file = try TemporaryFile("gout and gout", name: "a.txt")
        let frequencies = try CorpusFrequencies.count(MentionLexicon(graph.entities), in: [file.path])
        #expect(try graph.counted(frequencies).entities.map(\.frequency) == [2.0 / 3, 0, 0])
    }

    /// Counted by Python: occurrences of `\\b(?i:name)\\b` in titles and texts of the first 200 passages of MedQuAD.
    @Test(.enabled(if: ImportData.isThere, Comment(rawValue: ImportData.absence)))
    func agreesWithAnIndependentCount() throws {
        let reader = try DocumentReader(path: ImportData.directory + "retrieval/medquad/corpus.jsonl.zst")
        let names = ["leukemia", "chemotherapy", "bone marrow", "fever"]
        var counter = CorpusFrequencies.Counter(
            MentionLexicon(names.map { Entity(id: $0, name: $0, type: "t") }))
        for _ in 0..<200 { if let document = try reader.next() { counter.add(document) } }
        #expect(counter.result.mentions == [531, 754, 216, 46])
    }
}
