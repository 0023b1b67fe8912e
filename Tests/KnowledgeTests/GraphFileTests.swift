import Foundation
import Knowledge
import Primitives
import Storage
import Testing

@Suite struct GraphFileTests {
    /// A graph with every optional field.
    static func richGraph() throws -> KnowledgeGraph {
        var entities = SmallGraph.entities
        entities[0].frequency = 3.25e-7
        entities[3].frequency = 0
        var relations = SmallGraph.relations
        relations[1].inheritedAlong = "is_a"
        var triples = SmallGraph.triples
        triples[1].mainEvidence.document = "card:GEN1"
        triples[2].mainEvidence = Evidence(source: "s", licence: "l", document: "card:é", span: 3..<9)
        triples[2].furtherEvidence = [
            Evidence(source: "s", licence: "l"), Evidence(source: "r", licence: "l", document: "card:é", span: 0..<2),
        ]
        return try KnowledgeGraph(relations: relations, entities: entities, triples: triples)
    }

    static func path() -> String { NSTemporaryDirectory() + "knowledge-" + UUID().uuidString + ".graph" }

    @Test func savingAndLoadingKeepsEveryField() throws {
        let path = Self.path()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let graph = try Self.richGraph()
        try graph.save(file: path)
        let copy = try KnowledgeGraph.load(path: path)
        #expect(copy.digest == graph.digest && copy.hasRecordedDigest)
        #expect(Set(copy.entities) == Set(graph.entities) && Set(copy.relations) == Set(graph.relations))
        func facts(_ graph: KnowledgeGraph) -> [String] {
            graph.triples.map { triple in
                let name = "\(graph.id(of: triple.head)) \(graph.relations[Int(triple.relation)].name) "
                return name + graph.id(of: triple.tail) + " \(triple.evidence.map { "\($0)" }.sorted())"
            }.sorted()
        }
        #expect(facts(copy) == facts(graph))
        try copy.save(file: path + "2")
        defer { try? FileManager.default.removeItem(atPath: path + "2") }
        #expect(try FileStore.read(path) == FileStore.read(path + "2"))
    }

    @Test func tablesAndFileHoldTheSameGraph() throws {
        let path = Self.path()
        defer {
            try? FileManager.default.removeItem(atPath: path)
            try? FileManager.default.removeItem(atPath: path + "-tables")
        }
        let graph = try Self.richGraph()
        try graph.save(file: path)
        try graph.save(directory: path + "-tables")
        let (file, tables) = (try KnowledgeGraph.load(path: path), try KnowledgeGraph.load(path: path + "-tables"))
        #expect(file.digest == tables.digest && file.relations == tables.relations && file.entities == tables.entities)
        let statements = { (graph: KnowledgeGraph) in graph.triples.map { Set($0.evidence) } }
        #expect(statements(file) == statements(tables))
        var bytes: [UInt8] = []
        for name in ["relations", "entities", "triples"] { bytes += try FileStore.read("\(path)-tables/\(name).tsv") }
        #expect(SHA256.hex(bytes) == graph.digest)
    }

