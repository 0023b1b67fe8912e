import Foundation
import Primitives
import Testing

@testable import Retrieval

@Suite struct RetrievalIndexTests {
    /// Adds, replaces and deletes at random with commits between, and compares every state with a ranking by the book over
    /// the documents that should be there: ids, order, scores and content.
    @Test(arguments: 0..<6) func anIndexThatGrewEqualsTheBook(_ seed: Int) throws {
        var random = CounterRandom(seed: UInt64(seed), stage: .evaluation)
        let folder = IndexDirectory()
        var expected: [String: RetrievalDocument] = [:]
        let configuration = IndexConfiguration(delta: seed % 2 == 0 ? 0 : 0.2, titleWeight: 3)
        // A tiny buffer makes segments within a commit too.
        var writer: IndexWriter? = try IndexWriter.create(
            directory: folder.path, configuration: configuration, bufferBytes: 400)
        for round in 0..<8 {
            if round > 0, random.uniform() < 0.3 {
                writer = nil
                writer = try IndexWriter(directory: folder.path, bufferBytes: 400)
            }
            let open = try #require(writer)
            for _ in 0..<random.integer(below: 12) {
                if random.uniform() < 0.3 {
                    let id = "d\(random.integer(below: 30))"
                    open.delete(id: id)
                    expected[id] = nil
                } else {
                    let document = RandomCorpus.document(&random, identifiers: 30)
                    try open.add(document)
                    expected[document.id] = document
                }
            }
            let summary = try open.commit()
            #expect(summary.documents == expected.count)
            try check(RetrievalIndex(directory: folder.path), expected, configuration, &random)
        }
    }

