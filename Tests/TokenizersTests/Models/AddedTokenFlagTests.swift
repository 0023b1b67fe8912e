import Primitives
import Testing

@testable import Tokenizers

/// The expected ids are those of Hugging Face `tokenizers` 0.23.3 for the same files.
@Suite("Flags of added tokens")
struct AddedTokenFlagTests {
    private static func tokens(_ text: String, _ added: [JSONValue], normalizer: JSONValue = nil) throws -> [TokenID] {
        let file = SmallFile.wordLevel(["?"], addedTokens: .array(added), normalizer: normalizer)
        return try Tokenizer(json: file).encode(text, splitSpecialTokens: false)
    }

    @Test("A single word is recognised between what is no word only")
    func singleWord() throws {
        let added = [SmallFile.addedToken(1, "ing", singleWord: true)]
        #expect(try Self.tokens("ing", added) == [1])
        #expect(try Self.tokens("-ing.", added) == [0, 1, 0])
        #expect(try Self.tokens("ringing", added) == [0])
        #expect(try Self.tokens("éing", added) == [0])
        #expect(try Self.tokens("ing_", added) == [0])
        #expect(try Self.tokens("ing\u{301}", added) == [0])
    }

    @Test("White space that a token takes is no token of its own, unless it is an added token")
    func stripping() throws {
        let left = SmallFile.addedToken(1, "<l>", strips: (true, false))
        let right = SmallFile.addedToken(2, "<r>", strips: (false, true))
        #expect(try Self.tokens("a \n<l> b", [left, right]) == [0, 1, 0])
        #expect(try Self.tokens("a <r>\u{3000} b", [left, right]) == [0, 2, 0])
        #expect(try Self.tokens(" <r>  <l> ", [left, right]) == [0, 2, 1, 0])
        // Hugging Face looks for names in white space that is taken already.
        let spaces = SmallFile.addedToken(3, "  ")
        #expect(try Self.tokens("<r>    x", [left, right, spaces]) == [2, 3, 3, 0])
        #expect(try Self.tokens("<r>   x", [left, right, spaces]) == [2, 3, 0])
        // A token of white space that takes all of it is found once.
        let greedy = SmallFile.addedToken(1, " ", strips: (true, true))
        #expect(try Self.tokens("a    b", [greedy]) == [0, 1, 0])
    }

    @Test("A normalised token is looked for in normalised text, in its own normalised form")
    func normalized() throws {
        let added = [SmallFile.addedToken(1, "Heart", normalized: true), SmallFile.addedToken(2, "Lung")]
        #expect(try Self.tokens("HEART", added, normalizer: ["type": "Lowercase"]) == [1])
        #expect(try Self.tokens("LUNG", added, normalizer: ["type": "Lowercase"]) == [0])
        #expect(try Self.tokens("LungheartLung", added, normalizer: ["type": "Lowercase"]) == [2, 1, 2])
    }

    @Test("The longest of the names that begin first is recognised, and a special one that is not wanted hides others")
    func longest() throws {
        let added = [
            SmallFile.addedToken(1, "<a>"), SmallFile.addedToken(2, "<a><b>", special: true),
            SmallFile.addedToken(3, "a><"),
        ]
        let tokenizer = try Tokenizer(json: SmallFile.wordLevel(["?"], addedTokens: .array(added)))
        #expect(tokenizer.encode("<a><b><a>", splitSpecialTokens: false) == [2, 1])
        #expect(tokenizer.encode("<a><b><a>") == [0, 1])
        #expect(tokenizer.encodePlainText("<a><b><a>") == [0])
        #expect(tokenizer.encode("a><a>") == [3, 0])
    }

    @Test("An id that Hugging Face would not give the token is refused")
    func ids() throws {
        for (ids, isRight) in [([1, 2], true), ([2, 3], false), ([0, 1], false)] {
            let added: JSONValue = [SmallFile.addedToken(ids[0], "x"), SmallFile.addedToken(ids[1], "y")]
            let tokenizer = try? Tokenizer(json: SmallFile.wordLevel(["?"], addedTokens: added))
            #expect((tokenizer != nil) == isRight)
        }
        let known: JSONValue = [SmallFile.addedToken(1, "x"), SmallFile.addedToken(2, "z")]
        #expect(throws: Never.self) { try Tokenizer(json: SmallFile.wordLevel(["?", "x"], addedTokens: known)) }
    }

    @Test("Names are found wherever they begin", arguments: 0..<40)
    func positions(offset: Int) throws {
        let added = [SmallFile.addedToken(1, "<x>"), SmallFile.addedToken(2, "｜y")]
        let before = String(repeating: "-", count: offset)
        #expect(try Self.tokens(before + "<x>" + before + "｜y", added).filter { $0 > 0 } == [1, 2])
    }
}
