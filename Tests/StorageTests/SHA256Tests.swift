import Storage
import Testing

@Suite struct SHA256Tests {
    /// The examples of FIPS 180-4 (NIST "SHA-256 example values") and the empty message.
    @Test(arguments: [
        ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (
            "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
    ])
    func publishedExamples(text: String, expected: String) {
        #expect(SHA256.hex(Array(text.utf8)) == expected)
    }

    @Test func severalPrefixesOfAFile() throws {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/file"
        let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
        try FileStore.writeAtomically(bytes, to: path)
        let lengths = [2_500_000, 0, 64, 3_000_000, 64, 3_000_001, 1_048_576]
        #expect(
            try SHA256.hex(file: path, prefixes: lengths)
                == lengths.map { $0 > bytes.count ? nil : SHA256.hex(Array(bytes[..<$0])) })
    }

    @Test func aMillionTimesA() {
        #expect(
            SHA256.hex([UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000))
                == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
    }

    @Test func piecesDoNotMatter() {
        let bytes = (0..<300).map { UInt8(truncatingIfNeeded: $0) }
        for count in [0, 1, 55, 56, 63, 64, 65, 119, 120, 128, 300] {
            let whole = SHA256.hex(Array(bytes[..<count]))
            for size in [1, 7, 64, 100] {
                var hash = SHA256()
                for start in stride(from: 0, to: count, by: size) {
                    hash.update(bytes[start..<min(count, start + size)])
                }
                #expect(hash.hexadecimal() == whole)
                #expect(hash.hexadecimal() == whole)
            }
        }
    }

    @Test func filesAndPrefixes() throws {
        let directory = try TemporaryDirectory()
        try FileStore.writeAtomically(Array("abcdef".utf8), to: directory.file("f"))
        #expect(try SHA256.hex(file: directory.file("f")) == SHA256.hex(Array("abcdef".utf8)))
        #expect(
            try SHA256.hex(file: directory.file("f"), prefix: 3)
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(throws: StorageError.self) { try SHA256.hex(file: directory.file("absent")) }
    }
}
