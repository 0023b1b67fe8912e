import Primitives
import Testing

@testable import Tokenizers

@Suite("Every tokenizer file against the reference", .enabled(if: SharedData.isPresent, SharedData.absence))
struct ReferenceAgreementTests {
    /// Texts of more bytes, which are up to 100,000 characters of one kind, take an unoptimised build too long.
    private static let longest = 8_000

    private static func rows(_ name: String, _ file: String = "golden") throws -> [JSONValue] {
        try ReferenceTokenizers.rows(name, file).filter { $0["text"]?.stringValue?.utf8.count ?? 0 <= longest }
    }

    @Test("Long texts of a few characters yield the reference's ids", arguments: ReferenceTokenizers.published)
    func longTexts(name: String) throws {
        let tokenizer = try SharedData.tokenizer(name)
        let rows = try ReferenceTokenizers.rows(name, "golden").filter {
            $0["text"]?.stringValue?.utf8.count ?? 0 > Self.longest
        }
        #expect(rows.count == 7)
        for row in rows {
            let text = try row.string(at: "text")
            let ids = try row.tokens(at: "ids")
            let isSame =
                tokenizer.encode(text, splitSpecialTokens: false) == ids
                && tokenizer.encode(text) == row["ids_split_special"]?.tokensValue ?? ids
            #expect(isSame, "case \(row["id"]?.stringValue ?? "")")
        }
    }