    private func check(
        _ index: RetrievalIndex, _ expected: [String: RetrievalDocument], _ configuration: IndexConfiguration,
        _ random: inout CounterRandom
    ) throws {
        #expect(index.documentCount == expected.count)
        for document in expected.values { #expect(index.document(id: document.id) == document) }
        let reference = ReferenceRanking(
            configuration: configuration, documents: expected.values.sorted { $0.id < $1.id })
        for _ in 0..<4 {
            let query = RandomCorpus.text(&random, maximum: 4)
            let scores = reference.scores(query)
            let hits = index.search(query, limit: 100)
            #expect(Set(hits.map(\.id)) == Set(scores.keys))
            for hit in hits { #expect(abs(hit.score - (scores[hit.id] ?? .nan)) < 1e-4, "\(query)") }
            for (left, right) in zip(hits, hits.dropFirst()) {
                #expect(left.score > right.score || (left.score == right.score && left.id < right.id))
            }
            #expect(index.search(query, limit: 3).map(\.id) == hits.prefix(3).map(\.id))
        }
    }

    @Test func scoresDoNotDependOnTheHistory() throws {
        var random = CounterRandom(seed: 3, stage: .evaluation)
        let documents = (0..<40).map { number in
            RetrievalDocument(id: "d\(number)", text: RandomCorpus.text(&random, maximum: 20))
        }
        let (whole, grown) = (IndexDirectory(), IndexDirectory())
        try whole.make(documents)
        try grown.make([])
        for document in documents.reversed() {
            let writer = try IndexWriter(directory: grown.path)
            try writer.add(RetrievalDocument(id: document.id, text: "something else"))
            try writer.add(RetrievalDocument(id: "gone", text: "asthma"))
            try writer.commit()
            try writer.add(document)
            writer.delete(id: "gone")
            try writer.commit()
        }
        let (first, second) = try (RetrievalIndex(directory: whole.path), RetrievalIndex(directory: grown.path))
        #expect(second.segmentCount < IndexWriter.mergeFactor)
        for query in ["asthma", "heart tumour", "IL-2 gene cells"] {
            #expect(
                first.search(query, limit: 50).map { "\($0.id) \($0.score)" }
                    == second.search(query, limit: 50).map { "\($0.id) \($0.score)" })
        }
    }

    @Test func theSameDocumentsGiveTheSameBytes() throws {
        let documents = ["b", "a", "c"].map { RetrievalDocument(id: $0, title: "title \($0)", text: "asthma \($0)") }
        let (first, second) = (IndexDirectory(), IndexDirectory())
        try first.make(documents)
        try second.make(documents.reversed())
        let images = try [first, second].map {
            try Data(contentsOf: URL(fileURLWithPath: $0.path + "/000001.segment"))
        }
        // Terms and documents are sorted, whatever the order in which they came.
        #expect(images[0] == images[1])
    }

    @Test func aReaderKeepsItsStateWhileAnotherWrites() throws {
        let folder = IndexDirectory()
        try folder.make([RetrievalDocument(id: "a", text: "asthma")])
        let reader = try RetrievalIndex(directory: folder.path)
        let writer = try IndexWriter(directory: folder.path)
        for number in 0..<20 {
            try writer.add(RetrievalDocument(id: "b\(number)", text: "asthma"))
            try writer.commit()
        }
        writer.delete(id: "a")
        try writer.commit()
        #expect(reader.search("asthma", limit: 50).map(\.id) == ["a"])
        #expect(reader.document(id: "a")?.text == "asthma")
        let newer = try reader.refreshed()
        #expect(newer.search("asthma", limit: 50).count == 20)
        #expect(newer.document(id: "a") == nil)
        #expect(try newer.refreshed() === newer)
    }

    @Test func readersOpenWhileAWriterCommits() async throws {
        let folder = IndexDirectory()
        try folder.make([RetrievalDocument(id: "a", text: "asthma")])
        let path = folder.path
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                let writer = try IndexWriter(directory: path)
                for number in 0..<30 {
                    try writer.add(RetrievalDocument(id: "b\(number % 5)", text: "asthma \(number)"))
                    try writer.commit()
                }
            }
            for _ in 0..<3 {
                group.addTask {
                    for _ in 0..<30 {
                        let index = try RetrievalIndex(directory: path)
                        #expect(index.search("asthma", limit: 50).count == index.documentCount)
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func aSecondWriterIsRefused() throws {
        let folder = IndexDirectory()
        let writer = try IndexWriter.create(directory: folder.path)
        #expect(throws: RetrievalError.locked(path: folder.path)) { try IndexWriter(directory: folder.path) }
        withExtendedLifetime(writer) {}
    }

    @Test func anIndexIsNotMadeTwice() throws {
        let folder = IndexDirectory()
        try folder.make([])
        #expect(throws: RetrievalError.indexExists(path: folder.path)) {
            try IndexWriter.create(directory: folder.path)
        }
    }

    @Test func whatWasNotCommittedIsNotThere() throws {
        let folder = IndexDirectory()
        try folder.make([RetrievalDocument(id: "a", text: "asthma")])
        do {
            let writer = try IndexWriter(directory: folder.path, bufferBytes: 1)
            try writer.add(RetrievalDocument(id: "b", text: "asthma"))
            writer.delete(id: "a")
        }
        #expect(try RetrievalIndex(directory: folder.path).search("asthma", limit: 5).map(\.id) == ["a"])
        #expect(try folder.files(".segment").count == 2)
        // The next writer removes what was left behind.
        _ = try IndexWriter(directory: folder.path)
        #expect(try folder.files(".segment") == ["000001.segment"])
    }

    @Test func theSummaryCounts() throws {
        let folder = IndexDirectory()
        let writer = try IndexWriter.create(directory: folder.path)
        for id in ["a", "b", "a"] { try writer.add(RetrievalDocument(id: id, text: id)) }
        writer.delete(id: "b")
        writer.delete(id: "z")
        let summary = try writer.commit()
        #expect(summary.added == 2 && summary.replaced == 1 && summary.deleted == 1)
        #expect(summary.missing == ["z"] && summary.documents == 1 && summary.segments == 1)
        #expect(try writer.commit().added == 0)
    }
}
