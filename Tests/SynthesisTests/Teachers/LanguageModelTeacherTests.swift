import Primitives
import Testing

@testable import Synthesis

struct LanguageModelTeacherTests {
    private let task: SmallTask
    private let walk = [
        ScriptedModel.search("ZeliumB"), ScriptedModel.search("vorosis B"),
        ScriptedModel.text("<answer>GQB</answer>", thinking: "Found."),
    ]

    init() throws { task = try SmallTask() }

    @Test func walksToTheAnswer() async throws {
        let demonstration = try await task.demonstration(walk)
        #expect(demonstration.stopReason == .answer)
        #expect(demonstration.toolCallCount == 2)
        #expect(
            demonstration.messages.map(\.role) == [.system, .user, .assistant, .tool, .assistant, .tool, .assistant])
        #expect(demonstration.messages[3].content.contains("ZeliumB treats vorosis B."))
    }

    @Test func givesEveryCallAnIdOfItsOwn() async throws {
        let demonstration = try await task.demonstration([
            ScriptedModel.search("ZeliumB", "ZeliumA"), walk[1], walk[2],
        ])
        #expect(demonstration.messages.flatMap(\.toolCalls).map(\.id) == ["call_1", "call_2", "call_3"])
        #expect(demonstration.messages.compactMap(\.toolCallID) == ["call_1", "call_2", "call_3"])
    }

    @Test func readsArgumentsThatCameAsText() async throws {
        let demonstration = try await task.demonstration(walk)
        #expect(demonstration.messages.flatMap(\.toolCalls).first?.arguments == ["query": "ZeliumB"])
    }

    @Test func guidanceIsInTheTeachersPromptOnly() async throws {
        let model = ScriptedModel(walk)
        let demonstration = try await task.runner(LanguageModelTeacher(model: model))
            .run(task.question, key: TrajectoryKey(seed: 1, question: 0, rollout: 0), isGuided: true)
        for prompt in model.prompts {
            let text = prompt.messages.map(\.content).joined(separator: "\n")
            #expect(text.contains("([MASK], treats, [MASK])\n([MASK], caused_by, [MASK])"))
            #expect(!prompt.messages.contains { $0.content == "Search, then answer." })
        }
        #expect(demonstration.messages[..<2].map(\.content) == ["Search, then answer.", task.question.text])
        #expect(!demonstration.messages.contains { $0.content.contains("[MASK]") })
    }

    @Test func exploresWithoutGuidance() async throws {
        let model = ScriptedModel(walk)
        _ = try await task.runner(LanguageModelTeacher(model: model))
            .run(task.question, key: TrajectoryKey(seed: 1, question: 0, rollout: 0), isGuided: false)
        #expect(!model.prompts.contains { $0.messages.contains { $0.content.contains("[MASK]") } })
    }

    @Test func drawsEveryTurnAndRolloutDifferently() async throws {
        var seeds: Set<Int64?> = []
        for rollout in 0..<3 {
            let model = ScriptedModel(walk)
            _ = try await task.runner(LanguageModelTeacher(model: model))
                .run(task.question, key: TrajectoryKey(seed: 1, question: 0, rollout: rollout), isGuided: true)
            seeds.formUnion(model.prompts.map(\.seed))
        }
        #expect(seeds.count == 9)
    }

    @Test func countsWhatItTook() async throws {
        let usage = try await task.demonstration(walk).usage
        #expect(usage == ModelUsage(tokens: TokenUsage(requests: 3, promptTokens: 30, completionTokens: 6), cost: 0.75))
    }

    @Test func writesTaggedCallsForModelsWithoutTools() async throws {
        let model = ScriptedModel([
            ScriptedModel.text(
                "<think>First the drug.</think>\n<tool_call>{\"name\": \"search\", \"arguments\": {\"query\": "
                    + "\"ZeliumB\"}}</tool_call>\n<tool_call>\n{\"name\":\"search\",\"arguments\":{\"query\":"
                    + "\"vorosis B\"}}\n</tool_call>"),
            ScriptedModel.text("<think>Done.</think>\n\n<answer>GQB</answer>"),
        ])
        let demonstration = try await task.runner(LanguageModelTeacher(model: model, format: .tagged))
            .run(task.question, key: TrajectoryKey(seed: 1, question: 0, rollout: 0), isGuided: false)
        #expect(demonstration.stopReason == .answer)
        #expect(demonstration.turns.map(\.thinking) == ["First the drug.", "Done."])
        #expect(
            demonstration.turns[0].toolCalls.map(\.arguments) == [["query": "ZeliumB"], ["query": "vorosis B"]])
        let last = try #require(model.prompts.last)
        #expect(last.tools.isEmpty && last.stopTexts == ["<tool_response>"])
        #expect(last.messages.map(\.role) == [.system, .user, .assistant, .user])
        #expect(last.messages[3].content.components(separatedBy: "<tool_response>").count == 3)
        #expect(last.messages[0].content.contains("\"name\":\"search\""))
    }

    @Test func anUnreadableTaggedCallStaysInTheText() {
        let message = TaggedCalls.read(
            Message(role: .assistant, content: "<tool_call>{\"name\": \"search\"</tool_call>"), readsCalls: true)
        #expect(message.toolCalls.isEmpty)
        #expect(message.content.contains("<tool_call>"))
    }
}
