import Primitives
import Rewards
import Storage

/// Grades a file of cases, one JSON object a line, and says what came of it.
public struct CaseFileScoring: Sendable {
    /// A line that could not be graded, or whose gold cannot be used.
    public struct Problem: Sendable, Hashable, CustomStringConvertible {
        /// From 1.
        public var line: Int
        public var text: String
        public var description: String { "line \(line): \(text)" }
    }

    public struct Summary: Sendable {
        public var graded = 0
        public var verdicts: [Verdict: Int] = [:]
        /// Cases that say what to expect, and how many of them were met.
        public var expected = 0
        public var met = 0
        public var problems: [Problem] = []
    }

    /// The type of lines that name none; `nil` infers it from each gold.
    public var defaultType: String?
    public var scorer: Scorer
    public var maximumConcurrency: Int

    /// Lines graded by one task before its results are kept.
    private static let linesPerTask = 512

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
        let lines = Self.lines(of: bytes)
        let chunks = stride(from: 0, to: lines.count, by: Self.linesPerTask).map {
            $0..<min($0 + Self.linesPerTask, lines.count)
        }
        for start in stride(from: 0, to: chunks.count, by: maximumConcurrency) {
            let wave = chunks[start..<min(start + maximumConcurrency, chunks.count)]
            let results = await withTaskGroup(of: (Int, [Result<ScoreOutcome, LineError>?]).self) { group in
                for chunk in wave {
                    group.addTask { (chunk.lowerBound, chunk.map { self.grade(bytes, lines[$0]) }) }
                }
                return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
            }
            for chunk in wave {
                let outcomes = zip(chunk, results[chunk.lowerBound] ?? [])
                    .compactMap { line, result in summary.add(result, line: line + 1) }
                try emit(outcomes)
            }
        }
        return summary
    }

    fileprivate struct LineError: Error { var text: String }

    private func grade(_ bytes: [UInt8], _ line: Range<Int>) -> Result<ScoreOutcome, LineError>? {
        guard bytes[line].contains(where: { $0 > 0x20 }) else { return nil }
        do {
            let item = try ScoreCase(json: try JSONValue.parse(Array(bytes[line])), defaultType: defaultType)
            return .success(try scorer.score(item))
        } catch {
            return .failure(LineError(text: "\(error)"))
        }
    }

    private static func lines(of bytes: [UInt8]) -> [Range<Int>] {
        var lines: [Range<Int>] = []
        var start = 0
        for (index, byte) in bytes.enumerated() where byte == UInt8(ascii: "\n") {
            lines.append(start..<index)
            start = index + 1
        }
        if start < bytes.count { lines.append(start..<bytes.count) }
        return lines
    }
}

extension CaseFileScoring.Summary {
    /// Counts a line's result and gives its outcome, if it has one.
    fileprivate mutating func add(
        _ result: Result<ScoreOutcome, CaseFileScoring.LineError>?, line: Int
    ) -> ScoreOutcome? {
        switch result {
        case nil: return nil
        case .failure(let error):
            problems.append(.init(line: line, text: error.text))
            return nil
        case .success(let outcome):
            graded += 1
            verdicts[outcome.report.verdict, default: 0] += 1
            if let agrees = outcome.agrees {
                expected += 1
                met += agrees ? 1 : 0
            }
            if outcome.report.verdict == .goldError {
                problems.append(.init(line: line, text: outcome.report.problem ?? "unusable gold"))
            }
            return outcome
        }
    }
}
