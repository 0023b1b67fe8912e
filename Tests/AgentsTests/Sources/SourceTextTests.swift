import Testing

@testable import Agents

@Suite struct SourceTextTests {
    @Test(
        arguments: [
            (" a \n b\t\u{0}c ", "a b c"), ("a\u{202E}b\u{200B}c\u{FEFF}", "abc"), ("a\u{E0041}b", "ab"), ("", ""),
            ("\n", ""),
        ])
    func `a line hides nothing`(text: String, line: String) { #expect(SourceText.line(text) == line) }

    @Test func `paragraphs keep their lines`() {
        #expect(SourceText.paragraphs("\n\na  b \n c\n\n\n\nd\n") == "a b\nc\n\nd")
    }

    @Test(
        arguments: [
            ("short", 10, "short"), ("one two three", 9, "one two […]"), ("abcdefgh", 4, "abcd […]"),
            ("abcd", 4, "abcd"),
        ])
    func `a cut is marked`(text: String, limit: Int, cut: String) { #expect(SourceText.cut(text, to: limit) == cut) }

    @Test func `records are numbered, cited and bounded`() {
        let records = (1...30).map {
            SourceRecord(identifier: "ID\($0)", title: "Title \($0)", text: String(repeating: "word ", count: 200))
        }
        let page = SourcePage(source: "library", records: records, total: 90, first: 31, next: "page 3", limit: 5000)
        let result = page.result
        #expect(result.content.count < 7000)
        #expect(result.content.hasPrefix("[31] Title 1\nID1\n"))
        #expect(result.citations.count < 30)
        #expect(
            result.content.hasSuffix("Results 31 to \(30 + result.citations.count) of 90; ask for page 3 to see more."))
        #expect(result.citations.first == ToolCitation(source: "library", identifier: "ID1", title: "Title 1"))
    }

    @Test func `no records say so`() {
        let page = SourcePage(source: "library", records: [], notes: ["Nothing of x."])
        #expect(page.result == ToolResult(content: "Note: Nothing of x.\nNo result."))
    }
}
