import Primitives
import Testing

@testable import Synthesis

struct FilterTests {
    private let task: SmallTask
    private let walk = [
        ScriptedModel.search("ZeliumB"), ScriptedModel.search("vorosis B"),
        ScriptedModel.text("<answer>GQB</answer>", thinking: "Found."),
    ]

    init() throws { task = try SmallTask() }

    /// The names of the filters that refuse what a model does.
    private func refusals(
        _ replies: [LanguageModelReply], settings: FilterSettings = FilterSettings(),
        _ change: (inout Demonstration) -> Void = { _ in }
    ) async throws -> [String] {
        var demonstration = try await task.demonstration(replies)
        change(&demonstration)
        let report = FilterReport(
            [task.candidate(demonstration)], settings: settings, relations: task.graph.relations)
        return report.reasons[0].map(\.filter)
    }

    @Test func keepsACleanWalk() async throws {
        #expect(try await refusals(walk) == [])
    }

    @Test func refusesAWrongAnswer() async throws {
        let wrong = ScriptedModel.text("<answer>vorosis B</answer>", thinking: "So.")
        #expect(try await refusals([walk[0], walk[1], wrong]) == ["answer"])
    }

    @Test func refusesAnAnswerNotEarned() async throws {
        let replies = [walk[0], ScriptedModel.text("<answer>GQB</answer>", thinking: "I know it.")]
        #expect(try await refusals(replies) == ["unearned_entity"])
    }

    @Test func refusesAnEntityNamedTooEarly() async throws {
        var first = walk[0]
        first.message.thinking = "It may be vorosis B."
        #expect(try await refusals([first, walk[1], walk[2]]) == ["unearned_entity"])
    }

    @Test(arguments: ["We follow caused_by now.", "The directions say ([MASK], treats, [MASK])."])
    func refusesTracesOfTheGuidance(thinking: String) async throws {
        var second = walk[1]
        second.message.thinking = thinking
        #expect(try await refusals([walk[0], second, walk[2]]) == ["leakage"])
    }

    @Test func refusesAPromptThatNamesTheAnswer() async throws {
        let found = try await refusals(walk) { $0.messages[0].content = "Hint: gqb." }
        #expect(found == ["leakage"])
    }

    @Test func refusesACallThatWorkedTwice() async throws {
        let replies = [walk[0], walk[1], ScriptedModel.search(" zeliumb "), walk[2]]
        #expect(try await refusals(replies) == ["loops"])
        var settings = FilterSettings()
        settings.maximumCallOccurrences = 2
        #expect(try await refusals(replies, settings: settings) == [])
    }

    @Test func refusesAFailureThatWasNeverMadeGood() async throws {
        let found = try await refusals(walk) { $0.failedCalls = ["call_2"] }
        #expect(found == ["tool_failures"])
        #expect(try await refusals(walk) { $0.failedCalls = ["call_1"] } == [])
    }

    @Test func refusesTooManyFailures() async throws {
        var settings = FilterSettings()
        settings.maximumToolFailures = 0
        #expect(try await refusals(walk, settings: settings) { $0.failedCalls = ["call_1"] } == ["tool_failures"])
    }

    @Test func refusesOtherSizes() async throws {
        var settings = FilterSettings()
        settings.turns = 4...9
        settings.toolCalls = 3...9
        settings.maximumTokens = 10
        #expect(try await refusals(walk, settings: settings) == ["turns", "tool_calls", "tokens"])
    }

    @Test(arguments: [
        "<answer>GQB</answer> as shown.", "It is <answer>GQB</answer>", "<answer> </answer>",
        "<answer>GQB</answer><answer>GQB</answer>",
    ]) func refusesAnAnswerThatDoesNotStandAlone(text: String) async throws {
        let found = try await refusals([walk[0], walk[1], ScriptedModel.text(text, thinking: "So.")])
        #expect(found.contains("format"))
    }

    @Test func refusesATurnWithoutThinking() async throws {
        var second = walk[1]
        second.message.thinking = nil
        #expect(try await refusals([walk[0], second, walk[2]]) == ["format"])
        var settings = FilterSettings()
        settings.requiresThinking = false
        #expect(try await refusals([walk[0], second, walk[2]], settings: settings) == [])
    }

    @Test func refusesMarksOfChatFormats() async throws {
        var second = walk[1]
        second.message.thinking = "Now <tool_call> it."
        #expect(try await refusals([walk[0], second, walk[2]]) == ["format"])
    }

    @Test func refusesAnotherLanguage() async throws {
        var second = walk[1]
        second.message.thinking = "现在查找这个疾病的致病基因。"
        #expect(try await refusals([walk[0], second, walk[2]]) == ["language"])
    }

    @Test func greekLettersOfNamesAreNoOtherLanguage() {
        let filter = LanguageFilter(language: .english)
        #expect(filter.share(of: ["The α-galactosidase of β-cells"]) == 1)
        #expect(filter.share(of: ["Это текст"]) == 0)
        #expect(LanguageFilter(language: .chinese).share(of: ["查找 BRCA1 基因"]) == 1)
    }

    @Test func countsFirstAndAllReasons() async throws {
        let demonstration = try await task.demonstration([ScriptedModel.text("GQB")])
        let report = FilterReport(
            [task.candidate(demonstration)], settings: FilterSettings(), relations: task.graph.relations)
        #expect(report.counts.map(\.filter) == ["answer", "format", "tool_calls", "turns", "unearned_entity"])
        #expect(report.counts.map(\.first) == [1, 0, 0, 0, 0])
        #expect(report.keptCount == 0)
    }
}
