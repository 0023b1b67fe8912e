import Primitives
import Testing

@testable import Tokenizers

@Suite("Every tokenizer file against the reference", .enabled(if: SharedData.isPresent, SharedData.absence))
struct ReferenceAgreementTests {
    /// Unoptimised builds read every third text of the small vocabularies and some of the large ones.
    private static func sample(_ rows: [JSONValue], of name: String) -> [JSONValue] {
        let isSmall = name.hasPrefix("synthetic")
        let short = rows.filter { ($0["text"]?.stringValue?.utf8.count ?? 0) <= (isSmall ? 8_000 : 2_000) }
        return short.enumerated().filter { $0.offset % (isSmall ? 3 : 20) == 0 }.map(\.element)
    }

    @Test(
        "Encoding yields the reference's ids", arguments: ReferenceTokenizers.synthetic + ReferenceTokenizers.published)
    func encoding(name: String) throws {
        let tokenizer = try ReferenceTokenizers.load(name)
        let rows = Self.sample(try ReferenceTokenizers.rows(name, "golden"), of: name)
        #expect(rows.count > 60)
        for row in rows {
            let id = try row.string(at: "id")
            let text = try row.string(at: "text")
            let ids = try row.tokens(at: "ids")
            #expect(tokenizer.encode(text, splitSpecialTokens: false) == ids, "case \(id)")
            if let splitIDs = row["ids_split_special"]?.tokensValue {
                #expect(tokenizer.encode(text) == splitIDs, "case \(id)")
            }
            if let markedIDs = row["ids_with_special"]?.tokensValue {
                let encoded = tokenizer.encode(text, splitSpecialTokens: false, addSpecialTokens: true)
                #expect(encoded == markedIDs, "case \(id)")
            }
        }
    }

    @Test(
        "Decoding yields the reference's text, at once and token by token",
        arguments: ReferenceTokenizers.synthetic + ReferenceTokenizers.published)
    func decoding(name: String) throws {
        let tokenizer = try ReferenceTokenizers.load(name)
        let rows =
            Self.sample(try ReferenceTokenizers.rows(name, "golden"), of: name)
            + Self.sample(try ReferenceTokenizers.rows(name, "decode-golden"), of: name)
        for row in rows {
            let id = try row.string(at: "id")
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

    @Test("Pieces are the reference's", arguments: ReferenceTokenizers.published)
    func pieces(name: String) throws {
        let tokenizer = try ReferenceTokenizers.load(name)
        let rows = try ReferenceTokenizers.rows(name, "golden").map { row in
            (try row.string(at: "id"), try row.string(at: "text"))
        }
        let texts = Dictionary(uniqueKeysWithValues: rows)
        for row in try ReferenceTokenizers.rows(name, "pretok").enumerated().filter({ $0.offset % 6 == 0 }).map(
            \.element)
        {
            let id = try row.string(at: "id")
            guard let text = texts[id], text.utf8.count <= 2_000 else { continue }
            let expected = try row.array(at: "pieces").map { Array(($0.stringValue ?? "").utf8) }
            #expect(tokenizer.preTokens(text).map { ByteAlphabet.bytes(of: $0) } == expected, "case \(id)")
        }
    }

    @Test(
        "The fast encoder does what every step of the file in turn does",
        arguments: ReferenceTokenizers.published + ["synthetic/ignore-merges", "synthetic/legacy-merges"])
    func fastEncoding(name: String) throws {
        let tokenizer = try ReferenceTokenizers.load(name)
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
        let tokenizer = try ReferenceTokenizers.load(name)
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
        let tokenizer = try ReferenceTokenizers.load(name)
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
