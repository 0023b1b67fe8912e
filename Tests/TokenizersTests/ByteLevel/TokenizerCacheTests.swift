import Foundation
import Primitives
import Storage
import Testing

@testable import Tokenizers

@Suite("Cached tables of a tokenizer")
struct TokenizerCacheTests {
    private let directory = FileManager.default.temporaryDirectory
        .appending(path: "tokenizer-cache-\(UUID().uuidString)").path()

    private func file() throws -> (path: String, bytes: [UInt8]) {
        try FileStore.createDirectory(directory)
        let bytes = Array(SmallVocabulary.file.text.utf8)
        try FileStore.writeAtomically(bytes, to: directory + "/tokenizer.json")
        return (directory + "/tokenizer.json", bytes)
    }

    private let text = "The cat’s aorta\n\n is naïve  — 40 mg <|im_start|> e\u{301} <think>"

    private func ids(_ tokenizer: Tokenizer) -> [[TokenID]] {
        [tokenizer.encode(text), tokenizer.encode(text, splitSpecialTokens: false), tokenizer.encodePlainText(text)]
    }

    @Test("A second load comes from the cache and encodes and decodes alike")
    func roundTrip() throws {
        let (path, bytes) = try file()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let cache = directory + "/cache"
        let first = try Tokenizer.load(path: path, cacheDirectory: cache)
        let cached = TokenizerCache.path(for: bytes, in: cache)
        #expect(TokenizerCache.read(cached) != nil)
        let second = try Tokenizer.load(path: path, cacheDirectory: cache)
        let direct = try Tokenizer(json: SmallVocabulary.file)
        #expect(ids(first) == ids(direct))
        #expect(ids(second) == ids(direct))
        #expect(second.vocabularySize == direct.vocabularySize)
        for id in 0..<TokenID(direct.vocabularySize) { #expect(second.decode([id]) == direct.decode([id])) }
    }

    @Test("Damage anywhere is noticed and the file read instead")
    func damage() throws {
        let (path, bytes) = try file()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let cache = directory + "/cache"
        let expected = ids(try Tokenizer.load(path: path, cacheDirectory: cache))
        let cached = TokenizerCache.path(for: bytes, in: cache)
        let good = try FileStore.read(cached)
        var random = CounterRandom(seed: 5, stage: .sampling)
        for round in 0..<40 {
            var bad = good
            if round % 4 == 0 {
                bad.removeLast(1 + Int(random.next() % UInt64(good.count)))
            } else {
                bad[round % 4 == 1 ? round : Int(random.next() % UInt64(good.count))] ^= 1 << UInt8(random.next() % 8)
            }
            #expect(bad.withUnsafeBytes { TokenizerTables(cached: $0) } == nil, "round \(round)")
        }
        try FileStore.writeAtomically(Array(good.dropLast(3)), to: cached)
        #expect(ids(try Tokenizer.load(path: path, cacheDirectory: cache)) == expected)
        #expect(try FileStore.read(cached) == good)
    }

    @Test("A directory that cannot be written is no error")
    func unwritable() throws {
        let (path, _) = try file()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        // A file stands where the directory should be.
        let tokenizer = try Tokenizer.load(path: path, cacheDirectory: path + "/cache")
        #expect(ids(tokenizer) == ids(try Tokenizer(json: SmallVocabulary.file)))
    }

    @Test("The directory comes from the environment")
    func directoryOfCache() {
        let variables = ["XDG_CACHE_HOME": "/c", "HOME": "/h"]
        #expect(TokenizerCache.directory { variables[$0] } == "/c/medresearcher/tokenizers")
        #expect(TokenizerCache.directory { $0 == "HOME" ? "/h" : nil } == "/h/.cache/medresearcher/tokenizers")
        #expect(TokenizerCache.directory { _ in "relative" } == nil)
    }
}
