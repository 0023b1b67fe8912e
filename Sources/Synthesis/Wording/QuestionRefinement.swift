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
        /// One for each given question, in their order; none without a calibrator.
        public var difficulties: [DifficultyCalibrator.Outcome] = []
        /// One for each question that was to be said anew, in their order.
        public var rewritings: [QuestionRewriter.Outcome] = []

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

    /// - Parameters:
    ///   - isStopRequested: looked at several times a second; a stop counts as cancelled.
    ///   - report: called after each question, one call at a time.
    /// - Throws: that no more may be spent, that a server is not there, or that the work was cancelled.
    public func refine(
        _ questions: [Question], isStopRequested: @escaping @Sendable () -> Bool = { false },
        report: (RefinementProgress) -> Void = { _ in }
    ) async throws(LanguageModelError) -> Result {
        var result = Result(questions: questions)
        if let calibrator {
            var progress = RefinementProgress(stage: .calibrating, total: questions.count)
            report(progress)
            let outcomes = try await each(questions, isStopRequested) { question, number throws(LanguageModelError) in
                try await calibrator.calibrate(QuestionDraft(question), number: number, seed: seed)
            } finished: { outcome in
                progress.add(outcome)
                report(progress)
            }
            try Self.checkSolvers(outcomes)
            result.calibration = CalibrationReport(outcomes, k: calibrator.attempts.map { min(4, $0) } ?? 4)
            result.difficulties = outcomes
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
            var progress = RefinementProgress(stage: .rewriting, total: result.questions.count)
            report(progress)
            let outcomes = try await each(result.questions, isStopRequested) {
                question, number throws(LanguageModelError) in
                try await rewriter.rewrite(QuestionDraft(question), number: number, seed: seed)
            } finished: { outcome in
                progress.add(outcome)
                report(progress)
            }
            try Self.checkModels(outcomes)
            result.rewriting = RewritingReport(outcomes)
            result.rewritings = outcomes
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

    /// A solver whose server failed at everything says nothing about questions: something is wrong with it.
    private static func checkSolvers(_ outcomes: [DifficultyCalibrator.Outcome]) throws(LanguageModelError) {
        for position in 0..<(outcomes.map(\.results.count).max() ?? 0) {
            let results = outcomes.compactMap { $0.results.indices.contains(position) ? $0.results[position] : nil }
            guard results.allSatisfy({ $0.passes.count == 0 }), let failure = results.compactMap(\.failure).first else {
                continue
            }
            throw .unavailable(reason: "the solver \(results[0].solver) gave no answer that can be graded: \(failure)")
        }
    }

    /// The same for the models that write and read.
    private static func checkModels(_ outcomes: [QuestionRewriter.Outcome]) throws(LanguageModelError) {
        let failures = outcomes.flatMap(\.failures)
        guard !outcomes.contains(where: \.isRewritten), failures.allSatisfy({ $0.kind == "model" }),
            let failure = failures.first
        else { return }
        throw .unavailable(reason: "no question could be said anew: \(failure)")
    }

    private enum Event<Output: Sendable>: Sendable {
        case finished(Int, Output)
        case failed(LanguageModelError)
        case stopRequested
    }

    /// The results of `work` for all questions, in their order; `finished` is told each as it comes.
    private func each<Output: Sendable>(
        _ questions: [Question], _ isStopRequested: @escaping @Sendable () -> Bool,
        _ work: @escaping @Sendable (Question, Int) async throws(LanguageModelError) -> Output,
        finished: (Output) -> Void
    ) async throws(LanguageModelError) -> [Output] {
        let outcome = await withTaskGroup(of: Event<Output>.self) {
            group -> Swift.Result<[Output], LanguageModelError> in
            defer { group.cancelAll() }
            var next = 0
            func startNext() {
                guard next < questions.count else { return }
                let index = next
                next += 1
                group.addTask {
                    do throws(LanguageModelError) {
                        return .finished(index, try await work(questions[index], index))
                    } catch {
                        return .failed(error)
                    }
                }
            }
            group.addTask {
                while !isStopRequested() {
                    do { try await Task.sleep(for: .milliseconds(50)) } catch { break }
                }
                return .stopRequested
            }
            for _ in 0..<concurrency { startNext() }
            var outputs = [Output?](repeating: nil, count: questions.count)
            var left = questions.count
            while left > 0, let event = await group.next() {
                switch event {
                case .finished(let index, let output):
                    outputs[index] = output
                    left -= 1
                    finished(output)
                    startNext()
                case .failed(let error): return .failure(error)
                case .stopRequested: return .failure(.cancelled)
                }
            }
            return .success(outputs.compactMap(\.self))
        }
        return try outcome.get()
    }
}
