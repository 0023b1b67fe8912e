import Primitives

/// One criterion of a rubric; negative points are for what an answer should not do.
public struct RubricCriterion: Sendable, Hashable {
    public var id: String
    public var text: String
    public var points: Double

    public init(id: String, text: String, points: Double) {
        self.id = id
        self.text = text
        self.points = points
    }
}

/// An answer with the rubric that it is judged by.
public struct RubricQuestion: Sendable, Hashable {
    public var question: String
    public var answer: String
    public var criteria: [RubricCriterion]

    public init(question: String, answer: String, criteria: [RubricCriterion]) {
        self.question = question
        self.answer = answer
        self.criteria = criteria
    }
}

public struct RubricJudgement: Sendable, Hashable {
    /// Whether each criterion is met, in the rubric's order.
    public var met: [Bool]
    /// The points of the criteria met over the sum of the positive points (HealthBench); it can be below zero.
    public var score: Double
    public var isCached: Bool
}

/// A rubric question for which it is known which criteria are met.
public struct RubricCanary: Sendable, Hashable {
    public var name: String
    public var question: RubricQuestion
    public var met: [Bool]

    public init(name: String, question: RubricQuestion, met: [Bool]) {
        self.name = name
        self.question = question
        self.met = met
    }
}

/// Lets a language model decide for each criterion of a rubric whether an answer meets it, under the rules of ``Judge``.
public struct RubricJudge: Sendable {
    private let batch: JudgeBatch<[Bool]>
    private let template: JudgeTemplate
    private let canaries: [RubricCanary]
    private let hash: ContentHash
    private let longestAnswer: Int

    /// - Parameter canaries: with criteria that are met and criteria that are not.
    public init(
        model: any JudgeModel, modelName: String, template: JudgeTemplate = .rubric, canaries: [RubricCanary],
        cache: any JudgeCache = MemoryJudgeCache(), concurrency: Int = 8, longestAnswer: Int = 16384,
        hash: @escaping ContentHash
    ) throws(JudgeError) {
        let known = canaries.flatMap(\.met)
        guard known.contains(true), known.contains(false) else {
            throw .unusableInput(problem: "a rubric judge needs canaries with a criterion met and one not met")
        }
        if let canary = canaries.first(where: { $0.met.count != $0.question.criteria.count }) {
            throw .unusableInput(problem: "the canary \(canary.name) does not know each of its criteria")
        }
        batch = JudgeBatch(model: model, modelName: modelName, cache: cache, concurrency: concurrency)
        self.template = template
        self.canaries = canaries
        self.longestAnswer = longestAnswer
        self.hash = hash
    }

    public func judge(_ questions: [RubricQuestion]) async throws(JudgeError) -> [RubricJudgement] {
        var prompts: [JudgeBatch<[Bool]>.Prompt] = []
        for question in questions { prompts.append(try prompt(question)) }
        var known: [JudgeBatch<[Bool]>.Canary] = []
        for canary in canaries {
            known.append(
                .init(
                    name: canary.name, prompt: try prompt(canary.question), expected: "\(canary.met)",
                    describe: { "\($0)" }))
        }
        var judgements: [RubricJudgement] = []
        for (question, (met, isCached)) in zip(questions, try await batch.replies(to: prompts, canaries: known)) {
            judgements.append(
                RubricJudgement(met: met, score: Self.score(question.criteria, met), isCached: isCached))
        }
        return judgements
    }

    private static func score(_ criteria: [RubricCriterion], _ met: [Bool]) -> Double {
        let reached = zip(criteria, met).reduce(0) { $1.1 ? $0 + $1.0.points : $0 }
        return reached / criteria.reduce(0) { $0 + max(0, $1.points) }
    }

    private func prompt(_ question: RubricQuestion) throws(JudgeError) -> JudgeBatch<[Bool]>.Prompt {
        let identifiers = question.criteria.map(\.id)
        guard Set(identifiers).count == identifiers.count, !identifiers.contains("") else {
            throw .unusableInput(problem: "the criteria of a rubric need ids that differ")
        }
        guard question.criteria.allSatisfy(\.points.isFinite), question.criteria.contains(where: { $0.points > 0 })
        else {
            throw .unusableInput(problem: "a rubric needs finite points, and a criterion with positive ones")
        }
        guard question.answer.utf8.contains(where: { !AnswerText.isSpace($0) }) else {
            throw .unusableInput(problem: "the answer to \"\(question.question.prefix(80))\" is empty")
        }
        guard question.answer.utf8.count <= longestAnswer else {
            throw .unusableInput(
                problem: "an answer of \(question.answer.utf8.count) bytes, where at most \(longestAnswer) are shown")
        }
        // The judge does not see the points, so that they cannot sway it.
        let criteria = JSONValue.array(
            question.criteria.map { .object(["id": .string($0.id), "text": .string($0.text)]) }
        ).text
        let values = ["question": question.question, "criteria": criteria, "answer": question.answer]
        return .init(
            system: template.system, user: template.rendered(values, hash: hash),
            schema: JudgeReply.rubricSchema(identifiers),
            key: JudgeKey.key(
                [
                    "rubric", batch.modelName, template.version, template.system, template.user, question.question,
                    criteria, question.answer,
                ], hash: hash),
            read: { reply throws(JudgeReply.Problem) in try JudgeReply.rubric(reply, identifiers) })
    }
}