    @Test func tablesOfAPlainGraphHaveNoColumnsThatNothingFills() throws {
        let path = Self.path()
        defer { try? FileManager.default.removeItem(atPath: path) }
        try SmallGraph.graph().save(directory: path)
        #expect(
            try FileStore.readText(path + "/relations.tsv").hasPrefix(
                "name\tinverse_name\tdomain\trange\ttransitive\tfunctional\tacyclic\tsentence\tinverse_sentence\tphrase\tinverse_phrase\n"
            ))
        #expect(
            try FileStore.readText(path + "/entities.tsv").hasPrefix(
                "id\tname\ttype\tspecialty\tsynonyms\tcross_references\n"))
        #expect(
            try FileStore.readText(path + "/triples.tsv").hasPrefix(
                "head\trelation\ttail\tsource\tlicence\nd:a\tcaused_by\tg:1\ttest\tCC0-1.0\n"))
    }

    /// The bytes of a file of the rich graph.
    static let fileBytes = Result<[UInt8], any Error> {
        let file = path()
        defer { try? FileManager.default.removeItem(atPath: file) }
        try richGraph().save(file: file)
        return try FileStore.read(file)
    }

    @Test func aChangedByteIsFound() throws {
        let path = Self.path()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let bytes = try Self.fileBytes.get()
        for position in stride(from: 0, to: bytes.count, by: 37) where !(12..<16).contains(position) {
            var changed = bytes
            changed[position] ^= 0x11
            try Data(changed).write(to: URL(fileURLWithPath: path))
            let error = try #require(throws: KnowledgeError.self) { try KnowledgeGraph.load(file: path) }
            #expect("\(error)".contains(path))
        }
    }

    /// Files whose hash fits changed content are read or refused, and what is read can be walked.
    @Test func forgedContentIsRefusedOrHarmless() throws {
        let path = Self.path()
        defer { try? FileManager.default.removeItem(atPath: path) }
        var loaded = 0
        for number in 0..<150 {
            var random = CounterRandom(seed: 5, stage: .synthesis, step: number)
            var bytes = try Self.fileBytes.get()
            for _ in 0...random.integer(below: 3) {
                let values: [UInt8] = [0, 1, 2, 7, 0x7F, 0x80, 0xFF]
                bytes[48 + random.integer(below: bytes.count - 48)] = random.pick(values)
            }
            if number % 9 == 0 { bytes.removeLast(random.integer(below: 400)) }
            var hash = SHA256()
            hash.update(Array(bytes[48...]))
            bytes.replaceSubrange(16..<48, with: hash.finalize())
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            guard let graph = try? KnowledgeGraph.load(file: path) else { continue }
            loaded += 1
            let facts = try graph.facts(.entailed)
            for entity in graph.entities.indices.map(EntityIndex.init) {
                _ = graph.entity(entity)
                for step in facts.steps(from: entity) { _ = facts.neighbours(of: entity, by: step) }
            }
            for triple in graph.triples { _ = triple.evidence }
        }
        #expect(loaded > 0 && loaded < 150)
    }

    @Test func refusesOtherFiles() throws {
        let path = Self.path()
        defer { try? FileManager.default.removeItem(atPath: path) }
        try FileStore.writeAtomically(Array("something".utf8), to: path)
        let error = try #require(throws: KnowledgeError.self) { try KnowledgeGraph.load(path: path) }
        #expect("\(error)".contains("not a graph file"))
        try SmallGraph.graph().save(file: path)
        var bytes = try FileStore.read(path)
        bytes[8] = 9
        try FileStore.writeAtomically(bytes, to: path)
        let other = try #require(throws: KnowledgeError.self) { try KnowledgeGraph.load(path: path) }
        #expect("\(other)".contains("format version 9, expected 1"))
    }

    static let documented = "head\trelation\ttail\tsource\tlicence\tdocument\tspan\n"

    @Test func statementsOfOneFactAreItsEvidence() throws {
        let rows = ["d:a\tis_a\td:b\ts\tl\tdoc\t1-5", "d:a\tis_a\td:b\ts\tl\tdoc\t7-9", "d:a\tis_a\td:c\tt\tl\t\t"]
        let directory = try GraphDirectory(triples: Self.documented + rows.joined(separator: "\n") + "\n")
        let graph = try KnowledgeGraph.load(directory: directory.path)
        #expect(graph.triples.count == 2 && graph.triples[0].evidence.map(\.span) == [1..<5, 7..<9])
        #expect(graph.triples[1].evidence == [Evidence(source: "t", licence: "l")])
        try graph.save(directory: directory.path + "/copy")
        let copy = try FileStore.readText(directory.path + "/copy/triples.tsv")
        #expect(copy == Self.documented + rows.joined(separator: "\n") + "\n")
    }

    static let badRows: [(row: String, reason: String)] = [
        ("d:a\tis_a\td:b\ts\tl\tdoc\t5-5", "line 2, column span: “5-5”"),
        ("d:a\tis_a\td:b\ts\tl\tdoc\t5", "line 2, column span: “5”"),
        ("d:a\tis_a\td:b\ts\tl\t\t1-5", "column span"),
        ("d:a\tis_a\td:b\ts\tl\tdoc\t1-5\nd:a\tis_a\td:b\ts\tl\tdoc\t1-5", "was already given at"),
        ("d:a\tis_a\td:b\ts\tl\tdoc\t1-99999999999", "column span"),
    ]

    @Test(arguments: badRows.indices) func badEvidenceIsNamed(_ index: Int) throws {
        let directory = try GraphDirectory(triples: Self.documented + Self.badRows[index].row + "\n")
        let error = try #require(throws: KnowledgeError.self) { try KnowledgeGraph.load(directory: directory.path) }
        #expect("\(error)".contains(Self.badRows[index].reason), "\(error)")
    }

    @Test(arguments: ["2.0", "-1.0", "nan", "often"]) func badFrequenciesAreNamed(_ value: String) throws {
        let header = "id\tname\ttype\tspecialty\tsynonyms\tcross_references\tfrequency\n"
        let directory = try GraphDirectory(
            entities: header + "d:a\tAlpha\tdisease\t\t\t\t\(value)\n",
            triples: "head\trelation\ttail\tsource\tlicence\n")
        let error = try #require(throws: KnowledgeError.self) { try KnowledgeGraph.load(directory: directory.path) }
        #expect("\(error)".contains("entities.tsv, line 2, column frequency: “\(value)”"), "\(error)")
    }
}
