import Foundation
import Primitives
import Storage
import Testing

@testable import Synthesis

struct ContaminationAuditTests {
    private static let vignette = """
        A 34-year-old woman comes to the physician because of recurrent fainting during exercise. Her brother died suddenly \
        at the age of 21. An electrocardiogram shows coved ST-segment elevation in leads V1 to V3. Variants in which gene are \
        the most likely cause?
        """

    private static let items = [
        BenchmarkItem(benchmark: "b", line: 1, question: vignette, answers: ["SCN5A"], context: "KCNQ1\nSCN5A"),
        BenchmarkItem(benchmark: "b", line: 2, question: "Which gene causes Brugada syndrome 4?", answers: ["CACNB2"]),
        BenchmarkItem(
            benchmark: "c", line: 7, question: "Is café-au-lait a sign of neurofibromatosis?", answers: ["yes"]),
    ]

    private func kinds(
        _ text: String, answers: [String] = ["none"], chain: [String] = [],
        _ change: (inout ContaminationAudit.Configuration) -> Void = { _ in }
    ) -> [String] {
        var configuration = ContaminationAudit.Configuration()
        change(&configuration)
        let audit = ContaminationAudit(items: Self.items, configuration: configuration)
        let question = ContaminationAudit.Question(id: "q", text: text, answers: answers, chain: chain)
        return audit.overlaps(of: [question]).map { "\($0.kind.rawValue) \($0.benchmark):\($0.line)" }
    }

    @Test func findsTheSameTextInAnyForm() {
        #expect(kinds("WHICH gene causes Brugada syndrome 4 ?!") == ["exact b:2", "run b:2"])
        #expect(kinds("Is cafe au lait a sign of Neurofibromatosis?") == ["exact c:7", "run c:7"])
    }

    @Test func findsLongRunsOnly() {
        let run = "her brother died suddenly at the age of 21 an electrocardiogram shows coved"
        #expect(run.split(separator: " ").count == 13)
        #expect(kinds("We asked: \(run), and what else?") == ["run b:1"])
        let shorter = run.split(separator: " ").dropLast().joined(separator: " ")
        #expect(kinds("We asked: \(shorter) something else entirely, so what then?") == [])
        #expect(kinds("We asked: \(shorter) something else?") { $0.runLength = 12 } == ["run b:1"])
    }

