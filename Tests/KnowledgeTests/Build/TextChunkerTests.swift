import Primitives
import Testing

@testable import Knowledge

@Suite struct TextChunkerTests {
    private func pieces(_ text: String, _ chunker: TextChunker) -> [String] {
        let bytes = Array(text.utf8)
        return chunker.chunks(of: text).map { String(decoding: bytes[$0], as: UTF8.self) }
    }

    @Test func cutsAfterSentencesAndRepeatsTheLastOnes() {
        let text = "One sentence is here. A second one follows it. The third one ends the paragraph. And a fourth."
        let pieces = pieces(text, TextChunker(maximumBytes: 64, overlapBytes: 30))
        // The third sentence is longer than the overlap, so it is not repeated.
        #expect(
            pieces == [
                "One sentence is here. A second one follows it. ",
                "A second one follows it. The third one ends the paragraph. ", "And a fourth.",
            ])
    }

    @Test(arguments: [
        "The rate was 3.5 percent overall. It fell.", "Smith et al. reported it. It held.",
        "See Fig. 2 for it. It shows.",
        "It is common, e.g. in adults. It is.", "J. Smith wrote it. It held.",
    ])
    func pointsInsideASentenceDoNotEndIt(_ text: String) {
        let ends = TextChunker.sentenceEnds(Array(text.utf8))
        #expect(ends.count == 2, "\(ends)")
        #expect(text.utf8.dropFirst(ends[0]).starts(with: "It".utf8))
    }

    @Test func anEmptyTextHasNoPiece() { #expect(TextChunker().chunks(of: "").isEmpty) }

    @Test(arguments: 0..<80) func piecesCoverTheTextWithinTheirBounds(_ seed: Int) {
        var random = CounterRandom(seed: UInt64(seed), stage: .worlds, step: 3)
        let words = [
            "alpha", "β-thalassemia", "of", "x", "Sjögren", "disease.", "End.", "e.g.", "漢字", "\n\n", "A", "🧬",
        ]
        var text = ""
        for _ in 0..<random.integer(below: 400) {
            text += random.pick(words) + (random.integer(below: 12) == 0 ? "" : " ")
        }
        let chunker = TextChunker(
            maximumBytes: 64 + random.integer(below: 100), overlapBytes: random.integer(below: 80))
        let bytes = Array(text.utf8)
        let chunks = chunker.chunks(of: text)
        #expect((chunks.first?.lowerBound ?? 0) == 0)
        #expect((chunks.last?.upperBound ?? 0) == bytes.count)
        for chunk in chunks {
            #expect(!chunk.isEmpty && chunk.count <= chunker.maximumBytes)
            #expect(String(validating: bytes[chunk], as: UTF8.self) != nil)
        }
        for (left, right) in zip(chunks, chunks.dropFirst()) {
            #expect(left.lowerBound < right.lowerBound && left.upperBound < right.upperBound)
            #expect(right.lowerBound <= left.upperBound)
            #expect(left.upperBound - right.lowerBound <= chunker.overlapBytes)
        }
    }
}
