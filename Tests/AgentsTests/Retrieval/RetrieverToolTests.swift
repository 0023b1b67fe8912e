import Foundation
import Primitives
import Retrieval
import Testing

@testable import Agents

@Suite struct RetrieverToolTests {
    private final class Library {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("library-" + UUID().uuidString).path
        let index: RetrievalIndex

        init(_ documents: [RetrievalDocument]) throws {
            let writer = try IndexWriter.create(directory: path)
            for document in documents { try writer.add(document) }
            try writer.commit()
            index = try RetrievalIndex(directory: path)
        }

        deinit { try? FileManager.default.removeItem(atPath: path) }
    }

    private static let documents = [
        RetrievalDocument(
            id: "old", title: "Asthma guideline", text: "Give salbutamol alone for asthma.",
            attributes: [
                "focus": "asthma", "status": "superseded", "published": "2010", "source": "GINA",
                "licence": "CC BY 4.0",
                "evidence_level": "2b",
            ]),
        RetrievalDocument(
            id: "new", title: "Asthma guideline", text: "Give budesonide with formoterol for asthma.",
            attributes: [
                "focus": "Asthma", "published": "2023-05", "publisher_class": "guideline_body", "evidence_level": "1a",
                "specialty": ["pulmonology"], "url": "https://example.org/asthma",
            ]),
        RetrievalDocument(id: "gout", title: "Gout", text: "Gout is a disease of the joints."),
    ]

    private func router(_ library: Library, pageBytes: Int = 4000) -> ToolRouter {
        ToolRouter(tools: [
            RetrieverTool(
                retriever: MedicalRetriever(index: library.index, ranking: AuthorityRanking(lambda: 0.4))),
            DocumentReaderTool(index: library.index, pageBytes: pageBytes),
        ])
    }

    private func search(_ library: Library, _ arguments: JSONValue) async -> ToolResult {
        await router(library).answer(ToolCall(name: "medical_search", arguments: arguments))
    }

    @Test func `passages come with ids, sources and authority`() async throws {
        let result = await search(try Library(Self.documents), ["query": "gout"])
        #expect(
            result.content
                == "[1] Gout (id gout; authority 0.42)\nGout is a disease of the joints.")
        #expect(
            result.citations == [ToolCitation(source: "library", identifier: "gout", title: "Gout")])
    }

    @Test func `authority decides between sources of like relevance, and conflicts stand side by side`() async throws {
        let result = await search(try Library(Self.documents), ["query": "asthma guideline"])
        #expect(result.citations.map(\.identifier) == ["new", "old"])
        #expect(result.content.contains("SUPERSEDED"))
        #expect(
            result.content.hasSuffix(
                "Sources on Asthma differ:\n- new: current, newer (2023-05)\n- old: superseded, older (2010)"))
        #expect(result.citations.first?.url == "https://example.org/asthma")
        #expect(result.citations.last?.licence == "CC BY 4.0")
    }

    @Test(
        arguments: [
            (["evidence_level": "2a"], ["new"]), (["evidence_level": "2b"], ["new", "old"]),
            (["from_year": 2020], ["new"]),
            (["specialty": "Pulmonology"], ["new"]), (["specialty": "urology"], []), (["limit": 1], ["new"]),
        ] as [(JSONValue, [String])])
    func `filters leave documents out`(filter: JSONValue, expected: [String]) async throws {
        var arguments = try #require(filter.objectValue)
        arguments["query"] = "asthma guideline"
        let result = await search(try Library(Self.documents), .object(arguments))
        #expect(result.citations.map(\.identifier) == expected)
        #expect(!result.isError)
        if expected.isEmpty { #expect(result.content == "No result with these filters; try without them.") }
    }

    @Test func `nothing found is no error, and no words are one`() async throws {
        let library = try Library(Self.documents)
        #expect(await search(library, ["query": "zebra"]) == ToolResult(content: "No result."))
        #expect(await search(library, ["query": "?!"]).failure == .invalidCall)
        #expect(await search(library, ["query": "asthma", "limit": 11]).failure == .invalidCall)
    }

    @Test func `pages cover a document in order and say how to go on`() async throws {
        let text = (1...40).map { "Sentence number \($0) says α little." }.joined(separator: " ")
        let library = try Library([RetrievalDocument(id: "long", title: "Long", text: text)])
        let router = router(library, pageBytes: 200)
        var sentences: [String] = []
        var offset: Int? = 0
        var pages = 0
        while let start = offset, pages < 100 {
            let result = await router.answer(
                ToolCall(name: "read_document", arguments: ["id": "long", "offset": .integer(Int64(start))]))
            let lines = result.content.split(separator: "\n").map(String.init)
            #expect(lines[1].hasSuffix("little.") && lines[1].utf8.count <= 200)
            sentences.append(lines[1])
            offset = lines.last.flatMap { $0.split(separator: " ").last }.flatMap { Int($0.dropLast()) }
            if lines.count < 3 { offset = nil }
            pages += 1
        }
        #expect(sentences.joined(separator: " ") == text)
        #expect(pages > 3)
    }

    @Test func `what is not there and offsets behind the end are refused`() async throws {
        let router = router(try Library(Self.documents))
        let missing = await router.answer(ToolCall(name: "read_document", arguments: ["id": "x"]))
        #expect(missing.failure == .notFound)
        let behind = await router.answer(ToolCall(name: "read_document", arguments: ["id": "gout", "offset": 5000]))
        #expect(behind.failure == .invalidCall && behind.content.contains("32 bytes"))
    }
}
