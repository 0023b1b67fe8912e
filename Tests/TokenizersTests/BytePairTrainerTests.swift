import Foundation
import Primitives
import Storage
import Testing

@testable import Tokenizers

@Suite("Training a vocabulary")
struct BytePairTrainerTests {
    @Test("The most frequent pair is merged first, of equals the one with the smaller ids")
    func order() throws {
        let file = BytePairTrainer.train(texts: ["ab ab ab", "xy", "xy"], vocabularySize: 300, addedTokens: [])
        let merges = try #require(file["model"]?["merges"]?.arrayValue)
        // "ab" occurs three times, " ab" twice as does "xy"; the ids of x and y are below that of the space.
        #expect(merges == [["a", "b"], ["x", "y"], ["Ġ", "ab"]])
    }

    @Test("Bytes come first, then merges, then added tokens")
    func layout() throws {
        let tokenizer = try SmallVocabulary.tokenizer()
        #expect(tokenizer.vocabularySize == 300)
        #expect(tokenizer.tokenID("!") == 0)
        #expect(tokenizer.tokenID("ÿ") == 187)
        #expect(tokenizer.tokenID("Ā") == 188)
        #expect(tokenizer.tokenID("Ń") == 255)
        #expect(tokenizer.tokenID("<|endoftext|>") == 291)
        #expect(tokenizer.tokenID("</tool_response>") == 299)
    }

    @Test("Texts come back from their ids, also with bytes never seen")
    func roundTrip() throws {
        let tokenizer = try SmallVocabulary.tokenizer()
        for text in SmallVocabulary.texts + ["漢字 🤔 \u{0}\r\n\t", "", "'LL 's \u{17F}"] {
            #expect(tokenizer.decode(tokenizer.encode(text)) == text)
        }
        #expect(tokenizer.encode("Marfan syndrome").count < 8)
    }

    @Test("Names of added tokens are not learnt from")
    func addedTokens() throws {
        let texts = Array(repeating: "<think>", count: 50)
        let file = BytePairTrainer.train(texts: texts, vocabularySize: 300, addedTokens: [("<think>", false)])
        #expect(file["model"]?["merges"] == [])
    }

    @Test("The result depends on the arguments only")
    func determinism() {
        let again = BytePairTrainer.train(
            texts: SmallVocabulary.texts, vocabularySize: 300, addedTokens: SmallVocabulary.addedTokens)
        #expect(again.serialized() == SmallVocabulary.file.serialized())
    }

    @Test(
        "Hugging Face tokenizers loads the file and encodes alike", .enabled(if: Python.hasTokenizers, Python.absence))
    func interoperation() throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "medresearcher-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let texts = SmallVocabulary.texts + ["<|im_start|>user\nA\u{30A} b<|im_end|>\n", "漢字  🤔\r\n 12,5", "I'LL  go"]
        try Data(SmallVocabulary.file.serialized()).write(to: directory.appending(path: "tokenizer.json"))
        try Data(JSONValue.array(texts.map { .string($0) }).serialized()).write(to: directory.appending(path: "texts"))
        let script = """
            import json, sys, tokenizers
            t = tokenizers.Tokenizer.from_file(sys.argv[1] + "/tokenizer.json")
            print(json.dumps([t.encode(s).ids for s in json.load(open(sys.argv[1] + "/texts", encoding="utf-8"))]))
            """
        let output = try #require(Python.run(["-c", script, directory.path()]))
        let reference = try #require(try JSONValue.parse(output).arrayValue)
        let tokenizer = try SmallVocabulary.tokenizer()
        #expect(reference.map(\.tokensValue) == texts.map { tokenizer.encode($0, splitSpecialTokens: false) })
    }
}

/// The Python interpreter named by `MEDRESEARCHER_PYTHON`, or `python3`.
private enum Python {
    static let hasTokenizers = run(["-c", "import tokenizers"]) != nil
    static let absence: Comment = "python3 with the package tokenizers is absent (MEDRESEARCHER_PYTHON may name one)"

    /// The standard output, or `nil` when the command cannot be started or fails.
    static func run(_ arguments: [String]) -> [UInt8]? {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [ProcessInfo.processInfo.environment["MEDRESEARCHER_PYTHON"] ?? "python3"] + arguments
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil, let data = try? output.fileHandleForReading.readToEnd() ?? Data() else {
            return nil
        }
        process.waitUntilExit()
        return process.terminationStatus == 0 ? Array(data) : nil
    }
}
