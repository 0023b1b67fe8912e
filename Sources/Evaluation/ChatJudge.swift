import Backends
import Primitives
import Rewards

/// Lets a chat model be asked as a judge.
struct ChatJudgeModel: JudgeModel {
    let model: any ChatModel

    func complete(system: String, user: String, schema: JSONValue?) async throws -> String {
        try await model.complete(ChatRequest(system: system, user: user, maximumTokens: 2048, schema: schema))
    }
}

/// A file of replies that is opened when the first reply is looked for, because a run directory does not exist before.
actor RunJudgeCache: JudgeCache {
    private let path: String
    private var opened: FileJudgeCache?

    init(path: String) { self.path = path }

    private func file() throws -> FileJudgeCache {
        if let opened { return opened }
        let cache = try FileJudgeCache(path: path)
        opened = cache
        return cache
    }

    func reply(for key: String) async throws -> String? { try await file().reply(for: key) }

    func store(_ replies: [(key: String, reply: String)]) async throws { try await file().store(replies) }
}
