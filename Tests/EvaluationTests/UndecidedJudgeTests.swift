import Backends
import Foundation
import Primitives
import Rewards
import Synchronization
import Testing

@testable import Evaluation

/// A chat model that calls an answer right if the prompt holds none of the words.
private final class ScriptedChat: ChatModel {
    let name = "scripted"
    let asked = Mutex(0)
    let wrongWords: [String]

    init(wrong: [String]) { wrongWords = wrong }

    func answer(
        _ request: ChatRequest, receive: (@Sendable (ChatDelta) -> Void)?
    ) async throws(BackendError) -> ChatAnswer {
        asked.withLock { $0 += 1 }
        let isWrong = wrongWords.contains { request.messages[1].content.contains($0) }
        let text = JSONValue.object(["verdict": isWrong ? "incorrect" : "correct", "reason": "because"]).text
        return ChatAnswer(message: Message(role: .assistant, content: text))
    }
}

@Suite struct UndecidedJudgeTests {
    private func decide(_ verdict: Verdict, _ chat: ScriptedChat) async throws -> VerdictReport {
        let path = NSTemporaryDirectory() + "judge-\(UUID().uuidString).jsonl"
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try await UndecidedJudge(model: chat, concurrency: 2, cachePath: path).decide(
            VerdictReport(verdict: verdict, operations: 1), question: "What is it?", gold: "one", answer: "the first")
    }

    @Test(arguments: [(["Berlin"], Verdict.correct), (["Berlin", "the first"], .incorrect)])
    func `an undecided answer is decided and marked as judged`(wrong: [String], verdict: Verdict) async throws {
        let report = try await decide(.undecided, ScriptedChat(wrong: wrong))
        #expect(report.verdict == verdict)
        #expect(report.guarantee == .judged)
    }

    @Test(arguments: Verdict.allCases.filter { $0 != .undecided })
    func `what the verifier decided stands, and nobody is asked`(verdict: Verdict) async throws {
        let chat = ScriptedChat(wrong: ["Berlin"])
        #expect(try await decide(verdict, chat).verdict == verdict)
        #expect(chat.asked.withLock { $0 } == 0)
    }

    @Test func `a judge that calls everything right decides nothing`() async throws {
        await #expect(throws: JudgeError.self) { try await decide(.undecided, ScriptedChat(wrong: [])) }
    }
}
