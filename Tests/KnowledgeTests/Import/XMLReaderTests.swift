import Foundation
import Testing

@testable import Knowledge

@Suite struct XMLReaderTests {
    /// Events as text: `<a` for a start, `a>` for an end, and texts as they are.
    private func events(_ bytes: [UInt8]) throws -> [String] {
        let file = try TemporaryFile(bytes: bytes, name: "t.xml")
        let reader = try XMLReader(path: file.path)
        var events: [String] = []
        while let event = try reader.next() {
            switch event {
            case .start(let name): events.append("<" + name)
            case .end(let name): events.append(name + ">")
            case .text: events.append(try reader.text())
            }
        }
        return events
    }

    private func events(_ text: String) throws -> [String] { try events(Array(text.utf8)) }

    @Test func readsTagsAndTexts() throws {
        let text = """
            <?xml version="1.0" encoding="UTF-8"?>
            <!DOCTYPE a [ <!ENTITY x "y>"> ]>
            <a><!-- <b> --><b c="1 > 0"/>x &lt;&amp;&#233;&#x3b1;<![CDATA[ <&amp; ]]></a>
            """
        #expect(try events(text) == ["<a", "<b", "b>", "x <&éα", " <&amp; ", "a>"])
    }

    @Test func readsAttributes() throws {
        let file = try TemporaryFile("<a one = '1' two=\"&quot;2&quot;\"/>", name: "t.xml")
        let reader = try XMLReader(path: file.path)
        #expect(try reader.next() == .start("a"))
        #expect(try reader.attribute("one") == "1")
        #expect(try reader.attribute("two") == "\"2\"")
        #expect(try reader.attribute("three") == nil)
    }

    @Test func readsLatin1() throws {
        let head = Array("<?xml version='1.0' encoding='ISO-8859-1'?><a>Sj".utf8)
        #expect(try events(head + [0xF6] + Array("gren</a>".utf8)) == ["<a", "Sjögren", "a>"])
    }

    @Test func tokensMayCrossThePiecesThatAreRead() throws {
        // Pieces are 2^18 bytes: texts and tags of many lengths fall across their borders.
        var text = "<r>"
        var expected = ["<r"]
        var length = 0
        while text.utf8.count < 600_000 {
            length = (length * 31 + 17) % 997
            let content = String(repeating: "ab c", count: length)
            text += "<element-\(length) k='\(length)'>\(content)</element-\(length)>"
            expected += ["<element-\(length)", content, "element-\(length)>"].filter { !$0.isEmpty }
        }
        #expect(try events(text + "</r>") == expected + ["r>"])
    }

    @Test func everyElementKnowsItsLine() throws {
        // Elements of several lines, over more than one of the pieces that are read.
        var text = "<r>\n"
        var lines: [Int] = []
        var line = 2
        while text.utf8.count < 600_000 {
            let height = lines.count % 7
            lines.append(line)
            text += "<e>\(String(repeating: "some words\n", count: height * 20))</e>\n"
            line += height * 20 + 1
        }
        let file = try TemporaryFile(text + "</r>", name: "t.xml")
        let reader = try XMLReader(path: file.path)
        var found: [Int] = []
        while let event = try reader.next() {
            guard event == .start("e") else { continue }
            found.append(reader.line)
            #expect(reader.line == found[found.count - 1])
        }
        #expect(found == lines)
        #expect(reader.line == line)
    }

    @Test(arguments: [
        ("<a>\n<b></a>", "line 2: found </a>, expected </b>"),
        ("<a>\n\n<b>", "line 3: found the end of the file, expected </b>"),
        ("<a>&x;</a>", "found the reference &x;"), ("<a>x & y</a>", "found an & without ;"), ("", "found no element"),
        ("<a/><b/>", "found <b> behind the root element"), ("text", "found text outside the root element"),
        ("<a", "found a tag that is not closed"), ("<a><!-- x", "found the end of the file, expected -->"),
        ("<?xml version='1.0' encoding='UTF-16'?><a/>", "found the encoding utf-16"),
        ("<a>&#xD800;</a>", "found the reference &#xD800;"), ("<a></ ></a>", "found a tag without a name"),
    ])
    func errorsNameTheLine(_ text: String, _ expected: String) throws {
        let error = try #require(throws: KnowledgeError.self) { try events(text) }
        #expect("\(error)".contains(expected), "\(error)")
    }
}
