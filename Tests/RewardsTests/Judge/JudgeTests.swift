import Foundation
import Primitives
import Testing

@testable import Rewards

/// Answers each prompt with what a script makes of it, and records the prompts.
actor ScriptedModel: JudgeModel {
    private let script: @Sendable (String) throws -> String
    private(set) var prompts: [String] = []

    init(_ script: @escaping @Sendable (String) throws -> String) { self.script = script }

    func complete(system: String, user: String, schema: JSONValue?) async throws -> String {
        prompts.append(user)
        return try script(user)
    }
}

/// FNV-1a: no cryptographic hash, and enough for tests.
let testHash: ContentHash = { bytes in
    String(bytes.reduce(14_695_981_039_346_656_037 as UInt64) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }, radix: 16)
}

struct ModelDown: Error {}

@Suite struct JudgeTests {
    private static let canaries = [
        JudgeCanary(
            name: "same", question: JudgeQuestion(question: "Capital of France?", gold: "Paris", answer: "It is Paris"),
            isCorrect: true),
        JudgeCanary(
            name: "other", question: JudgeQuestion(question: "Capital of France?", gold: "Paris", answer: "Lyon"),
            isCorrect: false),
    ]

    private static let question = JudgeQuestion(question: "Which drug?", gold: "aspirin", answer: "ASA")

    private static func reply(_ isCorrect: Bool) -> String {
        "{\"verdict\": \"\(isCorrect ? "correct" : "incorrect")\", \"reason\": \"r\"}"
    }

    /// Judges the canaries rightly, and every other answer as `other` says.
    private static func honest(_ other: @escaping @Sendable (String) throws -> String) -> ScriptedModel {
        ScriptedModel { user in
            if user.contains("\"It is Paris\"") { return reply(true) }
            if user.contains("\"Lyon\"") { return reply(false) }
            return try other(user)
        }
    }

    private static func judge(_ model: ScriptedModel, cache: any JudgeCache = MemoryJudgeCache()) throws -> Judge {
        try Judge(
            model: model, modelName: "m", canaries: canaries, cache: cache, concurrency: 2, hash: testHash)
    }

    @Test(arguments: [true, false]) func `the judge's verdict is passed on`(isCorrect: Bool) async throws {
        let model = Self.honest { _ in Self.reply(isCorrect) }
        let judgements = try await Self.judge(model).judge([Self.question])
        #expect(judgements == [Judgement(isCorrect: isCorrect, reason: "r", isCached: false)])
        #expect(await model.prompts.count == 3)
    }

    @Test(arguments: [
        "", "correct", "{}", "{\"verdict\": \"correct\"}", "{\"verdict\": \"maybe\", \"reason\": \"r\"}",
        "{\"verdict\": true, \"reason\": \"r\"}", "{\"verdict\": \"correct\", \"reason\": 1}",
        "{\"verdict\": \"correct\", \"reason\": \"r\", \"score\": 1}",
        "[{\"verdict\": \"correct\", \"reason\": \"r\"}]",
        "Sure! {\"verdict\": \"correct\", \"reason\": \"r\"}",
        "```json\n{\"verdict\": \"correct\", \"reason\": \"r\"}\n```",
        "{\"verdict\": \"correct\", \"reason\": \"r\"}{\"verdict\": \"correct\", \"reason\": \"r\"}",
        "{\"verdict\": \"incorrect\", \"verdict\": \"correct\", \"reason\": \"r\"}",
        "{\"verdict\": \"Correct\", \"reason\": \"r\"}", "{\"verdict\": \"correct\", \"reason\": \"r\"",
    ])
    func `a reply that is not the object is an error and no verdict`(reply: String) async throws {
        let judge = try Self.judge(Self.honest { _ in reply })
        let error = await #expect(throws: JudgeError.self) { try await judge.judge([Self.question]) }
        guard case .invalidReply(_, _, reply) = error else {
            Issue.record("thrown was \(String(describing: error))")
            return
        }
    }

