import Agents
import Knowledge
import Primitives
import Retrieval
import Synchronization

@testable import Synthesis

/// A language model that says what it is told to say, in the order of asking, and keeps what it was asked.
final class ScriptedModel: LanguageModel {
    let name = "scripted-model"
    private let replies: [LanguageModelReply]
    private let failure: LanguageModelError?
    private let asked = Mutex<[LanguageModelPrompt]>([])

    /// - Parameter failure: what comes after the last reply; without it the last reply is repeated.
    init(_ replies: [LanguageModelReply], then failure: LanguageModelError? = nil) {
        self.replies = replies
        self.failure = failure
    }

    var prompts: [LanguageModelPrompt] { asked.withLock { $0 } }

    func reply(to prompt: LanguageModelPrompt) async throws(LanguageModelError) -> LanguageModelReply {
        let number = asked.withLock { prompts in
            prompts.append(prompt)
            return prompts.count - 1
        }
        if number < replies.count { return replies[number] }
        if let failure { throw failure }
        return replies[replies.count - 1]
    }

    static func text(_ text: String, thinking: String? = nil) -> LanguageModelReply {
        LanguageModelReply(
            message: Message(role: .assistant, content: text, thinking: thinking),
            usage: ModelUsage(tokens: TokenUsage(promptTokens: 10, completionTokens: 2), cost: 0.25))
    }

    static func search(_ queries: String...) -> LanguageModelReply {
        LanguageModelReply(
            message: Message(
                role: .assistant, content: "", thinking: "Look it up.",
                toolCalls: queries.map {
                    ToolCall(name: "search", arguments: .string("{\"query\": \"\($0)\"}"), id: "server-id")
                }),
            usage: ModelUsage(tokens: TokenUsage(promptTokens: 10, completionTokens: 2), cost: 0.25))
    }
}

/// The small graph, a question of two hops about it, and its library.
struct SmallTask {
    let graph: KnowledgeGraph
    let question: Question
    let tools: ToolRouter

    init() throws {
        graph = try SmallGraph.make()
        question = try Self.question(
            in: graph, anchor: "ZeliumB", steps: [Step(relation: 2), Step(relation: 0)], id: "q1")
        tools = Self.tools(for: graph)
    }

    static func tools(for graph: KnowledgeGraph) -> ToolRouter {
        ToolRouter(tools: [
            SearchTool(index: DocumentIndex(documents: MonographComposer().documents(of: graph)), passageLimit: 1)
        ])
    }

    static func question(
        in graph: KnowledgeGraph, anchor: String, steps: [Step], id: String
    ) throws -> Question {
        let certificate = try graph.certify(
            ChainQuery(anchor: graph.index(name: anchor) ?? 0, steps: steps)
        ).get()
        let entities = certificate.entities.map { graph.entity($0) }
        let answer = entities[entities.count - 1]
        return Question(
            id: id,
            text: QuestionWording(relations: graph.relations).question(anchor: anchor, steps: steps, opening: 0),
            gold: .init(type: .entity, value: answer.name), chains: certificate.names(in: graph),
            specialty: entities.compactMap(\.specialty).first, split: .supervised,
            certificate: certificate)
    }

    func runner(
        _ teacher: any Teacher, budgets: DemonstrationBudgets = DemonstrationBudgets(),
        failures: ToolFailureSimulation? = nil, now: (@Sendable () -> ContinuousClock.Instant)? = nil
    ) -> DemonstrationRunner {
        DemonstrationRunner(
            teacher: teacher, tools: tools, relations: graph.relations, budgets: budgets, failures: failures,
            systemPrompt: "Search, then answer.", now: now ?? { .now })
    }

    func demonstration(
        _ replies: [LanguageModelReply], budgets: DemonstrationBudgets = DemonstrationBudgets(),
        isGuided: Bool = true
    ) async throws -> Demonstration {
        try await runner(LanguageModelTeacher(model: ScriptedModel(replies)), budgets: budgets)
            .run(question, key: TrajectoryKey(seed: 1, question: 0, rollout: 0), isGuided: isGuided)
    }

    func candidate(_ demonstration: Demonstration) -> FilterCandidate {
        let plan = SynthesisPlan(questions: [question], graph: graph, seed: 1)
        return FilterCandidate(
            question: question, demonstration: demonstration, maskedNames: plan.maskedNames(of: question))
    }
}

/// A value that closures share.
final class Shared<Value: Sendable>: Sendable {
    private let mutex: Mutex<Value>

    init(_ value: Value) { mutex = Mutex(value) }

    var value: Value {
        get { mutex.withLock { $0 } }
        set { mutex.withLock { $0 = newValue } }
    }

    func update(_ change: @Sendable (inout Value) -> Void) -> Value {
        mutex.withLock { value in
            change(&value)
            return value
        }
    }
}
