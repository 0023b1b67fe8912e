import Foundation
import Knowledge
import Storage
import Testing

@testable import Synthesis

struct EntityDefinitionsTests {
    @Test func cardsFindTheirEntities() throws {
        let graph = try SmallGraph.make()
        let directory = FileManager.default.temporaryDirectory.appending(path: "cards-\(UUID().uuidString)").path
        try FileStore.createDirectory(directory)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let rows = """
            {"_id": "drug:A", "title": "?", "text": "by id"}
            {"title": "VOROSIS a", "text": "by name"}
            {"title": "vorosis A", "text": "a second card"}
            {"title": "no such thing", "text": "unknown"}
            {"title": "GQA", "text": ""}
            """
        try FileStore.writeAtomically(Array((rows + "\n").utf8), to: directory + "/cards.jsonl")
        let definitions = try EntityDefinitions.read(directory + "/cards.jsonl", graph: graph)
        #expect(definitions == [0: "by id", 1: "by name"])
    }

    private static let cards = "/work/shared/data/kg/kg_cards.jsonl.zst"

    @Test(
        .enabled(
            if: FileManager.default.fileExists(atPath: "/work/shared/data/kg/kg_cards.jsonl.zst"), "needs shared data"))
    func theSharedCardsFitTheShippedGraph() throws {
        let graph = try LoadedGraph.graph.get()
        #expect(try EntityDefinitions.read(Self.cards, graph: graph).count > 300)
    }
}
