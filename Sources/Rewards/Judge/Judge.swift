import Primitives

/// One answer to judge. `answer` is the span that extraction found, never the whole text of the policy.
public struct JudgeQuestion: Sendable, Hashable {
    public var question: String
    public var gold: String
    public var answer: String

    public init(question: String, gold: String, answer: String) {
        self.question = question
        self.gold = gold
        self.answer = answer
    }
}

public struct Judgement: Sendable, Hashable {
    public var isCorrect: Bool
    public var reason: String
    /// Whether the verdict was given before and taken from the cache.
    public var isCached: Bool
}

/// A question whose verdict is known.
public struct JudgeCanary: Sendable, Hashable {
    public var name: String
    public var question: JudgeQuestion
    public var isCorrect: Bool

    public init(name: String, question: JudgeQuestion, isCorrect: Bool) {
        self.name = name
        self.question = question
        self.isCorrect = isCorrect
    }
}

/// Lets a language model say whether answers mean the same as their golds.
///
/// The model sees the question, the gold and the extracted span, each as data that cannot leave its place; its reply is
/// checked to be exactly one object of the schema. Canaries with known verdicts stand among the questions of every
/// batch that asks the model. Whatever fails is thrown, and then no verdict of the batch counts.
public struct Judge: Sendable {
    private let batch: JudgeBatch<Reply>
    private let template: JudgeTemplate
    private let canaries: [JudgeCanary]
    private let hash: ContentHash
    /// The longest answer, in bytes, that is shown.
    private let longestAnswer: Int

    private struct Reply: Sendable {
        var isCorrect: Bool
        var reason: String
    }

    /// - Parameters:
    ///   - modelName: names the model in errors and in the keys of the cache.
    ///   - canaries: of both verdicts, or a judge that always says the same would pass.
    ///   - concurrency: how many prompts are under way at once.
    public init(
        model: any JudgeModel, modelName: String, template: JudgeTemplate = .standard, canaries: [JudgeCanary],
        cache: any JudgeCache = MemoryJudgeCache(), concurrency: Int = 8, longestAnswer: Int = 4096,
        hash: @escaping ContentHash
    ) throws(JudgeError) {
        guard canaries.contains(where: \.isCorrect), canaries.contains(where: { !$0.isCorrect }) else {
            throw .unusableInput(problem: "a judge needs a canary that is correct and one that is incorrect")
        }
        batch = JudgeBatch(model: model, modelName: modelName, cache: cache, concurrency: concurrency)
        self.template = template
        self.canaries = canaries
        self.longestAnswer = longestAnswer
        self.hash = hash
    }

    /// The judgements in the order of the questions.
    public func judge(_ questions: [JudgeQuestion]) async throws(JudgeError) -> [Judgement] {
        var prompts: [JudgeBatch<Reply>.Prompt] = []
        for question in questions { prompts.append(try prompt(question)) }
        var known: [JudgeBatch<Reply>.Canary] = []
        for canary in canaries {
            known.append(
                .init(
                    name: canary.name, prompt: try prompt(canary.question), expected: Self.word(canary.isCorrect),
                    describe: { Self.word($0.isCorrect) }))
        }
        var judgements: [Judgement] = []
        for (reply, isCached) in try await batch.replies(to: prompts, canaries: known) {
            judgements.append(Judgement(isCorrect: reply.isCorrect, reason: reply.reason, isCached: isCached))
        }
        return judgements
    }

    private static func word(_ isCorrect: Bool) -> String { isCorrect ? "correct" : "incorrect" }

    private func prompt(_ question: JudgeQuestion) throws(JudgeError) -> JudgeBatch<Reply>.Prompt {
        guard question.answer.utf8.contains(where: { !AnswerText.isSpace($0) }) else {
            throw .unusableInput(problem: "the answer to \"\(question.question.prefix(80))\" is empty")
        }
        guard question.answer.utf8.count <= longestAnswer else {
            throw .unusableInput(
                problem: "an answer of \(question.answer.utf8.count) bytes, where at most \(longestAnswer) are shown")
        }
        let values = ["question": question.question, "gold": question.gold, "answer": question.answer]
        return .init(
            system: template.system, user: template.rendered(values, hash: hash), schema: JudgeReply.verdictSchema,
            key: JudgeKey.key(
                [
                    "verdict", batch.modelName, template.version, template.system, template.user, question.question,
                    question.gold, question.answer,
                ], hash: hash),
            read: { reply throws(JudgeReply.Problem) in
                let verdict = try JudgeReply.verdict(reply)
                return Reply(isCorrect: verdict.isCorrect, reason: verdict.reason)
            })
    }
}
