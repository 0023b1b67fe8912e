import Testing

@testable import Retrieval

@Suite struct DocumentIndexTests {
    /// Scores of bm25s 0.2 (`method="lucene"`, k1 0.9, b 0.4) on the same four texts.
    static let texts = [
        "the cat sat on the mat", "the dog chased the cat and the dog barked", "mitral valve prolapse",
        "a gene that causes long qt syndrome and a gene that does not",
    ]
    static let reference: [(query: String, scores: [Int: Double])] = [
        ("the cat", [0: 0.8729391098022461, 1: 0.8793643712997437]),
        ("dog dog cat", [0: 0.3811202943325043, 1: 1.982050895690918]),
        ("gene syndrome valve", [2: 0.7169257998466492, 3: 1.3275057077407837]),
    ]

    @Test(arguments: reference.indices) func scoresEqualTheReference(_ index: Int) {
        let (query, expected) = Self.reference[index]
        let documents = Self.texts.enumerated().map { Document(id: "\($0)", title: "", text: $1) }
        let passages = DocumentIndex(documents: documents).search(query, limit: 10)
        #expect(passages.count == expected.count)
        for passage in passages {
            let score = expected[Int(passage.document.id) ?? -1] ?? .nan
            #expect(abs(passage.score - score) < 1e-6, "document \(passage.document.id)")
        }
        #expect(passages.map(\.score) == passages.map(\.score).sorted(by: >))
    }

    @Test func theTitleCountsMoreThanTheText() {
        let index = DocumentIndex(documents: [
            Document(id: "a", title: "other thing", text: "asthma asthma in passing words"),
            Document(id: "b", title: "allergic asthma", text: "some words in passing here"),
        ])
        #expect(index.search("asthma", limit: 2).map(\.document.id) == ["b", "a"])
    }

    @Test func theExactTitleComesFirstWhateverItsCase() {
        let index = DocumentIndex(documents: [
            Document(id: "a", title: "asthma asthma asthma", text: "asthma"),
            Document(id: "b", title: "Asthma", text: "a long text that says little about the disease of the title"),
        ])
        #expect(index.search("  aSTHMA ", limit: 5).map(\.document.id) == ["b", "a"])
    }

    @Test func tiesAreBrokenByIdentifierNotByInputOrder() {
        let documents = ["c", "a", "b", "d"].map { Document(id: $0, title: "same", text: "words") }
        #expect(DocumentIndex(documents: documents).search("words", limit: 3).map(\.document.id) == ["a", "b", "c"])
    }

    @Test(arguments: ["", "unseen", "…", "  "]) func findsNothingWithoutASharedWord(_ query: String) {
        let index = DocumentIndex(documents: [Document(id: "a", title: "title", text: "text")])
        #expect(index.search(query, limit: 3).isEmpty)
    }

    @Test func anEmptyIndexAndAZeroLimitFindNothing() {
        #expect(DocumentIndex(documents: []).search("word", limit: 3).isEmpty)
        let index = DocumentIndex(documents: [Document(id: "a", title: "title", text: "text")])
        #expect(index.search("title", limit: 0).isEmpty)
    }

    @Test func theLimitKeepsTheBest() {
        let documents = (0..<20).map { number in
            Document(
                id: String(number + 10), title: "t",
                text: Array(repeating: "word", count: number + 1).joined(separator: " ") + " filler")
        }
        let index = DocumentIndex(documents: documents, parameters: .init(b: 0))
        #expect(index.search("word", limit: 3).map(\.document.id) == ["29", "28", "27"])
    }

    static let scanned: [(String, [String])] = [
        ("Brugada syndrome 4.", ["brugada", "syndrome", "4"]),
        ("at 11p15.1. Then", ["at", "11p15.1", "then"]),
        ("4q25-q27", ["4q25", "q27"]),
        ("Behcet's", ["behcet", "s"]),
        ("1.a 2..3", ["1", "a", "2", "3"]),
        ("Sjögren–Ménière α", ["sjögren", "ménière", "α"]),
        ("e\u{301}tude", ["e\u{301}tude"]),
    ]

    @Test(arguments: scanned.indices) func wordsAreScanned(_ index: Int) {
        #expect(WordScanner.words(of: Self.scanned[index].0) == Self.scanned[index].1)
    }
}
