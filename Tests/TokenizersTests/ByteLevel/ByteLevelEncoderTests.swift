import Primitives
import Testing

@testable import Tokenizers

@Suite("The byte-level encoder")
struct ByteLevelEncoderTests {
    /// What split patterns, hashing and normalisation find hard.
    private static let alphabet = Array(
        "''  \t\r\n\u{A0}sSſtTeElLaAbBcCdDzZ019½٣_-.,(){}<>/中文アé\u{301}\u{323}ǅʰª🙂\u{200D}\u{0}가ᄀ".unicodeScalars)

    private static func text(_ random: inout CounterRandom) -> String {
        let few = (0..<4).map { _ in alphabet[Int(random.next() % UInt64(alphabet.count))] }
        let isNarrow = random.next() % 2 == 0
        let count = 1 + random.next() % 90
        let scalars = (0..<count).map { _ -> Unicode.Scalar in
            let index = Int(random.next() >> 8)
            return isNarrow
                ? few[index % 4]
                : index % 3 == 0
                    ? alphabet[index % alphabet.count]
                    : "catsonmh "
                        .unicodeScalars.randomScalar(index)
        }
        return String(String.UnicodeScalarView(scalars))
    }

    @Test("Agrees with the general path, with and without remembering pieces, in whatever order texts come")
    func agreesWithGeneralPath() throws {
        let tokenizer = try SmallVocabulary.tokenizer()
        let encoder = try #require(tokenizer.byteLevel)
        let remembering = EncodingWorkspace()
        let forgetful = EncodingWorkspace(cachesPieces: false)
        var random = CounterRandom(seed: 11, stage: .sampling)
        for _ in 0..<600 {
            var text = Self.text(&random)
            let expected = tokenizer.encodeGenerally(text, recognizing: .none, keepsOffsets: false).ids
            for workspace in [remembering, forgetful] {
                text.withUTF8 { encoder.encode($0, in: workspace) }
                #expect(workspace.takeIDs() == expected, "\(text.unicodeScalars.map { String($0.value, radix: 16) })")
            }
        }
    }

    @Test("Pieces cover the text without gaps, under every pattern", arguments: ByteLevelPattern.allCases)
    func piecesCoverText(pattern: ByteLevelPattern) {
        var random = CounterRandom(seed: 12, stage: .sampling)
        for _ in 0..<300 {
            let text = Self.text(&random)
            let pieces = SplitScannerTests.pieces(of: text, pattern)
            #expect(!pieces.contains([]))
            #expect(Array(pieces.joined()) == Array(text.utf8))
        }
    }

    @Test(
        "Sixteen bytes at once find what one at a time does, under every pattern", arguments: ByteLevelPattern.allCases)
    func wordsAreScannersWords(pattern: ByteLevelPattern) throws {
        let vocabulary = try SmallVocabulary.tokenizer()
        let known = try #require(vocabulary.byteLevel)
        let encoder = ByteLevelEncoder(
            merger: known.merger, wholePieces: known.wholePieces, pattern: pattern, stages: ByteLevelStages(),
            composes: false)
        let workspace = EncodingWorkspace()
        var random = CounterRandom(seed: 13, stage: .sampling)
        for _ in 0..<300 {
            var text = Self.text(&random) + Self.text(&random)
            var expected: [TokenID] = []
            for piece in SplitScannerTests.pieces(of: text, pattern) {
                let ids = [TokenID](unsafeUninitializedCapacity: piece.count) { buffer, count in
                    if let start = buffer.baseAddress {
                        count = piece.withUnsafeBufferPointer { known.merger.merge($0, into: start) }
                    }
                }
                expected += ids
            }
            text.withUTF8 { encoder.encode($0, in: workspace) }
            #expect(workspace.takeIDs() == expected, "\(text.unicodeScalars.map { String($0.value, radix: 16) })")
        }
    }

    @Test("Short and long pieces merge alike", arguments: [2, 15, 16, 17, 63, 64, 65, 66, 97, 300])
    func longPieces(count: Int) throws {
        let tokenizer = try SmallVocabulary.tokenizer()
        for letters in ["a", "at", "cat", "mats"] {
            let text = String(String(repeating: letters, count: count).prefix(count))
            let expected = tokenizer.encodeGenerally(text, recognizing: .none, keepsOffsets: false).ids
            #expect(tokenizer.encodePlainText(text) == expected)
            #expect(tokenizer.encodePlainText(text) == expected, "the second time")
        }
    }

    @Test(
        "Composing part by part is composing the whole",
        arguments: [
            "cafe\u{301} au lait", "\u{301}x", "a\u{323}\u{302}b\u{302}\u{323}", "ᄀ\u{1161}\u{11A8}가\u{11A8}",
            "Å\u{212B}",
            "x\u{301}", "🙂\u{301}🙂", "ệ\u{1EC7}", "é",
        ])
    func composing(text: String) {
        var whole = AlignedText(text.utf8, at: nil)
        whole.apply(NormalizationForm.composed.edits(of: whole.scalars))
        #expect(Array(CanonicalComposition.compose(text).utf8) == whole.utf8)
    }
}

extension String.UnicodeScalarView {
    fileprivate func randomScalar(_ number: Int) -> Unicode.Scalar { self[index(startIndex, offsetBy: number % count)] }
}
