import Agents
import Backends
import Primitives
import Rewards
import Synchronization
import Testing

@testable import Evaluation

private struct NumberedQuestion: RolloutQuestion {
    let number: Int
    var id: String { "q\(number)" }
    var hops: Int { 2 + number % 3 }
    var specialty: String? { number == 0 ? nil : number % 2 == 0 ? "oncology" : "cardiology" }
}

private struct SilentSampler: PolicySampler {
    var policyVersion: Int { 5 }

    func sample(prompt: [TokenID], count: Int, parameters: SamplingParameters) async throws -> [SampledSequence] { [] }
}

/// Answers every question but those divisible by four, in an order of its own.
private struct ScriptedEnvironment: RolloutEnvironment {
    let temperatures = TemperatureRecord()

    final class TemperatureRecord: Sendable {
        let values = Mutex<[Double]>([])
    }

    func episode(
        for question: NumberedQuestion, sampler: any PolicySampler, temperature: Double, key: EpisodeKey
    ) async throws -> Episode {
        temperatures.values.withLock { $0.append(temperature) }
        for _ in 0..<10 - question.number { await Task.yield() }
        #expect(key == EpisodeKey(seed: 9, stage: .evaluation, step: 0, group: question.number, sample: 0))
        return Episode(
            tokens: [1, 2, 3], logprobs: [0, -1, -2], messages: [Message(role: .user, content: question.id)],
            turns: [
                Episode.Turn(
                    range: 1..<3, calls: Array(repeating: ToolCallRecord(tool: "search"), count: question.number))
            ], termination: .answered,
            policyVersion: sampler.policyVersion)
    }

    func reward(for episode: Episode, question: NumberedQuestion) -> RewardBreakdown {
        let verdict: Verdict =
            question.number == 8 ? .undecided : question.number.isMultiple(of: 4) ? .incorrect : .correct
        return RewardBreakdown(
            task: 0, format: 1, efficiency: 0, total: 1,
            verdict: VerdictReport(verdict: verdict, canonicalGold: question.id, operations: 1),
            formatViolation: question.number == 1 ? "two answers" : nil)
    }
}

@Suite struct EvaluatorTests {
    private let environment = ScriptedEnvironment()
    private let questions = (0..<10).map(NumberedQuestion.init)

    private func result(concurrency: Int = 4) async throws -> EvaluationResult {
        try await Evaluator(
            environment: environment, questions: questions, maximumConcurrency: concurrency, seed: 9
        ).evaluate(SilentSampler())
    }

    @Test func episodesComeInTheOrderOfTheQuestions() async throws {
        #expect(try await result().episodes.map(\.questionID) == questions.map(\.id))
    }

    @Test func evaluationIsGreedyUnlessToldOtherwise() async throws {
        _ = try await result()
        #expect(environment.temperatures.values.withLock { $0.allSatisfy { $0 == 0 } })
    }

    @Test func theReportCountsWhatWasReached() async throws {
        let report = try await result().report
        #expect(report.policyVersion == 5)
        #expect(report.accuracy == Proportion(successes: 7, count: 10))
        #expect(report.formatValid == Proportion(successes: 9, count: 10))
        #expect(report.excludedCount == 1)
        #expect(report.meanToolCalls == 4.5)
        #expect(report.meanTurns == 1)
        #expect(report.meanResponseLength == 2)
    }

    @Test func slicesAreCountedApart() async throws {
        let report = try await result().report
        #expect(report.hops.map(\.name) == ["2", "3", "4"])
        #expect(report.hops.map(\.accuracy.count) == [4, 3, 3])
        #expect(report.hops.map(\.accuracy.successes) == [3, 2, 2])
        #expect(report.specialties.map(\.name) == ["cardiology", "oncology"])
        #expect(
            report.specialties.map(\.accuracy) == [
                Proportion(successes: 5, count: 5), Proportion(successes: 2, count: 4),
            ])
    }

    @Test func theReportDoesNotDependOnTheConcurrency() async throws {
        let (one, many) = (try await result(concurrency: 1), try await result(concurrency: 10))
        #expect(one.report == many.report)
    }

    @Test func reportsAndEpisodesReadBack() async throws {
        let result = try await result()
        #expect(try EvaluationReport(json: JSONValue.parse(result.report.json.text)) == result.report)
        let episode = result.episodes[3]
        let copy = try ScoredEpisode(json: JSONValue.parse(episode.json.text))
        #expect(copy.json == episode.json)
        #expect(copy.isCorrect == episode.isCorrect)
    }
}
