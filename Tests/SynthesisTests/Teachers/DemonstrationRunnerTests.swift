import Agents
import Primitives
import Testing

@testable import Synthesis

struct DemonstrationRunnerTests {
    private let task: SmallTask

    init() throws { task = try SmallTask() }

    @Test func stopsWithoutCallAndAnswer() async throws {
        let demonstration = try await task.demonstration([ScriptedModel.text("It is GQB.")])
        #expect(demonstration.stopReason == .noToolCalls)
    }

    @Test func stopsAtATurnThatIsCutOff() async throws {
        var reply = ScriptedModel.search("ZeliumB")
        reply.isWhole = false
        #expect(try await task.demonstration([reply]).stopReason == .abnormal)
    }

    @Test func stopsALoop() async throws {
        let demonstration = try await task.demonstration([ScriptedModel.search("ZeliumB")])
        #expect(demonstration.stopReason == .toolLoopDetected)
        #expect(demonstration.toolCallCount == 3)
    }

    @Test func stopsALoopOverSeveralCalls() async throws {
        let round = [ScriptedModel.search("ZeliumB"), ScriptedModel.search("ZeliumA")]
        let demonstration = try await task.demonstration(round + round + round)
        #expect(demonstration.stopReason == .toolLoopDetected)
        #expect(demonstration.toolCallCount == 5)
    }

    @Test func keepsToItsTurns() async throws {
        let replies = ["ZeliumA", "ZeliumB", "ZeliumC"].map { ScriptedModel.search($0) }
        let demonstration = try await task.demonstration(replies, budgets: DemonstrationBudgets(maximumTurns: 2))
        #expect(demonstration.stopReason == .maximumIterationsExceeded)
        #expect(demonstration.turns.count == 2)
    }

    @Test func keepsToItsToolCalls() async throws {
        let demonstration = try await task.demonstration(
            [ScriptedModel.search("ZeliumA", "ZeliumB", "ZeliumC")], budgets: DemonstrationBudgets(maximumToolCalls: 2))
        #expect(demonstration.stopReason == .maximumToolCallsExceeded)
        #expect(!demonstration.messages.contains { $0.role == .tool })
    }

    @Test func keepsToItsTokens() async throws {
        let demonstration = try await task.demonstration(
            [ScriptedModel.search("ZeliumB")], budgets: DemonstrationBudgets(maximumTokens: 30))
        #expect(demonstration.stopReason == .maximumTokensExceeded)
        #expect(demonstration.tokenCount >= 30)
    }

    @Test func keepsToItsTime() async throws {
        let clock = Shared(ContinuousClock.now)
        let model = ScriptedModel(["ZeliumA", "ZeliumB", "ZeliumC"].map { ScriptedModel.search($0) })
        let runner = task.runner(
            LanguageModelTeacher(model: model), budgets: DemonstrationBudgets(maximumTime: .seconds(25)),
            now: { clock.update { $0 += .seconds(10) } })
        let demonstration = try await runner.run(
            task.question, key: TrajectoryKey(seed: 1, question: 0, rollout: 0), isGuided: true)
        #expect(demonstration.stopReason == .maximumTimeExceeded)
        #expect(demonstration.turns.count == 2)
    }

    @Test func aFailingModelIsAnError() async throws {
        let model = ScriptedModel([], then: .failed(reason: "no route to host"))
        let demonstration = try await task.runner(LanguageModelTeacher(model: model))
            .run(task.question, key: TrajectoryKey(seed: 1, question: 0, rollout: 0), isGuided: true)
        #expect(demonstration.stopReason == .error)
        #expect(demonstration.problem == "teacher: scripted-model: no route to host")
    }

    @Test(arguments: [
        (LanguageModelError.spendLimitReached(reason: "r"), DemonstrationInterruption.spendLimitReached(reason: "r")),
        (.unavailable(reason: "r"), .unavailable(reason: "r")), (.cancelled, .cancelled),
    ]) func whatConcernsEveryDemonstrationEndsAll(
        error: LanguageModelError, interruption: DemonstrationInterruption
    ) async throws {
        let model = ScriptedModel([], then: error)
        await #expect(throws: interruption) {
            try await task.runner(LanguageModelTeacher(model: model))
                .run(task.question, key: TrajectoryKey(seed: 1, question: 0, rollout: 0), isGuided: true)
        }
    }

    @Test func tellsOwnFaultsFromSimulatedOnes() async throws {
        var wrong = ScriptedModel.search("ZeliumB")
        wrong.message.toolCalls[0].name = "visit"
        let model = ScriptedModel([wrong, ScriptedModel.search("ZeliumB"), ScriptedModel.text("stop")])
        let runner = task.runner(
            LanguageModelTeacher(model: model), failures: ToolFailureSimulation(rate: 1, kinds: [.timeout]))
        let demonstration = try await runner.run(
            task.question, key: TrajectoryKey(seed: 1, question: 0, rollout: 0), isGuided: true)
        #expect(demonstration.failedCalls == ["call_1", "call_2"])
        #expect(demonstration.simulatedFailures == ["call_2"])
        #expect(DatasetExample.weights(of: demonstration) == [0, 0, 0, 0, 1, 0, 1])
    }

    @Test func comesBackFromJSON() async throws {
        let demonstration = try await task.demonstration([
            ScriptedModel.search("ZeliumB"), ScriptedModel.text("é \"x\""),
        ])
        #expect(try Demonstration(json: .parse(demonstration.json.text)) == demonstration)
    }
}
