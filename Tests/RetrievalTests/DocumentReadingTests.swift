import Foundation
import Primitives
import Testing

@testable import Retrieval

@Suite struct DocumentReadingTests {
    private func read(
        _ lines: String, fields: RetrievalDocumentReader.Fields = .init(), defaults: JSONObject = [:]
    ) throws -> [RetrievalDocument] {
        let folder = IndexDirectory()
        try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
        let path = folder.path + "/documents.jsonl"
        try lines.write(toFile: path, atomically: true, encoding: .utf8)
        let reader = try RetrievalDocumentReader(path: path, fields: fields, defaults: defaults)
        var documents: [RetrievalDocument] = []
        while let document = try reader.next() { documents.append(document) }
        return documents
    }

    @Test func theLayoutsOfTheCorporaAreRead() throws {
        let documents = try read(
            """
            {"_id": "4983", "title": "Micro", "text": "Alterations."}

            {"_id": "M1", "title": "What is X ?", "text": "X is.", "metadata": {"focus": "X", "url": "u", "synonyms": ["Y"]}}
            {"doc_id": 7, "title": "T", "abstract": ["One.", "Two."], "structured": false}
            """)
        #expect(documents.map(\.id) == ["4983", "M1", "7"])
        #expect(documents.map(\.text) == ["Alterations.", "X is.", "One. Two."])
        #expect(documents[1].focus == "X" && documents[1].synonyms == ["Y"] && documents[1].url == "u")
        #expect(documents[2].attributes == ["structured": false])
    }

    @Test func membersMayHaveOtherNamesAndDefaults() throws {
        let documents = try read(
            #"{"key": "k", "body": "b", "name": "n", "text": "other", "status": "retracted"}"#,
            fields: .init(id: "key", title: "name", text: "body"),
            defaults: ["status": "current", "publisher_class": "web"])
        #expect(
            documents == [
                RetrievalDocument(
                    id: "k", title: "n", text: "b",
                    attributes: ["text": "other", "status": "retracted", "publisher_class": "web"])
            ])
    }

    static let broken: [(line: String, expected: String)] = [
        ("{", "line 2: found column 2"), ("[]", "line 2: found an array, expected an object"),
        (#"{"text": "x"}"#, "line 2, member _id: found nothing"),
        (#"{"_id": "1"}"#, "line 2, member text: found nothing"),
        (#"{"_id": "", "text": "x"}"#, "line 2, member _id"),
        (#"{"_id": "1", "text": [1]}"#, "line 2, member text: found an array"),
        (#"{"_id": "1", "text": "x", "title": 5}"#, "line 2, member title: found an integer"),
        (
            #"{"_id": "1", "text": "x", "evidence_level": "7"}"#,
            "member evidence_level: found \"7\", expected one of 1a"
        ),
        (
            #"{"_id": "1", "text": "x", "metadata": {"published": "May"}}"#,
            "member published: found \"May\", expected a date"
        ),
    ]

    @Test(arguments: broken.indices) func aBrokenLineIsNamed(_ index: Int) {
        let (line, expected) = Self.broken[index]
        let error = #expect(throws: RetrievalError.self) {
            try read(#"{"_id": "0", "text": "fine"}"# + "\n" + line)
        }
        #expect(error?.description.contains(expected) == true, "\(error?.description ?? "")")
    }
}
