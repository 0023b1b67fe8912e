import Primitives
import Rewards
import Storage

/// Grades a file of cases, one JSON object a line, and says what came of it.
public struct CaseFileScoring: Sendable {
    public struct Summary: Sendable {
        public var graded = 0
        public var verdicts: [Verdict: Int] = [:]
        /// Cases that say what to expect, and how many of them were met.
        public var expected = 0
        public var met = 0
        /// Lines that could not be graded, or whose gold cannot be used.
        public var problems: [LineProblem] = []
    }

    /// The type of lines that name none; `nil` infers it from each gold.
    public var defaultType: String?
    public var scorer: Scorer
    public var maximumConcurrency: Int

    public init(defaultType: String? = nil, scorer: Scorer = Scorer(), maximumConcurrency: Int) {
        self.defaultType = defaultType
        self.scorer = scorer
        self.maximumConcurrency = maximumConcurrency
    }

    /// Grades every line that can be graded, in order, and hands each outcome on; blank lines are passed over.
    /// - Parameter emit: receives the outcomes of some consecutive lines, in the order of the file.
    public func run(
        _ bytes: [UInt8], emit: ([ScoreOutcome]) throws -> Void
    ) async throws -> Summary {
        var summary = Summary()
        let (scorer, defaultType) = (scorer, defaultType)
        try await JSONLineMap(maximumConcurrency: maximumConcurrency).run(bytes) { json in
            try scorer.score(try ScoreCase(json: json, defaultType: defaultType))
        } emit: { results in
            try emit(results.compactMap { summary.add($0) })
        }
        return summary
    }
}

extension CaseFileScoring.Summary {
    /// Counts a line's result and gives its outcome, if it has one.
    fileprivate mutating func add(_ line: LineResult<ScoreOutcome>) -> ScoreOutcome? {
        switch line.result {
        case .failure(let problem):
            problems.append(problem)
            return nil
        case .success(let outcome):
            graded += 1
            verdicts[outcome.report.verdict, default: 0] += 1
            if let agrees = outcome.agrees {
                expected += 1
                met += agrees ? 1 : 0
            }
            if outcome.report.verdict == .goldError {
                problems.append(.init(line: line.line, text: outcome.report.problem ?? "unusable gold"))
            }
            return outcome
        }
    }
}
