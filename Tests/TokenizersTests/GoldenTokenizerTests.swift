import Primitives
import Testing

@testable import Tokenizers

@Suite("Ids and texts of Hugging Face tokenizers", .enabled(if: SharedData.isPresent, SharedData.absence))
struct GoldenTokenizerTests {
    @Test("Encoding yields the reference's ids", arguments: ["qwen3", "qwen2.5"])
    func encoding(name: String) throws {
        let tokenizer = try SharedData.tokenizer(name)
        let rows = try SharedData.rows("\(name)/golden-dev.jsonl.zst")
        #expect(rows.count == 1678)
        for row in rows {
            let id = try row.string(at: "id")
            let text = try row.string(at: "text")
            let ids = try row.tokens(at: "ids")
            let splitIDs = row["ids_split_special"]?.tokensValue ?? ids
            let isSame =
                tokenizer.encode(text, splitSpecialTokens: false) == ids && tokenizer.encode(text) == splitIDs
            #expect(isSame, "case \(id)")
        }
    }

    @Test("Decoding yields the reference's text", arguments: ["qwen3", "qwen2.5"])
    func decoding(name: String) throws {
        let tokenizer = try SharedData.tokenizer(name)
        let rows =
            try SharedData.rows("\(name)/decode-golden-dev.jsonl.zst")
            + SharedData.rows("\(name)/golden-dev.jsonl.zst")
        for row in rows {
            let id = try row.string(at: "id")
            let ids = try row.tokens(at: "ids")
            let text = try row.string(at: "decoded")
            let textWithoutSpecial = row["decoded_skip_special"]?.stringValue ?? text
            let isSame =
                Array(tokenizer.decode(ids).utf8) == Array(text.utf8)
                && Array(tokenizer.decode(ids, skipSpecialTokens: true).utf8) == Array(textWithoutSpecial.utf8)
            #expect(isSame, "case \(id)")
        }
    }

    @Test("The size of the vocabulary counts the added tokens")
    func vocabularySize() throws {
        #expect(try SharedData.tokenizer("qwen3").vocabularySize == 151_669)
        #expect(try SharedData.tokenizer("qwen3").tokenID("<|im_end|>") == 151_645)
        #expect(try SharedData.tokenizer("qwen3").tokenID("</think>") == 151_668)
        #expect(try SharedData.tokenizer("qwen3").tokenID("Ġthe") == 279)
        #expect(try SharedData.tokenizer("qwen3").tokenID("no such token") == nil)
    }
}
