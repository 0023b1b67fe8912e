import Primitives

/// What a calibration did and how good the score's predictions were.
public struct CalibrationReport: Sendable {
    /// Questions by what became of them.
    public let fates: [DifficultyCalibrator.Outcome.Fate: Int]
    /// Final versions by tenths of the pass rate that decided (the last one includes 1), and how many of each were kept.
    public let passRates: [(range: Range<Double>, questions: Int, kept: Int)]
    /// How often each move was made.
    public let moves: [Obfuscator.Move: Int]
    /// Over all versions of all questions that a solver tried; `nil` without solvers.
    public let error: CalibrationError?
    /// The same after the score was fitted to the even-numbered questions, measured on the odd-numbered ones: what a
    /// fitted score is worth on questions that it has not seen.
    public let fittedError: CalibrationError?
    /// The score fitted to all observations; the prior where nothing was observed.
    public let fitted: DifficultyScore
    /// For each solver the mean pass@1 and, where all questions have attempts enough, pass@k of the final versions.
    public let solvers: [(name: String, passAtOne: Double?, passAtK: Double?)]
    public let k: Int

    public init(_ outcomes: [DifficultyCalibrator.Outcome], k: Int = 4) {
        self.k = k
        fates = Dictionary(outcomes.map { ($0.fate, 1) }, uniquingKeysWith: +)
        moves = Dictionary(outcomes.flatMap(\.moves).map { ($0, 1) }, uniquingKeysWith: +)
        let rates = outcomes.compactMap { outcome in
            outcome.passRate.map { (tenth: min(9, Int($0 * 10)), isKept: outcome.fate == .kept) }
        }
        passRates = (0..<10).map { tenth in
            let these = rates.filter { $0.tenth == tenth }
            return (Double(tenth) / 10..<Double(tenth + 1) / 10, these.count, these.count(where: \.isKept))
        }
        let observed = outcomes.map(\.observations)
        error = CalibrationError(
            observed.joined().map { CalibrationError.Observation(predicted: $0.predicted, observed: $0.passes) })
        let halves = [0, 1].map { half in
            observed.enumerated().filter { $0.offset % 2 == half }.flatMap(\.element)
        }
        let trial = DifficultyScore.fitted(to: halves[0].map { ($0.features, $0.passes) })
        fittedError = CalibrationError(
            halves[1].map { CalibrationError.Observation(predicted: trial.passRate($0.features), observed: $0.passes) })
        fitted = DifficultyScore.fitted(to: observed.joined().map { ($0.features, $0.passes) })
        let names = outcomes.first { !$0.results.isEmpty }?.results.map(\.solver) ?? []
        solvers = names.enumerated().map { position, name in
            let counts = outcomes.compactMap { outcome -> (correct: Int, attempts: Int)? in
                guard position < outcome.results.count else { return nil }
                let passes = outcome.results[position].passes
                return passes.count > 0 ? (passes.successes, passes.count) : nil
            }
            return (name, PassAtK.mean(of: counts, k: 1), PassAtK.mean(of: counts, k: k))
        }
    }

    /// For people.
    public var summary: String {
        let fate = DifficultyCalibrator.Outcome.Fate.allCases.compactMap { fate in
            fates[fate].map { "\($0) \(fate.rawValue)" }
        }
        let move = Obfuscator.Move.allCases.compactMap { move in moves[move].map { "\($0) \(move.rawValue)" } }
        var lines = ["difficulty: " + (fate.isEmpty ? "no questions" : fate.joined(separator: ", "))]
        if !move.isEmpty { lines.append("made harder: " + move.joined(separator: ", ")) }
        for solver in solvers {
            lines.append(
                "\(solver.name): pass@1 \(Self.percent(solver.passAtOne)), pass@\(k) \(Self.percent(solver.passAtK))")
        }
        if let error {
            lines.append(
                "expected calibration error of the score: \(Self.percent(error.expected)), fitted to the other half of the "
                    + "questions \(Self.percent(fittedError?.expected))")
        } else {
            lines.append(
                solvers.isEmpty
                    ? "no solver was asked: pass rates are the score's predictions and not calibrated"
                    : "no attempt could be graded")
        }
        return lines.joined(separator: "\n")
    }

    private static func percent(_ value: Double?) -> String {
        value.map { "\(Int(($0 * 1000).rounded()) / 10).\(Int(($0 * 1000).rounded()) % 10) %" } ?? "unknown"
    }

    public var json: JSONValue {
        func counts(_ pairs: [(String, Int)]) -> JSONValue {
            .object(JSONObject(uniqueKeysWithValues: pairs.map { ($0.0, .integer($0.1)) }))
        }
        return [
            "fates": counts(
                DifficultyCalibrator.Outcome.Fate.allCases.map { ($0.rawValue, fates[$0] ?? 0) }),
            "pass_rates": .array(
                passRates.map { bin -> JSONValue in
                    [
                        "from": .number(bin.range.lowerBound), "to": .number(bin.range.upperBound),
                        "questions": .integer(bin.questions), "kept": .integer(bin.kept),
                    ]
                }),
            "moves": counts(Obfuscator.Move.allCases.map { ($0.rawValue, moves[$0] ?? 0) }),
            "calibration": error?.json ?? .null, "fitted_calibration": fittedError?.json ?? .null,
            "fitted_weights": .array(fitted.weights.map { .number($0) }),
            "pass_at": .integer(k),
            "solvers": .array(
                solvers.map { solver -> JSONValue in
                    [
                        "name": .string(solver.name), "pass_at_1": solver.passAtOne.map { .number($0) } ?? .null,
                        "pass_at_k": solver.passAtK.map { .number($0) } ?? .null,
                    ]
                }),
        ]
    }
}
