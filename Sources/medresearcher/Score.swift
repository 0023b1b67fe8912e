import ArgumentParser
import Evaluation
import Foundation
import Primitives
import Reporting
import Rewards
import Storage

struct Score: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Grades answers against golds: a file of cases, or one pair.",
        discussion: """
            A line of the input: {"id"?, "type"?, "gold", "prediction", "policy"?, "question"?, "expected"?}. Lines that \
            cannot be graded are named on standard error, and the exit code is then 3; the others are graded. \
            `--list-types` shows the types and presets.
            """)

    @Option(help: "A file of cases, one JSON object a line (.jsonl or .jsonl.zst); - reads standard input.")
    var input: String?

    @Option(help: "Where the verdicts go, one JSON object a line; standard output if not given.")
    var output: String?

    @Option(help: "The right answer of one pair.")
    var gold: String?

    @Option(help: "The answer of one pair.")
    var prediction: String?

    @Option(help: "The answer type or preset where a case names none; inferred from the gold if not given.")
    var type: String?

    @Option(help: "Policy fields of one pair, as a JSON object.")
    var policy: String?

    @Flag(help: "Explain each verdict of a file in words instead of JSON; one pair is always explained.")
    var explain = false

    @Flag(help: "Print the verdict of one pair as JSON.")
    var json = false

    @Flag(help: "List the answer types and presets.")
    var listTypes = false

    func validate() throws {
        guard !listTypes else { return }
        guard (input == nil) != (gold == nil && prediction == nil) else {
            throw ValidationError("give either --input FILE, or --gold TEXT and --prediction TEXT")
        }
        if input == nil, gold == nil || prediction == nil {
            throw ValidationError("one pair needs both --gold and --prediction")
        }
    }

    func run() async throws {
        if listTypes {
            print(TypeCatalogue.text, terminator: "")
        } else if let input {
            try await grade(file: input)
        } else {
            try gradePair()
        }
    }

    private func gradePair() throws {
        var members: JSONObject = ["gold": .string(gold ?? ""), "prediction": .string(prediction ?? "")]
        if let policy { members["policy"] = try JSONValue.parse(policy) }
        let outcome = try Scorer().score(try ScoreCase(json: .object(members), defaultType: type))
        print(json ? outcome.json.text : outcome.explanation)
        if outcome.report.verdict == .goldError { throw ExitCode(3) }
    }

    private func grade(file: String) async throws {
        let scoring = CaseFileScoring(
            defaultType: type, maximumConcurrency: ProcessInfo.processInfo.activeProcessorCount)
        let explains = explain
        var sink = LineFiles.Sink(path: output)
        let summary = try await scoring.run(try LineFiles.read(file)) { outcomes in
            for outcome in outcomes {
                sink.append(
                    explains ? Array((Self.name(outcome) + outcome.explanation).utf8) : outcome.json.serialized())
            }
            sink.flush()
        }
        try sink.close()
        Terminal.writeToStandardError(Self.report(summary, file: file))
        if !summary.problems.isEmpty { throw ExitCode(3) }
    }

    private static func name(_ outcome: ScoreOutcome) -> String {
        outcome.id.map { "\($0.stringValue ?? $0.text): " } ?? ""
    }

    private static func report(_ summary: CaseFileScoring.Summary, file: String) -> String {
        var lines = LineFiles.report(summary.problems, file: file)
        let verdicts = Verdict.allCases.compactMap { verdict in
            summary.verdicts[verdict].map { "\($0) \(verdict.rawValue)" }
        }
        lines.append("\(summary.graded) graded: " + verdicts.joined(separator: ", "))
        if summary.expected > 0 { lines.append("\(summary.met) of \(summary.expected) as expected") }
        return lines.joined(separator: "\n") + "\n"
    }
}
