import Primitives
import Storage
import Testing

@Suite struct ZstandardTests {
    @Test(arguments: [0, 1, 1000, 1_000_000])
    func decompressesWhatItCompressed(count: Int) throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 / 7) }
        let compressed = Zstandard.compress(bytes)
        #expect(Zstandard.compress(bytes) == compressed)
        #expect(try Zstandard.decompress(compressed) == bytes)
    }

    /// `printf 'medresearcher\n' | zstd -c | xxd -p`, zstd 1.5.4.
    @Test func readsWhatTheCommandLineToolWrote() throws {
        let bytes: [UInt8] = [
            0x28, 0xb5, 0x2f, 0xfd, 0x04, 0x58, 0x71, 0x00, 0x00, 0x6d, 0x65, 0x64, 0x72, 0x65, 0x73, 0x65, 0x61, 0x72,
            0x63, 0x68, 0x65, 0x72, 0x0a, 0x03, 0x04, 0x68, 0xc3,
        ]
        #expect(String(decoding: try Zstandard.decompress(bytes), as: UTF8.self) == "medresearcher\n")
        #expect(try Zstandard.decompress(bytes + bytes).count == 28)
    }

    @Test func everyTruncationIsAnError() throws {
        let compressed = Zstandard.compress((0..<2000).map { UInt8(truncatingIfNeeded: $0 &* $0) })
        for length in stride(from: 0, to: compressed.count, by: 7) {
            #expect(throws: StorageError.self) { try Zstandard.decompress(Array(compressed[..<length])) }
        }
    }

    @Test func damageIsAnError() throws {
        var compressed = Zstandard.compress([UInt8](repeating: 5, count: 5000))
        compressed[compressed.count - 1] ^= 1
        #expect(throws: StorageError.self) { try Zstandard.decompress(compressed) }
        #expect(throws: StorageError.self) { try Zstandard.decompress(Array("not zstd at all".utf8)) }
    }

    @Test func limitHolds() throws {
        let compressed = Zstandard.compress([UInt8](repeating: 0, count: 1 << 20))
        #expect(try Zstandard.decompress(compressed, limit: 1 << 20).count == 1 << 20)
        let error = #expect(throws: StorageError.self) { try Zstandard.decompress(compressed, limit: 1 << 20 - 1) }
        #expect(error?.description.contains("more than the") == true)
    }
}

@Suite struct JSONLinesTests {
    let directory: TemporaryDirectory

    init() throws { directory = try TemporaryDirectory() }

    static let rows: [JSONValue] = [["a": 1], "line\nfeed", [1.5, nil]]

    @Test func readsBackCompressedAndPlain() throws {
        try JSONLines.write(Self.rows, toZstandard: directory.file("rows.jsonl.zst"))
        #expect(try JSONLines.read(directory.file("rows.jsonl.zst")) == Self.rows)
        try FileStore.writeAtomically(JSONLines.encode(Self.rows), to: directory.file("rows.jsonl"))
        #expect(try JSONLines.read(directory.file("rows.jsonl")) == Self.rows)
        #expect(try JSONLines.decode([], path: "empty") == [])
    }

    @Test(arguments: [("{\"a\":1}\n{\"b\":}\n", "line 2, column 6"), ("1\n\n2\n", "line 2"), ("1\r\n{", "line 2")])
    func errorsNameTheLine(text: String, expected: String) {
        let error = #expect(throws: StorageError.self) { try JSONLines.decode(Array(text.utf8), path: "rows.jsonl") }
        #expect(error?.description.contains("rows.jsonl: " + expected) == true)
    }

    @Test func truncatedFileIsNamed() throws {
        let path = directory.file("rows.jsonl.zst")
        try JSONLines.write(Self.rows, toZstandard: path)
        let bytes = try FileStore.read(path)
        try FileStore.writeAtomically(Array(bytes.dropLast(3)), to: path)
        let error = #expect(throws: StorageError.self) { try JSONLines.read(path) }
        #expect(error?.description.contains(path) == true)
        #expect(error?.description.contains("cut off") == true)
    }
}
