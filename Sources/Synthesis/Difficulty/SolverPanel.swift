import Primitives
import Rewards

/// How often a named solver answered a question rightly.
public struct SolverResult: Sendable, Hashable {
    public var solver: String
    /// Attempts that were graded correct, of those that were graded at all.
    public var passes: Proportion
    /// Attempts without a gradable answer: the server failed, or the verifier could not decide.
    public var ungraded: Int
    /// What the server said where it failed, the last time.
    public var failure: String?

    public init(solver: String, passes: Proportion, ungraded: Int = 0, failure: String? = nil) {
        self.solver = solver
        self.passes = passes
        self.ungraded = ungraded
        self.failure = failure
    }

    public var json: JSONValue {
        [
            "solver": .string(solver), "passes": passes.json, "ungraded": .integer(ungraded),
            "failure": failure.map { .string($0) } ?? .null,
        ]
    }
}

/// Lets language models answer questions several times and grades the answers exactly.
public struct SolverPanel: Sendable {
    public struct Configuration: Sendable, Hashable {
        /// How often each solver answers each question.
        public var attempts = 4
        public var temperature = 1.0
        public var maximumTokens = 2048
        public var instructions = """
            Answer the question. Think as long as you need, then give the answer alone, without explanation, between \
            <answer> and </answer>.
            """

        public init() {}
    }

    public var configuration: Configuration
    public let solvers: [any LanguageModel]
    private let verifier = AnswerVerifier()

    public init(solvers: [any LanguageModel], configuration: Configuration = Configuration()) {
        self.solvers = solvers
        self.configuration = configuration
    }

    /// The results of all solvers, in their order; `number` keys the solvers' seeds.
    /// - Throws: that no more may be spent, that a server is not there, or that the work was cancelled; a failure at a single
    ///   prompt counts as ungraded.
    public func results(
        for draft: QuestionDraft, number: Int, seed: UInt64
    ) async throws(LanguageModelError) -> [SolverResult] {
        var results: [SolverResult] = []
        for (position, solver) in solvers.enumerated() {
            var (correct, graded, ungraded) = (0, 0, 0)
            var failure: String?
            for attempt in 0..<max(1, configuration.attempts) {
                let stream = CounterRandom(
                    seed: seed, stage: .synthesis, step: number, group: 4, sample: position, turn: attempt)
                switch try await verdict(of: solver, draft, seed: stream.seed63, failure: &failure) {
                case .correct:
                    correct += 1
                    graded += 1
                case .incorrect, .malformed: graded += 1
                case nil, .undecided, .goldError, .overBudget: ungraded += 1
                }
            }
            results.append(
                SolverResult(
                    solver: solver.name, passes: Proportion(successes: correct, count: graded), ungraded: ungraded,
                    failure: failure))
        }
        return results
    }

    private func verdict(
        of solver: any LanguageModel, _ draft: QuestionDraft, seed: Int64, failure: inout String?
    ) async throws(LanguageModelError) -> Verdict? {
        var prompt = LanguageModelPrompt(
            system: configuration.instructions, user: draft.text, maximumTokens: configuration.maximumTokens,
            temperature: configuration.temperature)
        prompt.seed = seed
        do throws(LanguageModelError) {
            let reply = try await solver.reply(to: prompt)
            return verifier.grade(finalText: reply.message.content, gold: draft.gold).verdict
        } catch {
            switch error {
            case .failed(let reason):
                failure = reason
                return nil
            case .unavailable, .spendLimitReached, .cancelled: throw error
            }
        }
    }
}
