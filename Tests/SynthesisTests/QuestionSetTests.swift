import Foundation
import Knowledge
import Primitives
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
            try set.write(directory: directory)
            #expect(try QuestionSet.read(directory: directory, graph: graph).questions == set.questions)
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
            try set.write(directory: directory)
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
