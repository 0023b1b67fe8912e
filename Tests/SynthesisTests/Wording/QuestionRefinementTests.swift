import Knowledge
import Primitives
import Retrieval
import Testing

@testable import Synthesis

struct QuestionRefinementTests {
    private let graph: KnowledgeGraph
    private let questions: [Question]

    init() throws {
        graph = try LoadedGraph.graph.get()
        var configuration = QuestionSynthesizer.Configuration()
        configuration.wording = .english
        configuration.hops = 2...2
        let all = try QuestionSynthesizer(configuration: configuration).questions(of: graph, seed: 1).questions
        questions = Array(all.prefix(10))
    }

    private func calibrator(_ solver: CannedModel) -> DifficultyCalibrator {
        DifficultyCalibrator(
            graph: graph, index: DocumentIndex(documents: MonographComposer().documents(of: graph)),
            panel: SolverPanel(solvers: [solver]))
    }

    @Test func harderQuestionsAreCertifiedAnew() async throws {
        let golds = Dictionary(questions.map { ($0.text, $0.gold.value) }) { first, _ in first }
        let solver = CannedModel { "<answer>\(golds[$0.question] ?? "unknown")</answer>" }
        let refinement = QuestionRefinement(graph: graph, calibrator: calibrator(solver), rewriter: nil, seed: 1)
        let result = try await refinement.refine(questions)
        #expect(result.uncertified == 0)
        #expect(!result.questions.isEmpty && result.questions.count <= questions.count)
        for question in result.questions {
            let before = try #require(questions.first { $0.id == question.id })
            #expect(question.hops == before.hops + 1)
            #expect(question.gold == before.gold && question.split == before.split)
            #expect(graph.verify(question.certificate) == nil)
            #expect(question.chains[0].count == question.hops + 1 && question.chains[0].last == before.chains[0].last)
        }
    }

    @Test func theNumberUnderWayChangesNothing() async throws {
        let graph = graph
        let model = CannedModel { prompt in
            let task = (try? JSONValue.parse(prompt.question))?["question"]?.stringValue ?? ""
            return JSONValue.object(["question": .string("In the literature: " + task)]).text
        }
        let byText = Dictionary(
            questions.map { ("In the literature: " + $0.text, EntityDescription($0.certificate.query)) }
        ) { first, _ in first }
        let reader = CannedModel { byText[$0.question]?.json(in: graph).text ?? "?" }
        let rewriter = QuestionRewriter(model: model, reader: reader, graph: graph)
        var texts: [[String]] = []
        for concurrency in [1, 4] {
            let refinement = QuestionRefinement(
                graph: graph, calibrator: nil, rewriter: rewriter, seed: 1, concurrency: concurrency)
            let result = try await refinement.refine(questions)
            #expect(result.rewriting?.rewritten == questions.count)
            texts.append(result.questions.map(\.text))
        }
        #expect(texts[0] == texts[1])
        #expect(texts[0].allSatisfy { $0.hasPrefix("In the literature: ") })
    }

    @Test func aSpentBudgetEndsTheWork() async throws {
        let broke = CannedModel { _ throws(LanguageModelError) in throw .spendLimitReached(reason: "spent") }
        let refinement = QuestionRefinement(graph: graph, calibrator: calibrator(broke), rewriter: nil, seed: 1)
        await #expect(throws: LanguageModelError.self) { try await refinement.refine(questions) }
    }
}
