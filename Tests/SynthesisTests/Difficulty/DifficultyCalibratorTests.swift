import Knowledge
import Primitives
import Retrieval
import Rewards
import Testing

@testable import Synthesis

struct DifficultyCalibratorTests {
    private let graph: KnowledgeGraph
    private let index: DocumentIndex

    init() throws {
        graph = try LoadedGraph.graph.get()
        index = DocumentIndex(documents: MonographComposer().documents(of: graph))
    }

    private func drafts(_ count: Int, hops: ClosedRange<Int> = 2...2) throws -> [QuestionDraft] {
        var configuration = QuestionSynthesizer.Configuration()
        configuration.hops = hops
        configuration.wording = .english
        configuration.heldOutCount = 0
        let questions = try QuestionSynthesizer(configuration: configuration).questions(of: graph, seed: 3).questions
        return stride(from: 0, to: questions.count, by: questions.count / count).prefix(count).map {
            QuestionDraft(questions[$0])
        }
    }

    private func calibrator(
        _ solvers: [any LanguageModel], configuration: DifficultyCalibrator.Configuration = .init()
    ) -> DifficultyCalibrator {
        DifficultyCalibrator(
            graph: graph, index: index, panel: SolverPanel(solvers: solvers), configuration: configuration)
    }

    @Test func questionsThatNobodySolvesAreKeptAsTheyAre() async throws {
        let ignorant = CannedModel { _ in "<answer>no idea</answer>" }
        for (number, draft) in try drafts(4).enumerated() {
            let outcome = try await calibrator([ignorant]).calibrate(draft, number: number, seed: 1)
            #expect(outcome.fate == .kept)
            #expect(outcome.draft == draft)
            #expect(outcome.results[0].passes == Proportion(successes: 0, count: 4))
        }
    }

    @Test func questionsSolvedTooOftenBecomeHarderAndKeepTheirAnswer() async throws {
        // Knows everything about the questions it has seen as they are, and nothing about their harder versions.
        let drafts = try drafts(12)
        let golds = Dictionary(drafts.map { ($0.text, $0.gold.value) }) { first, _ in first }
        let solver = CannedModel { prompt in "<answer>\(golds[prompt.question] ?? "unknown")</answer>" }
        var hardened = 0
        for (number, draft) in drafts.enumerated() {
            let outcome = try await calibrator([solver]).calibrate(draft, number: number, seed: 1)
            guard outcome.fate == .kept else {
                #expect(outcome.fate == .tooEasy && outcome.moves.isEmpty)
                continue
            }
            hardened += 1
            #expect(outcome.moves.count == 1)
            #expect(outcome.draft.text != draft.text)
            #expect(outcome.draft.answer == draft.answer)
            #expect(outcome.draft.description.fault(in: graph, answer: draft.answer) == nil)
            #expect(LeakCheck.findings(in: outcome.draft.text, of: outcome.draft.description, graph: graph).isEmpty)
        }
        #expect(hardened >= 2)
    }

    @Test func theBoundOnMovesHolds() async throws {
        let graph = graph
        let drafts = try drafts(6)
        let answers = Set(drafts.map(\.gold.value))
        var configuration = DifficultyCalibrator.Configuration()
        configuration.maximumMoves = 2
        for (number, draft) in drafts.enumerated() {
            let knowing = CannedModel { _ in "<answer>\(draft.gold.value)</answer>" }
            let outcome = try await calibrator([knowing], configuration: configuration)
                .calibrate(draft, number: number, seed: 1)
            #expect(outcome.fate == .tooEasy)
            #expect(outcome.moves.count <= 2)
            #expect(outcome.observations.count == outcome.moves.count + 1)
            #expect(answers.contains(graph.entity(outcome.draft.answer).name))
        }
    }

    @Test func theBestSolverDecides() {
        let results = [
            SolverResult(solver: "a", passes: Proportion(successes: 1, count: 4)),
            SolverResult(solver: "b", passes: Proportion(successes: 3, count: 4)),
            SolverResult(solver: "c", passes: Proportion(successes: 0, count: 0), ungraded: 4),
        ]
        #expect(DifficultyCalibrator.best(results) == Proportion(successes: 3, count: 4))
        #expect(DifficultyCalibrator.best([results[2]]) == nil)
    }

    @Test func withoutSolversTheScoreDecides() async throws {
        let draft = try #require(try drafts(1).first)
        let outcome = try await calibrator([]).calibrate(draft, number: 0, seed: 1)
        #expect(outcome.results.isEmpty && outcome.observations.isEmpty)
        #expect((outcome.predicted <= 0.5) == (outcome.fate == .kept))
        let report = CalibrationReport([outcome])
        #expect(report.error == nil)
        #expect(report.summary.contains("no solver was asked"))
    }

    @Test func failingServersLeaveQuestionsUngraded() async throws {
        let down = CannedModel { _ throws(LanguageModelError) in throw .failed(reason: "down") }
        let draft = try #require(try drafts(1).first)
        let outcome = try await calibrator([down]).calibrate(draft, number: 0, seed: 1)
        #expect(outcome.fate == .ungraded)
        #expect(outcome.results[0].ungraded == 4)
    }

    @Test func aSpentBudgetStopsTheWork() async throws {
        let broke = CannedModel { _ throws(LanguageModelError) in throw .spendLimitReached(reason: "spent") }
        let draft = try #require(try drafts(1).first)
        await #expect(throws: LanguageModelError.self) {
            try await calibrator([broke]).calibrate(draft, number: 0, seed: 1)
        }
    }

    @Test func reportsTheCalibrationErrorOfTheScore() async throws {
        // Solves short questions only; the score should learn that from half of them.
        let drafts = try drafts(8, hops: 2...2) + drafts(8, hops: 4...4)
        let solvable = Dictionary(drafts.prefix(8).map { ($0.text, $0.gold.value) }) { first, _ in first }
        let solver = CannedModel(name: "short") { "<answer>\(solvable[$0.question] ?? "?")</answer>" }
        var configuration = DifficultyCalibrator.Configuration()
        configuration.maximumMoves = 0
        var outcomes: [DifficultyCalibrator.Outcome] = []
        for (number, draft) in drafts.enumerated() {
            outcomes.append(
                try await calibrator([solver], configuration: configuration).calibrate(draft, number: number, seed: 1))
        }
        let report = CalibrationReport(outcomes)
        let (prior, fitted) = (try #require(report.error), try #require(report.fittedError))
        #expect(fitted.expected < prior.expected)
        #expect(report.solvers.map(\.name) == ["short"])
        #expect(report.solvers.first?.passAtOne == 0.5)
        #expect(report.fates == [.tooEasy: 8, .kept: 8])
    }
}