    @Test func `a failing model is an error and no verdict`() async throws {
        let judge = try Self.judge(Self.honest { _ in throw ModelDown() })
        let error = await #expect(throws: JudgeError.self) { try await judge.judge([Self.question]) }
        guard case .modelFailed = error else {
            Issue.record("thrown was \(String(describing: error))")
            return
        }
    }

    @Test(arguments: [true, false])
    func `a judge that always says the same fails a canary, and nothing is kept`(verdict: Bool) async throws {
        let cache = MemoryJudgeCache()
        let judge = try Self.judge(ScriptedModel { _ in Self.reply(verdict) }, cache: cache)
        let error = await #expect(throws: JudgeError.self) { try await judge.judge([Self.question]) }
        guard case .canaryFailed(_, let name, _, _) = error else {
            Issue.record("thrown was \(String(describing: error))")
            return
        }
        #expect(name == (verdict ? "other" : "same"))
        let honest = Self.honest { _ in Self.reply(true) }
        #expect(try await Self.judge(honest, cache: cache).judge([Self.question])[0].isCached == false)
    }

    @Test func `a judge without canaries of both verdicts is refused`() {
        let model = ScriptedModel { _ in "" }
        for canaries in [[], [Self.canaries[0]], [Self.canaries[1]]] {
            #expect(throws: JudgeError.self) {
                try Judge(model: model, modelName: "m", canaries: canaries, hash: testHash)
            }
        }
    }

    @Test func `the same question is asked once and then cached`() async throws {
        let model = Self.honest { _ in Self.reply(true) }
        let judge = try Self.judge(model)
        #expect(try await judge.judge([Self.question, Self.question]).map(\.isCached) == [false, false])
        #expect(await model.prompts.count == 3)
        #expect(try await judge.judge([Self.question]).map(\.isCached) == [true])
        #expect(await model.prompts.count == 3)
        var other = Self.question
        other.gold = "ibuprofen"
        #expect(try await judge.judge([other]).map(\.isCached) == [false])
    }

    @Test func `verdicts keep the order of the questions`() async throws {
        let model = Self.honest { user in Self.reply(user.contains("\"yes\"")) }
        let questions = (0..<40).map {
            JudgeQuestion(question: "q\($0)", gold: "g", answer: $0 % 3 == 0 ? "yes" : "no")
        }
        let judgements = try await Self.judge(model).judge(questions)
        #expect(judgements.map(\.isCorrect) == (0..<40).map { $0 % 3 == 0 })
    }

    @Test(arguments: ["", " \n", String(repeating: "a", count: 5000)])
    func `an empty or endless answer is never shown`(answer: String) async throws {
        let model = Self.honest { _ in Self.reply(true) }
        let judge = try Self.judge(model)
        await #expect(throws: JudgeError.self) {
            try await judge.judge([JudgeQuestion(question: "q", gold: "g", answer: answer)])
        }
        #expect(await model.prompts.isEmpty)
    }

    @Test func `the file keeps replies, and a line that was cut off is dropped`() async throws {
        let path = NSTemporaryDirectory() + "judge-cache-\(UUID().uuidString).jsonl"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let model = Self.honest { _ in Self.reply(true) }
        #expect(
            try await Self.judge(model, cache: FileJudgeCache(path: path)).judge([Self.question])[0].isCached == false)
        let handle = try #require(FileHandle(forWritingAtPath: path))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data("{\"key\": \"tor".utf8))
        try handle.close()
        #expect(try await Self.judge(model, cache: FileJudgeCache(path: path)).judge([Self.question])[0].isCached)
        #expect(try String(contentsOfFile: path, encoding: .utf8).hasSuffix("}\n"))
    }

    @Test func `a damaged line of the file is named`() throws {
        let path = NSTemporaryDirectory() + "judge-cache-\(UUID().uuidString).jsonl"
        defer { try? FileManager.default.removeItem(atPath: path) }
        try "{\"key\": \"a\", \"reply\": \"b\"}\n{\"key\": 1}\n".write(toFile: path, atomically: true, encoding: .utf8)
        let error = #expect(throws: JudgeError.self) { try FileJudgeCache(path: path) }
        #expect(error?.description.contains("line 2") == true)
    }
}
