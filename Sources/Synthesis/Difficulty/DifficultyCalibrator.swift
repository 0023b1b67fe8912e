import Knowledge
import Primitives
import Retrieval

/// Makes questions that are solved too often harder until they are not, within a bound.
///
/// With solvers, a question's pass rate is that of the solver that does best. Without any, it is what `DifficultyScore`
/// predicts. A harder version is taken only if the graph still has the one answer and the text gives nothing away.
public struct DifficultyCalibrator: Sendable {
    public struct Configuration: Sendable, Hashable {
        /// A question that is solved more often is made harder (paper: 0.5).
        public var maximumPassRate = 0.5
        /// A question that is solved less often is dropped as too hard; 0 keeps those that nobody solves.
        public var minimumPassRate = 0.0
        /// So often a question may be made harder.
        public var maximumMoves = 4
        /// What is tried, in this order.
        public var moves: [Obfuscator.Move] = [.longer, .described, .blurred, .shortened]
        /// The steps from a name to the answer stay within this bound.
        public var maximumDepth = 6

        public init() {}
    }

    /// What became of one question.
    public struct Outcome: Sendable, Hashable {
        public enum Fate: String, Sendable, Hashable, CaseIterable {
            /// The pass rate lies within the limits.
            case kept
            /// Still solved too often, and no harder version was found within the bound.
            case tooEasy = "too_easy"
            case tooHard = "too_hard"
            /// No attempt of any solver could be graded.
            case ungraded
        }

        public var draft: QuestionDraft
        public var fate: Fate
        /// How the question was made harder, in order.
        public var moves: [Obfuscator.Move]
        public var features: DifficultyFeatures
        /// What the score predicts for the final version.
        public var predicted: Double
        /// Of the final version; empty without solvers.
        public var results: [SolverResult]
        /// What the score predicted for every version that was tried, with what the best solver reached.
        public var observations: [Observed]

        /// What decided; `nil` where no attempt could be graded.
        public var passRate: Double? {
            results.isEmpty ? predicted : DifficultyCalibrator.best(results)?.value
        }

        /// For `refinement.jsonl.zst`: what became of the question and why.
        public var json: JSONValue {
            [
                "fate": .string(fate.rawValue), "moves": .array(moves.map { .string($0.rawValue) }),
                "pass_rate": passRate.map { .number($0) } ?? .null, "predicted": .number(predicted),
                "features": features.json, "solvers": .array(results.map(\.json)),
            ]
        }

        /// A version of the question as the score and the best solver saw it.
        public struct Observed: Sendable, Hashable {
            public var features: DifficultyFeatures
            public var predicted: Double
            public var passes: Proportion
        }
    }

    public var configuration: Configuration
    public var score: DifficultyScore
    private let graph: KnowledgeGraph
    private let index: DocumentIndex
    private let obfuscator: Obfuscator
    private let panel: SolverPanel

    /// - Parameters:
    ///   - index: what an agent would search.
    ///   - solvers: may be empty.
    public init(
        graph: KnowledgeGraph, index: DocumentIndex, panel: SolverPanel = SolverPanel(solvers: []),
        score: DifficultyScore = .prior, configuration: Configuration = Configuration()
    ) {
        self.graph = graph
        self.index = index
        self.panel = panel
        self.score = score
        self.configuration = configuration
        obfuscator = Obfuscator(graph: graph, maximumDepth: configuration.maximumDepth)
    }

    /// How often each solver tries a question; `nil` without solvers.
    public var attempts: Int? { panel.solvers.isEmpty ? nil : panel.configuration.attempts }

    /// Calibrates one question; `number` keys the randomness.
    public func calibrate(
        _ draft: QuestionDraft, number: Int, seed: UInt64
    ) async throws(LanguageModelError) -> Outcome {
        var random = CounterRandom(seed: seed, stage: .synthesis, step: number, group: 5)
        var current = draft
        var moves: [Obfuscator.Move] = []
        var observations: [Outcome.Observed] = []
        while true {
            let features = DifficultyFeatures(of: current, graph: graph, index: index)
            let predicted = score.passRate(features)
            let results = try await panel.results(for: current, number: number, seed: seed)
            let best = Self.best(results)
            if let best {
                observations.append(Outcome.Observed(features: features, predicted: predicted, passes: best))
            }
            func outcome(_ fate: Outcome.Fate) -> Outcome {
                Outcome(
                    draft: current, fate: fate, moves: moves, features: features, predicted: predicted,
                    results: results, observations: observations)
            }
            if !results.isEmpty, best == nil { return outcome(.ungraded) }
            let rate = best?.value ?? predicted
            if rate < configuration.minimumPassRate { return outcome(.tooHard) }
            if rate <= configuration.maximumPassRate { return outcome(.kept) }
            guard moves.count < configuration.maximumMoves, let harder = harder(current, random: &random) else {
                return outcome(.tooEasy)
            }
            current = harder.draft
            moves.append(harder.move)
        }
    }

    /// The pass rate of the solver that does best; at equal rates, of the one with more attempts.
    static func best(_ results: [SolverResult]) -> Proportion? {
        results.map(\.passes).filter { $0.count > 0 }.max { ($0.value, $0.count) < ($1.value, $1.count) }
    }

    private func harder(
        _ draft: QuestionDraft, random: inout CounterRandom
    ) -> (draft: QuestionDraft, move: Obfuscator.Move)? {
        for move in configuration.moves {
            // A version whose wording leaks is drawn again with other facts.
            for _ in 0..<3 {
                guard
                    let found = obfuscator.harder(
                        draft.description, answer: draft.answer, moves: [move], random: &random)
                else { break }
                let version = QuestionDraft(
                    id: draft.id, description: found.description, answer: draft.answer, graph: graph,
                    specialty: draft.specialty, random: &random)
                if LeakCheck.findings(in: version.text, of: version.description, graph: graph).isEmpty {
                    return (version, move)
                }
            }
        }
        return nil
    }
}