    @Test("Encoding yields the reference's ids", arguments: ReferenceTokenizers.all)
    func encoding(name: String) throws {
        let tokenizer = try SharedData.tokenizer(name)
        let rows = try Self.rows(name)
        #expect(rows.count > (name.hasPrefix("synthetic") ? 180 : 1_660))
        for row in rows {
            let id = try row.string(at: "id")
            let text = try row.string(at: "text")
            let ids = try row.tokens(at: "ids")
            let splitIDs = row["ids_split_special"]?.tokensValue ?? ids
            #expect(tokenizer.encode(text, splitSpecialTokens: false) == ids, "case \(id)")
            if !name.hasPrefix("synthetic") { #expect(tokenizer.encode(text) == splitIDs, "case \(id)") }
            if let markedIDs = row["ids_with_special"]?.tokensValue {
                let encoded = tokenizer.encode(text, splitSpecialTokens: false, addSpecialTokens: true)
                #expect(encoded == markedIDs, "case \(id)")
            }
        }
    }

    @Test("Decoding yields the reference's text, at once and token by token", arguments: ReferenceTokenizers.all)
    func decoding(name: String) throws {
        let tokenizer = try SharedData.tokenizer(name)
        for row in try Self.rows(name) + Self.rows(name, "decode-golden") {
            let id = row["id"]?.stringValue ?? ""
            let ids = try row.tokens(at: "ids")
            let text = try row.string(at: "decoded")
            for skips in [false, true] {
                let expected = skips ? row["decoded_skip_special"]?.stringValue ?? text : text
                let decoded = tokenizer.decode(ids, skipSpecialTokens: skips)
                #expect(decoded.isIdentical(to: expected), "case \(id)")
                var stream = tokenizer.streamingDecoder(skipSpecialTokens: skips)
                var streamed = ids.compactMap { stream.append($0) }.joined()
                streamed += stream.finish() ?? ""
                #expect(streamed.isIdentical(to: expected), "case \(id)")
            }
        }
    }

    /// By every step of the file in turn, for every third text; ``SplitScannerTests`` compares the scanners of the fast
    /// encoder for all.
    @Test("Pieces are the reference's", arguments: ReferenceTokenizers.published)
    func pieces(name: String) throws {
        let tokenizer = try SharedData.tokenizer(name)
        var texts: [String: String] = [:]
        for row in try Self.rows(name) { texts[try row.string(at: "id")] = try row.string(at: "text") }
        for (index, row) in try ReferenceTokenizers.rows(name, "pretok").enumerated() where index % 3 == 0 {
            let id = try row.string(at: "id")
            guard let text = texts[id], text.utf8.count <= Self.longest else { continue }
            let expected = try row.array(at: "pieces").map { Array(($0.stringValue ?? "").utf8) }
            #expect(tokenizer.preTokens(text).map { ByteAlphabet.bytes(of: $0) } == expected, "case \(id)")
        }
    }

    @Test("The size of the vocabulary counts the added tokens")
    func vocabularySize() throws {
        let tokenizer = try SharedData.tokenizer("qwen3")
        #expect(tokenizer.vocabularySize == 151_669)
        #expect(tokenizer.tokenID("<|im_end|>") == 151_645)
        #expect(tokenizer.tokenID("</think>") == 151_668)
        #expect(tokenizer.tokenID("Ġthe") == 279)
        #expect(tokenizer.tokenID("no such token") == nil)
    }

    @Test(
        "The fast encoder does what every step of the file in turn does",
        arguments: ReferenceTokenizers.published + ["synthetic/ignore-merges", "synthetic/legacy-merges"])
    func fastEncoding(name: String) throws {
        let tokenizer = try SharedData.tokenizer(name)
        var random = CounterRandom(seed: 4, stage: .evaluation)
        let atoms = GeneratedText.atoms + tokenizer.addedTokens.prefix(4).map(\.content)
        for _ in 0..<60 {
            let text = GeneratedText.text(of: atoms, &random)
            for policy in [AddedTokenMatcher.Policy.all, .ordinary, .none] {
                let general = tokenizer.encodeGenerally(text, recognizing: policy, keepsOffsets: true)
                #expect(tokenizer.encode(text, recognizing: policy) == general.ids, "\(text.debugDescription)")
                #expect(tokenizer.encodeWithOffsets(text, recognizing: policy) == general, "\(text.debugDescription)")
            }
        }
    }

    @Test(
        "Any bytes can be encoded, and decoding gives the text back where nothing is normalised",
        arguments: ReferenceTokenizers.synthetic + ["gpt2", "qwen3"])
    func randomBytes(name: String) throws {
        let tokenizer = try SharedData.tokenizer(name)
        var random = CounterRandom(seed: 5, stage: .evaluation)
        for _ in 0..<40 {
            let bytes = (0..<random.integer(below: 40)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            let text = String(decoding: bytes, as: UTF8.self)
            let encoding = tokenizer.encodeWithOffsets(text)
            #expect(encoding.ids == tokenizer.encode(text))
            #expect(encoding.offsets.allSatisfy { $0.upperBound <= text.utf8.count })
            let decoded = tokenizer.decode(encoding.ids)
            switch name {
            case "gpt2": #expect(decoded.isIdentical(to: text))
            case "qwen3": #expect(decoded.isIdentical(to: CanonicalComposition.compose(text)))
            default: break
            }
        }
    }

    @Test(
        "Any ids can be decoded, and token by token to the same text",
        arguments: ReferenceTokenizers.synthetic + ["gpt2"])
    func randomTokens(name: String) throws {
        let tokenizer = try SharedData.tokenizer(name)
        var random = CounterRandom(seed: 6, stage: .evaluation)
        for _ in 0..<60 {
            let limit = random.integer(below: 2) == 0 ? 300 : tokenizer.vocabularySize + 3
            let ids = (0..<random.integer(below: 14)).map { _ in TokenID(random.integer(below: limit)) }
            var stream = tokenizer.streamingDecoder()
            var streamed = ids.compactMap { stream.append($0) }.joined()
            streamed += stream.finish() ?? ""
            #expect(streamed.isIdentical(to: tokenizer.decode(ids)), "\(ids)")
        }
    }
}

/// Texts that put together what tokenizers tell apart.
enum GeneratedText {
    static let atoms = [
        "a", "b", "the ", "patient's", "'S", " ", "  ", "\n", "\r\n", "\t", "1", "234", "٣", "é", "e\u{301}", "É", "日本",
        "語", "▁", "_", "-", ".", ",", "!?", "<", "<|", "|>", "[", "\u{3000}", "\u{A0}", "😀", "\u{200D}", "\u{FFFD}",
        "ß",
        "ﬁ", "한", "\u{1112}\u{1161}", "\u{0}",
    ]

    static func text(of atoms: [String], _ random: inout CounterRandom) -> String {
        (0..<random.integer(below: 16)).map { _ in random.pick(atoms) }.joined()
    }
}
