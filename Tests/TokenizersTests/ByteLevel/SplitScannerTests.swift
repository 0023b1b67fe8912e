import Primitives
import Testing

@testable import Tokenizers

@Suite("Split patterns of language models")
struct SplitScannerTests {
    private static let directories = ["qwen2.5", "gpt2", "gpt-oss", "mistral-tekken", "deepseek-v3"]

    @Test(
        "Pieces are those of the reference", .enabled(if: SharedData.isPresent, SharedData.absence),
        arguments: directories)
    func goldenPieces(directory: String) throws {
        let pattern = try #require(SharedData.tokenizer(directory).byteLevel?.pattern)
        var texts: [String: String] = [:]
        for row in try SharedData.rows("\(directory)/golden-dev.jsonl.zst") {
            texts[try row.string(at: "id")] = try row.string(at: "text")
        }
        let composes = directory.hasPrefix("qwen")
        for row in try SharedData.rows("\(directory)/pretok-dev.jsonl.zst") {
            let id = try row.string(at: "id")
            guard var text = texts[id], text.utf8.count <= 8_000 else { continue }
            if composes { text = CanonicalComposition.compose(text) }
            let expected = try row.array(at: "pieces").compactMap(\.stringValue)
            #expect(Self.pieces(of: text, pattern).map(Array.init) == expected.map { Array($0.utf8) }, "\(id)")
        }
    }

    static func pieces(of text: String, _ pattern: ByteLevelPattern) -> [[UInt8]] {
        var pieces: [[UInt8]] = []
        var text = text
        text.withUTF8 { pattern.forEachPiece(of: $0) { pieces.append(Array($0)) } }
        return pieces
    }
}
