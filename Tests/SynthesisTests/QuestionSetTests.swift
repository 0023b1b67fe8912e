import Foundation
import Knowledge
import Primitives
import Retrieval
import Storage
import Testing

@testable import Synthesis

struct QuestionSetTests {
    private let graph: KnowledgeGraph
    private let set: QuestionSet

    init() throws {
        graph = try SmallGraph.make()
        var configuration = QuestionSynthesizer.Configuration()
        configuration.excludedRelations = []
        configuration.heldOutCount = 4
        configuration.supervisedCount = 6
        set = try QuestionSynthesizer(configuration: configuration).questions(of: graph, seed: 1)
    }

    private func inTemporaryDirectory(_ body: (String) throws -> Void) throws {
        let directory = FileManager.default.temporaryDirectory.appending(path: "questions-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try body(directory)
    }

    @Test func comesBackFromItsFiles() throws {
        try inTemporaryDirectory { directory in
            try set.write(directory: directory, graph: graph)
            #expect(try QuestionSet.read(directory: directory, graph: graph).questions == set.questions)
        }
    }

    @Test func everyHopHasADocumentThatStatesIt() throws {
        let texts = Dictionary(
            MonographComposer().documents(of: graph).map { ($0.id, NameLeak(text: $0.text)) },
            uniquingKeysWith: { first, _ in first })
        try inTemporaryDirectory { directory in
            try set.write(directory: directory, graph: graph)
            let rows = try JSONLines.read(directory + "/" + QuestionSet.certificatesFile)
            for (row, question) in zip(rows, set.questions) {
                let hops = try #require(row["evidence"]?.arrayValue?.first?.arrayValue)
                #expect(hops.count == question.hops)
                for (hop, ids) in zip(question.chains[0].indices, hops) {
                    let (source, target) = (question.chains[0][hop], question.chains[0][hop + 1])
                    let documents = ids.arrayValue?.compactMap(\.stringValue) ?? []
                    #expect(!documents.isEmpty)
                    for id in documents {
                        #expect(texts[id]?.contains(source) == true && texts[id]?.contains(target) == true)
                    }
                }
            }
        }
    }

    @Test func questionsComeBackFromJSON() throws {
        for question in set.questions {
            let json = try JSONValue.parse(question.json.text)
            #expect(try Question(json: json, certificate: question.certificate) == question)
        }
    }

    @Test func refusesQuestionsOfAnotherGraph() throws {
        let other = try SmallGraph.make(letters: "ABCDEFG")
        try inTemporaryDirectory { directory in
            try set.write(directory: directory, graph: graph)
            let error = #expect(throws: SynthesisError.self) {
                try QuestionSet.read(directory: directory, graph: other)
            }
            guard case .refutedCertificate? = error else {
                Issue.record("expected a refuted certificate, got \(String(describing: error))")
                return
            }
        }
    }

    @Test(arguments: ["id", "question", "gold", "split", "hops", "chains"])
    func refusesAQuestionWithoutAMember(member: String) throws {
        let question = set.questions[0]
        var object = try #require(question.json.objectValue)
        object[member] = nil
        let json = JSONValue.object(object)
        let error = #expect(throws: JSONError.self) { try Question(json: json, certificate: question.certificate) }
        #expect(error?.description.contains(member) == true)
    }

    @Test func countsHops() {
        let counts = set.hopCounts(of: .heldOut)
        #expect(counts.map(\.count).reduce(0, +) == set.heldOut.count)
    }
}
