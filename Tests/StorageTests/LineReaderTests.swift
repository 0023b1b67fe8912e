import Storage
import Testing

@Suite struct LineReaderTests {
    private func lines(_ text: String) throws -> [String] {
        let directory = try TemporaryDirectory()
        let path = directory.path + "/lines"
        try FileStore.writeAtomically(Array(text.utf8), to: path)
        let reader = try LineReader(path: path)
        var lines: [String] = []
        while let line = try reader.next() {
            lines.append(String(decoding: line, as: UTF8.self))
            #expect(reader.number == lines.count)
        }
        return lines
    }

    @Test(arguments: [
        ("", []), ("a", ["a"]), ("a\n", ["a"]), ("a\n\nb", ["a", "", "b"]), ("\n", [""]),
        ("a\r\nb\rc\r\n", ["a", "b\rc"]),
    ])
    func splitsAtLineFeeds(_ text: String, _ expected: [String]) throws { #expect(try lines(text) == expected) }

    @Test func linesMayCrossThePiecesThatAreRead() throws {
        var expected: [String] = []
        var (length, total) = (1, 0)
        while total < 900_000 {
            length = (length * 69_069 + 1) % 200_003
            expected.append(String(repeating: "x", count: length) + "\(expected.count)")
            total += length
        }
        #expect(try lines(expected.joined(separator: "\n")) == expected)
    }
}
