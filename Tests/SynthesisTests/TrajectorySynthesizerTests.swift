import Agents
import Knowledge
import Primitives
import Retrieval
import Testing

@testable import Synthesis

struct TrajectorySynthesizerTests {
    /// Says what it is told to say, whatever the question.
    private struct ScriptedTeacher: Teacher {
        var turns: [Message]

        let name = "scripted"

        func turn(_ task: TeacherTask, conversation: [Message]) async throws(TeacherError) -> LanguageModelReply {
            LanguageModelReply(message: turns[min(turns.count - 1, conversation.count { $0.role == .assistant })])
        }
    }

    private let graph: KnowledgeGraph
    private let question: Question

    init() throws {
        graph = try SmallGraph.make()
        let anchor = try #require(graph.index(name: "ZeliumB"))
        let certificate = try graph.certify(
            ChainQuery(anchor: anchor, steps: [Step(relation: 2), Step(relation: 0)])
        ).get()
        question = Question(
            id: "q1", text: "What is the gene that causes the disease treated by ZeliumB?",
            gold: .init(type: .entity, value: "GQB"), chains: [["ZeliumB", "vorosis B", "GQB"]], specialty: nil,
            split: .supervised, certificate: certificate)
    }

    private static func router(for graph: KnowledgeGraph) -> ToolRouter {
        ToolRouter(tools: [SearchTool(index: DocumentIndex(documents: MonographComposer().documents(of: graph)))])
    }

    private func synthesizer(_ turns: [Message], maximumTurns: Int = 12) -> TrajectorySynthesizer {
        TrajectorySynthesizer(
            teacher: ScriptedTeacher(turns: turns), tools: Self.router(for: graph), relations: graph.relations,
            maximumTurns: maximumTurns)
    }

    private static func search(_ query: String) -> Message {
        Message(
            role: .assistant, content: "", thinking: "Find it.",
            toolCalls: [ToolCall(name: "search", arguments: ["query": .string(query)])])
    }

    private static func answer(_ name: String) -> Message {
        Message(role: .assistant, content: "<answer>\(name)</answer>", thinking: "Found.")
    }

    @Test func writesShortRegularTurns() async throws {
        let synthesizer = TrajectorySynthesizer(
            teacher: RuleBasedTeacher(relations: graph.relations), tools: Self.router(for: graph),
            relations: graph.relations, systemPrompt: "Search, then answer.")
        let trajectory = try await synthesizer.trajectory(for: question)
        #expect(trajectory.rejection == nil)
        #expect(trajectory.messages.map(\.role) == [.system, .user, .assistant, .tool, .assistant, .tool, .assistant])
        #expect(
            trajectory.messages.compactMap(\.thinking) == [
                "Next: disease treated by", "Found: disease treated by\nNext: gene that causes",
                "Found: gene that causes\nDone.",
            ])
        #expect(
            trajectory.messages.flatMap(\.toolCalls).map(\.arguments) == [
                ["query": "ZeliumB"], ["query": "vorosis B"],
            ])
        #expect(trajectory.messages.last?.content == "<answer>GQB</answer>")
    }

    @Test func everyShippedQuestionIsEarned() async throws {
        let graph = try ShippedGraph.load()
        let questions = try ShippedGraph.questions(of: graph).questions
        let synthesizer = TrajectorySynthesizer(
            teacher: RuleBasedTeacher(relations: graph.relations), tools: Self.router(for: graph),
            relations: graph.relations)
        let set = try await synthesizer.trajectories(for: questions)
        for trajectory in set.trajectories { #expect(trajectory.rejection == nil, "\(trajectory.questionID)") }
        for (question, trajectory) in zip(questions, set.trajectories) {
            #expect(trajectory.toolCallCount == question.hops)
            #expect(
                trajectory.messages.flatMap(\.toolCalls).map { $0.arguments["query"]?.stringValue }
                    == question.chains[0].dropLast())
            for thinking in trajectory.messages.compactMap(\.thinking) {
                #expect(thinking.split(separator: " ").count <= 16)
            }
        }
    }

    @Test func rejectsAnAnswerKnownBeforehand() async throws {
        let trajectory = try await synthesizer([Self.answer("GQB")]).trajectory(for: question)
        #expect(trajectory.rejection == .notEarned(entity: "GQB"))
    }

    @Test func rejectsAnEntityUsedBeforeItWasSeen() async throws {
        let turns = [Self.search("vorosis B"), Self.search("ZeliumB"), Self.answer("GQB")]
        let trajectory = try await synthesizer(turns).trajectory(for: question)
        #expect(trajectory.rejection == .notEarned(entity: "vorosis B"))
    }

    @Test func rejectsAnEntityHiddenInTheThinking() async throws {
        var first = Self.search("ZeliumB")
        first.thinking = "It will be vorosis B."
        let turns = [first, Self.search("vorosis B"), Self.answer("GQB")]
        let trajectory = try await synthesizer(turns).trajectory(for: question)
        #expect(trajectory.rejection == .notEarned(entity: "vorosis B"))
    }

    @Test func rejectsAWrongAnswer() async throws {
        let turns = [Self.search("ZeliumB"), Self.search("vorosis B"), Self.answer("GQC")]
        let trajectory = try await synthesizer(turns).trajectory(for: question)
        #expect(trajectory.rejection?.kind == "not_correct")
    }

    @Test func rejectsAFailedToolCall() async throws {
        let call = Message(role: .assistant, content: "", toolCalls: [ToolCall(name: "visit", arguments: [:])])
        let trajectory = try await synthesizer([call]).trajectory(for: question)
        #expect(trajectory.rejection?.kind == "tool_error")
    }

    @Test func stopsATeacherThatNeverAnswers() async throws {
        let trajectory = try await synthesizer([Self.search("ZeliumB")], maximumTurns: 3).trajectory(for: question)
        #expect(trajectory.rejection == .tooManyTurns(limit: 3))
        #expect(trajectory.toolCallCount == 3)
    }

    @Test func countsRejectionsAndLearnsFromTheRest() async throws {
        let kept = try await TrajectorySynthesizer(
            teacher: RuleBasedTeacher(relations: graph.relations), tools: Self.router(for: graph),
            relations: graph.relations
        ).trajectory(for: question)
        let rejected = try await synthesizer([Self.answer("GQB")]).trajectory(for: question)
        let set = TrajectorySet(trajectories: [kept, rejected])
        #expect(set.rejectionCounts.map(\.kind) == ["not_earned"])
        #expect(set.examples.map(\.messages) == [kept.messages])
    }
}
