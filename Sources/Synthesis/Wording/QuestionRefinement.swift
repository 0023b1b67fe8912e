import Knowledge
import Primitives

/// Takes certified questions the rest of the way: made as hard as asked for, then said in a model's words.
///
/// What comes out is certified anew wherever the query changed, keeps its id and split, and does not depend on how many
/// questions are under way at once.
public struct QuestionRefinement: Sendable {
    public struct Result: Sendable {
        /// In the order of the given ones; without those that are too easy, too hard or ungraded.
        public var questions: [Question]
        public var calibration: CalibrationReport?
        public var rewriting: RewritingReport?
        /// Harder versions that the graph does not certify.
        public var uncertified = 0

        /// For people.
        public var summary: String {
            [calibration?.summary, rewriting?.summary].compactMap(\.self).joined(separator: "\n")
        }
    }

    private let calibrator: DifficultyCalibrator?
    private let rewriter: QuestionRewriter?
    private let graph: KnowledgeGraph
    private let seed: UInt64
    private let concurrency: Int

    /// Without `calibrator` all questions stay as hard as they are, without `rewriter` they keep their templates.
    public init(
        graph: KnowledgeGraph, calibrator: DifficultyCalibrator?, rewriter: QuestionRewriter?, seed: UInt64,
        concurrency: Int = 8
    ) {
        self.graph = graph
        var calibrator = calibrator
        // Other moves describe names by trees that a certificate does not cover.
        calibrator?.configuration.moves = [.longer]
        self.calibrator = calibrator
        self.rewriter = rewriter
        self.seed = seed
        self.concurrency = max(1, concurrency)
    }

    /// - Throws: that no more may be spent, or that the work was cancelled.
    public func refine(_ questions: [Question]) async throws(LanguageModelError) -> Result {
        var result = Result(questions: questions)
        if let calibrator {
            let outcomes = try await each(questions) { question, number throws(LanguageModelError) in
                try await calibrator.calibrate(QuestionDraft(question), number: number, seed: seed)
            }
            result.calibration = CalibrationReport(outcomes)
            result.questions = []
            for (question, outcome) in zip(questions, outcomes) where outcome.fate == .kept {
                if outcome.moves.isEmpty {
                    result.questions.append(question)
                } else if let harder = certified(question, outcome.draft) {
                    result.questions.append(harder)
                } else {
                    result.uncertified += 1
                }
            }
        }
        if let rewriter {
            let outcomes = try await each(result.questions) { question, number throws(LanguageModelError) in
                await rewriter.rewrite(QuestionDraft(question), number: number, seed: seed)
            }
            result.rewriting = RewritingReport(outcomes)
            for (index, outcome) in outcomes.enumerated() { result.questions[index].text = outcome.draft.text }
        }
        return result
    }

    /// The question with the draft's query, certified by the graph; `nil` if the query is no conjunction of chains that
    /// can be.
    private func certified(_ question: Question, _ draft: QuestionDraft) -> Question? {
        guard let chains = draft.description.conjunction,
            case .success(let certificate) = graph.asserted.certify(ConjunctiveQuery(constraints: chains)),
            certificate.answer == draft.answer
        else { return nil }
        var result = question
        result.text = draft.text
        result.chains = certificate.names(in: graph)
        result.certificate = certificate
        return result
    }

    /// The results of `work` for all questions, in their order.
    private func each<Output: Sendable>(
        _ questions: [Question],
        _ work: @escaping @Sendable (Question, Int) async throws(LanguageModelError) -> Output
    ) async throws(LanguageModelError) -> [Output] {
        let outcome = await withTaskGroup(of: (Int, Swift.Result<Output, LanguageModelError>).self) {
            group -> Swift.Result<[Output], LanguageModelError> in
            var next = 0
            func startNext() {
                guard next < questions.count else { return }
                let index = next
                next += 1
                group.addTask {
                    do throws(LanguageModelError) {
                        return (index, .success(try await work(questions[index], index)))
                    } catch {
                        return (index, .failure(error))
                    }
                }
            }
            for _ in 0..<min(concurrency, questions.count) { startNext() }
            var outputs = [Output?](repeating: nil, count: questions.count)
            while let (index, output) = await group.next() {
                switch output {
                case .success(let value): outputs[index] = value
                case .failure(let error):
                    group.cancelAll()
                    return .failure(error)
                }
                startNext()
            }
            return .success(outputs.compactMap(\.self))
        }
        return try outcome.get()
    }
}
