import Primitives

/// Asks a judge a batch of prompts with canaries among them: what ``Judge`` and ``RubricJudge`` share.
struct JudgeBatch<Reply: Sendable>: Sendable {
    struct Prompt: Sendable {
        var system: String
        var user: String
        var schema: JSONValue
        /// All that the reply depends on.
        var key: String
        var read: @Sendable (String) throws(JudgeReply.Problem) -> Reply
    }

    struct Canary: Sendable {
        var name: String
        var prompt: Prompt
        var expected: String
        /// The reply in the words of `expected`.
        var describe: @Sendable (Reply) -> String
    }

    let model: any JudgeModel
    let modelName: String
    let cache: any JudgeCache
    let concurrency: Int

    private enum Job: Sendable {
        case prompt(Int)
        case canary(Int)
    }

    /// The replies in the order of the prompts, and which of them the cache gave. Prompts with the same key are asked
    /// once. If any reply is invalid or any canary fails, nothing is kept and the error is thrown.
    func replies(to prompts: [Prompt], canaries: [Canary]) async throws(JudgeError) -> [(reply: Reply, isCached: Bool)]
    {
        var replies: [String: (reply: Reply, isCached: Bool)] = [:]
        var asked: [Int] = []
        var seen: Set<String> = []
        for (index, prompt) in prompts.enumerated() where seen.insert(prompt.key).inserted {
            if let known = try await cached(prompt.key) {
                replies[prompt.key] = (try read(known, prompt), true)
            } else {
                asked.append(index)
            }
        }
        let texts = try await ask(prompts, asked, canaries)
        for (index, text) in texts { replies[prompts[index].key] = (try read(text, prompts[index]), false) }
        do {
            try await cache.store(texts.map { (prompts[$0.index].key, $0.text) })
        } catch let error as JudgeError {
            throw error
        } catch {
            throw .cacheFailed(path: "", problem: "\(error)")
        }
        var inOrder: [(reply: Reply, isCached: Bool)] = []
        for prompt in prompts {
            guard let reply = replies[prompt.key] else {
                throw .modelFailed(model: modelName, problem: "a prompt of the batch got no reply")
            }
            inOrder.append(reply)
        }
        return inOrder
    }

    private func cached(_ key: String) async throws(JudgeError) -> String? {
        do {
            return try await cache.reply(for: key)
        } catch let error as JudgeError {
            throw error
        } catch {
            throw .cacheFailed(path: "", problem: "\(error)")
        }
    }

    private func read(_ text: String, _ prompt: Prompt) throws(JudgeError) -> Reply {
        do throws(JudgeReply.Problem) {
            return try prompt.read(text)
        } catch {
            throw .invalidReply(model: modelName, problem: error.text, reply: text)
        }
    }

    /// Spreads the canaries evenly among the prompts.
    private static func interleaved(_ asked: [Int], canaries: Int) -> [Job] {
        guard !asked.isEmpty else { return [] }
        var jobs: [Job] = []
        var placed = 0
        for (position, index) in asked.enumerated() {
            while placed < canaries, placed * asked.count <= position * canaries {
                jobs.append(.canary(placed))
                placed += 1
            }
            jobs.append(.prompt(index))
        }
        while placed < canaries {
            jobs.append(.canary(placed))
            placed += 1
        }
        return jobs
    }

    private func ask(
        _ prompts: [Prompt], _ asked: [Int], _ canaries: [Canary]
    ) async throws(JudgeError) -> [(index: Int, text: String)] {
        let jobs = Self.interleaved(asked, canaries: canaries.count)
        do {
            return try await withThrowingTaskGroup(of: (index: Int, text: String)?.self) { group in
                var texts: [(index: Int, text: String)] = []
                var next = 0
                for _ in 0..<min(max(1, concurrency), jobs.count) {
                    let job = jobs[next]
                    group.addTask { try await run(job, prompts, canaries) }
                    next += 1
                }
                while let result = try await group.next() {
                    if let result { texts.append(result) }
                    if next < jobs.count {
                        let job = jobs[next]
                        group.addTask { try await run(job, prompts, canaries) }
                        next += 1
                    }
                }
                return texts.sorted { $0.index < $1.index }
            }
        } catch let error as JudgeError {
            throw error
        } catch {
            throw .modelFailed(model: modelName, problem: "\(error)")
        }
    }

    private func run(
        _ job: Job, _ prompts: [Prompt], _ canaries: [Canary]
    ) async throws -> (index: Int, text: String)? {
        switch job {
        case .prompt(let index):
            let text = try await complete(prompts[index])
            _ = try read(text, prompts[index])
            return (index, text)
        case .canary(let index):
            let canary = canaries[index]
            let found = canary.describe(try read(try await complete(canary.prompt), canary.prompt))
            guard found == canary.expected else {
                throw JudgeError.canaryFailed(
                    model: modelName, canary: canary.name, expected: canary.expected, found: found)
            }
            return nil
        }
    }

    private func complete(_ prompt: Prompt) async throws -> String {
        try await model.complete(system: prompt.system, user: prompt.user, schema: prompt.schema)
    }
}

/// What a cached reply depends on, as one text that no two different lists share.
enum JudgeKey {
    static func key(_ parts: [String], hash: ContentHash) -> String {
        hash(JSONValue.array(parts.map { .string($0) }).serialized())
    }
}
