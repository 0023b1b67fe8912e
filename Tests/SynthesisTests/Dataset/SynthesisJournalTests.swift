import Foundation
import Primitives
import Storage
import Testing

@testable import Synthesis

struct SynthesisJournalTests {
    private let path = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).jsonl").path
    private let inputs: JSONObject = ["graph": "g", "recipe": "r"]

    private static func demonstration(_ number: Int) -> Demonstration {
        Demonstration(
            questionID: "q\(number)", rollout: 0, isGuided: true, teacher: "t",
            messages: [Message(role: .user, content: "Question \(number)?")], stopReason: .answer,
            usage: ModelUsage(tokens: TokenUsage(promptTokens: 2, completionTokens: 3), cost: 0.125))
    }

    private func write(_ count: Int) async throws {
        let journal = try SynthesisJournal(path: path, inputs: inputs)
        for number in 0..<count { try await journal.append(Self.demonstration(number)) }
        try await journal.close()
    }

    @Test func givesBackWhatWasKept() async throws {
        defer { try? FileStore.remove(path) }
        try await write(3)
        let journal = try SynthesisJournal(path: path, inputs: inputs)
        #expect(journal.restored == (0..<3).map(Self.demonstration))
        #expect(journal.discardedBytes == 0)
    }

    @Test func cutsOffATornLine() async throws {
        defer { try? FileStore.remove(path) }
        try await write(3)
        let whole = try FileStore.read(path)
        for cut in [1, 10, 200] {
            try FileStore.writeAtomically(Array(whole.dropLast(cut)), to: path)
            let journal = try SynthesisJournal(path: path, inputs: inputs)
            #expect(journal.restored == (0..<2).map(Self.demonstration))
            try await journal.append(Self.demonstration(2))
            #expect(try FileStore.read(path) == whole)
        }
    }

    @Test func believesNoChangedLine() async throws {
        defer { try? FileStore.remove(path) }
        try await write(3)
        let text = String(decoding: try FileStore.read(path), as: UTF8.self)
        try FileStore.writeAtomically(Array(text.replacing("Question 1?", with: "Question 7?").utf8), to: path)
        let journal = try SynthesisJournal(path: path, inputs: inputs)
        #expect(journal.restored == [Self.demonstration(0)])
        #expect(journal.discardedBytes > 0)
    }

    @Test func belongsToItsInputs() async throws {
        defer { try? FileStore.remove(path) }
        try await write(1)
        do {
            _ = try SynthesisJournal(path: path, inputs: ["graph": "other", "recipe": "r"])
            Issue.record("a journal of other inputs was opened")
        } catch {
            #expect("\(error)".contains("(graph differ)"))
            #expect("\(error)".contains(path))
        }
    }
}