    @Test func shortTextsOverlapAsAWhole() {
        // The benchmark's six words stand in a longer question.
        #expect(
            kinds("Tell me now: which gene causes Brugada syndrome 4, and what is the cytoband of it?") == ["run b:2"])
        // The question's seven words stand in a longer benchmark item.
        #expect(kinds("her brother died suddenly at the age") == ["run b:1"])
        #expect(kinds("died suddenly at the age") == [])
    }

    @Test func findsTheSameChainOfEntities() {
        let chain = ["10p12", "CACNB2", "Brugada syndrome 4"]
        #expect(kinds("What maps there?", answers: ["CACNB2"], chain: chain) == ["chain b:2"])
        #expect(kinds("What maps there?", answers: ["Brugada syndrome 4"], chain: chain) == [])
        #expect(kinds("What?", answers: ["SCN5A"], chain: ["SCN5A", "KCNQ1"]) == ["chain b:1"])
        #expect(kinds("What?", answers: ["SCN5A"], chain: ["SCN5A", "KCNQ2"]) == [])
        #expect(
            kinds("What?", answers: ["x"], chain: ["SCN5A", "KCNQ1"]) { $0.minimumEntitiesWithoutAnswer = 2 }
                == ["chain b:1"])
    }

    @Test func reportsByBenchmark() {
        let questions = [
            ContaminationAudit.Question(id: "1", text: Self.items[1].question, answers: ["x"], chain: []),
            ContaminationAudit.Question(id: "2", text: "Which drug treats gout?", answers: ["y"], chain: []),
        ]
        let report = ContaminationReport(questions: questions, items: Self.items)
        #expect(report.contaminated == ["1"])
        #expect(report.rows.map(\.benchmark) == ["b", "c"])
        #expect(report.rows.map(\.items) == [2, 1])
        #expect(report.rows[0].questions == [.exact: 1, .run: 1])
        #expect(report.json["contaminated"]?.integerValue == 1)
    }

    /// Every run of 13 words that two texts share, by brute force.
    @Test func agreesWithBruteForce() {
        var random = CounterRandom(seed: 9, stage: .synthesis)
        func text(_ count: Int) -> [String] { (0..<count).map { _ in "w\(random.integer(below: 3))" } }
        for _ in 0..<60 {
            let items = (0..<4).map { line in
                BenchmarkItem(benchmark: "b\(line)", line: line, question: text(20).joined(separator: " "))
            }
            let question = text(20)
            var configuration = ContaminationAudit.Configuration()
            configuration.runLength = 5
            let found = ContaminationAudit(items: items, configuration: configuration).overlaps(of: [
                ContaminationAudit.Question(id: "q", text: question.joined(separator: " "), answers: [], chain: [])
            ]).filter { $0.kind == .run }.map(\.line)
            let expected = items.filter { item in
                (0...15).contains { item.question.contains(question[$0..<($0 + 5)].joined(separator: " ")) }
            }.map(\.line)
            #expect(found == expected)
        }
    }

    // MARK: Files

    @Test func readsQuotedTables() throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "audit-\(UUID().uuidString)").path
        try FileStore.createDirectory(directory)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let path = directory + "/b.csv"
        let text = "\u{FEFF}id,question\r\n1,\"a, \"\"b\"\"\nc\"\r\n\r\n2,d"
        try FileStore.writeAtomically(Array(text.utf8), to: path)
        let items = try BenchmarkFile.read(path)
        #expect(items.map(\.question) == ["a, \"b\"\nc", "d"])
        #expect(items.map(\.line) == [2, 5])
        try FileStore.writeAtomically(Array("question\n\"a".utf8), to: path)
        #expect(throws: SynthesisError.self) { try BenchmarkFile.read(path) }
    }

    @Test func readsFieldsByName() throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "audit-\(UUID().uuidString)").path
        try FileStore.createDirectory(directory)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try FileStore.writeAtomically(Array("ask,gold\nWho?,me\n".utf8), to: directory + "/b.csv")
        #expect(throws: SynthesisError.self) { try BenchmarkFile.read(directory + "/b.csv") }
        var fields = BenchmarkFields()
        fields.question = ["ask"]
        #expect(
            try BenchmarkFile.read(directory + "/b.csv", fields: fields)
                == [BenchmarkItem(benchmark: "b.csv", line: 2, question: "Who?", answers: ["me"])])
        let json = #"{"data": [{"prompt": "A?", "options": {"A": "x", "B": "y"}, "answer_idx": "B"}]}"#
        try FileStore.writeAtomically(Array(json.utf8), to: directory + "/b.json")
        #expect(
            try BenchmarkFile.read(directory + "/b.json")
                == [BenchmarkItem(benchmark: "b.json", line: 1, question: "A?", answers: ["y"], context: "x\ny")])
    }

    private static let samples = "/work/shared/data/qa/"
    static var samplesAreThere: Bool { FileManager.default.fileExists(atPath: samples) }

    /// Overlaps planted among the shipped questions are found in real benchmark samples, and nothing else is.
    @Test(
        .enabled(if: ContaminationAuditTests.samplesAreThere, "needs /work/shared/data"),
        arguments: [
            ("medqa_us_test_sample200.jsonl", 200), ("medmcqa_dev_sample200.jsonl", 200),
            ("pubmedqa_l.jsonl.zst", 1000),
        ])
    func findsPlantedOverlaps(file: String, count: Int) throws {
        let items = try BenchmarkFile.read(Self.samples + file)
        #expect(items.count == count)
        #expect(items.allSatisfy { !$0.question.isEmpty && !$0.answers.isEmpty })
        let shipped = try LoadedGraph.questions.get().questions.prefix(300)
        let clean = shipped.map { ContaminationAudit.Question($0) }
        var planted: [ContaminationAudit.Question] = []
        let long = items.filter { ContaminationAudit.words(of: $0.question).count >= 14 }
        for (number, item) in long.prefix(10).enumerated() {
            planted.append(.init(id: "exact\(number)", text: item.question.uppercased(), answers: ["?"], chain: []))
            let words = ContaminationAudit.words(of: item.question)
            let run = words[(words.count - 13)...].joined(separator: " ")
            planted.append(
                .init(id: "run\(number)", text: "Consider this: \(run) — what then?", answers: ["?"], chain: []))
        }
        let report = ContaminationReport(questions: clean + planted, items: items)
        #expect(report.contaminated == Set(planted.map(\.id)))
        for overlap in report.overlaps { #expect(overlap.kind != .chain) }
    }
}
