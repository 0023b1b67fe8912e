import Testing

@testable import Knowledge

@Suite struct DelimitedReaderTests {
    private func rows(
        _ text: String, _ format: DelimitedReader.Format, columns: [String], optional: [String] = []
    ) throws -> [[String]] {
        let file = try TemporaryFile(text)
        let reader = try DelimitedReader(path: file.path, format: format, columns: columns, optional: optional)
        var rows: [[String]] = []
        while let row = try reader.next() { rows.append(row.fields) }
        return rows
    }

    @Test func findsColumnsByName() throws {
        let rows = try rows("b\tx\ta\r\n1\t2\t3\r\n\n4\t5\t6", .tabs, columns: ["a", "b"], optional: ["c"])
        #expect(rows == [["3", "1", ""], ["6", "4", ""]])
    }

    @Test func aQuotationMarkIsALetterWithoutQuoting() throws {
        #expect(try rows("a\tb\n\"x\ty\"\n", .tabs, columns: ["a", "b"]) == [["\"x", "y\""]])
    }

    @Test func quotedFieldsHoldSeparatorsMarksAndLineEnds() throws {
        let text = "a,b\n\"x, \"\"y\"\"\",2\n\"one\ntwo\",\"\"\n"
        #expect(try rows(text, .commas, columns: ["a", "b"]) == [["x, \"y\"", "2"], ["one\ntwo", ""]])
    }

    @Test(arguments: [
        ("a\tb\n1\n", "line 2: found 1 fields, expected 2"), ("a\tc\n", "line 1: found the columns a, c"),
        ("", "line 1: found nothing"),
        ("a,b\n1,2\n", "line 1: found the header “a,b”, which is not separated by tabs, expected a column a"),
        ("a\tb\n\"1\"x\t2\n", "line 2: found text behind the closing quotation mark of field 1"),
        ("a\tb\n\n\"1\t2\n", "line 3: found a quotation mark in field 1 that is never closed"),
    ])
    func errorsNameTheLine(_ text: String, _ expected: String) throws {
        let error = try #require(throws: KnowledgeError.self) {
            _ = try rows(text, .quotedTabs, columns: ["a", "b"])
        }
        #expect("\(error)".contains(expected), "\(error)")
    }

    @Test func refusesBytesThatAreNotUTF8() throws {
        let file = try TemporaryFile(bytes: Array("a\nx\n".utf8) + [0xFF, 0x0A], name: "t.tsv")
        let reader = try DelimitedReader(path: file.path, format: .tabs, columns: ["a"])
        _ = try reader.next()
        let error = try #require(throws: KnowledgeError.self) { try reader.next() }
        #expect("\(error)".contains("line 3, column a: found bytes that are not UTF-8"), "\(error)")
    }
}
