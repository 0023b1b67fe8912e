import Backends
import Foundation
import Primitives
import Rewards
import Synchronization
import Testing

@testable import Evaluation

/// A chat model that meets the criteria it is told to.
private final class ScriptedChat: ChatModel {
    let name = "scripted"
    let asked = Mutex(0)
    /// The ids that are met, among those of the prompt.
    let met: Set<String>

    init(met: Set<String>) { self.met = met }

    func answer(
        _ request: ChatRequest, receive: (@Sendable (ChatDelta) -> Void)?
    ) async throws(BackendError) -> ChatAnswer {
        asked.withLock { $0 += 1 }
        guard let schema = request.schema else { throw .invalidRequest(detail: "no schema") }
        let identifiers = ["paris", "berlin", "criterion-1", "criterion-2"].filter { schema.text.contains("\"\($0)\"") }
        let criteria = identifiers.map { identifier -> JSONValue in
            ["id": .string(identifier), "met": .bool(met.contains(identifier)), "reason": "because"]
        }
        let text = JSONValue.object(["criteria": .array(criteria)]).text
        return ChatAnswer(message: Message(role: .assistant, content: text))
    }
}

@Suite struct ExpertJudgeTests {
    private let criteria = [
        RubricCriterion(id: "criterion-1", text: "Names the source.", points: 4),
        RubricCriterion(id: "criterion-2", text: "States a dose.", points: -2),
    ]

    private func judge(_ chat: ScriptedChat, cache: String) throws -> ExpertJudge {
        try ExpertJudge(model: chat, criteria: criteria, concurrency: 2, cachePath: cache)
    }

    private func withCache(_ body: (String) async throws -> Void) async throws {
        let path = NSTemporaryDirectory() + "judge-\(UUID().uuidString).jsonl"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try await body(path)
    }

    @Test(arguments: [
        (["criterion-1"], 1.0), (["criterion-1", "criterion-2"], 0.5), ([], 0.0), (["criterion-2"], 0.0),
    ])
    func `the score is the share of points, from 0 to 1`(met: [String], score: Double) async throws {
        try await withCache { cache in
            let judge = try judge(ScriptedChat(met: Set(met + ["paris"])), cache: cache)
            #expect(try await judge.score(question: "Which drug?", answer: "aspirin") == score)
        }
    }

    @Test func `a judge that fails its canary gives no score`() async throws {
        try await withCache { cache in
            let judge = try judge(ScriptedChat(met: ["criterion-1", "berlin"]), cache: cache)
            await #expect(throws: JudgeError.self) {
                try await judge.score(question: "Which drug?", answer: "aspirin")
            }
        }
    }

    @Test func `a resumed run asks nothing twice`() async throws {
        try await withCache { cache in
            let chat = ScriptedChat(met: ["criterion-1", "paris"])
            let first = try await judge(chat, cache: cache).score(question: "Which drug?", answer: "aspirin")
            let asked = chat.asked.withLock { $0 }
            #expect(try await judge(chat, cache: cache).score(question: "Which drug?", answer: "aspirin") == first)
            #expect(chat.asked.withLock { $0 } == asked)
        }
    }
}
