import ArgumentParser
import Foundation
import Primitives
import Reporting
import Storage
import Synthesis

/// `knowledge audit`.
struct KnowledgeAudit: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit",
        abstract: "Looks for benchmark questions in a dataset: same text, long runs of words, same chain of entities.",
        discussion: """
            A line of the dataset: {"question", "gold" or "answer", "chains", "chain" or "witness", "id"?}. Benchmarks are .jsonl, \
            .json, .csv or .tsv files, each also as .zst. With `--fail`, the exit code is 1 if anything overlaps.
            """)

    @Option(help: "The dataset's questions (.jsonl or .jsonl.zst).")
    var questions: String

    @Option(help: "A benchmark file; may be given several times.")
    var benchmark: [String]

    @Option(help: "A field with a benchmark question's text, `a.b` for one inside another; may be given several times.")
    var questionField: [String] = []

    @Option(help: "A field with a benchmark's right answer; may be given several times.")
    var answerField: [String] = []

    @Option(help: "A field with options or other context; may be given several times.")
    var contextField: [String] = []

    @Option(help: "So many words in a row are an overlap.")
    var runLength = 13

    @Option(help: "So many entities of a chain in one item, the answer among them, are an overlap.")
    var entities = 2

    @Option(help: "Where the lines of the dataset without an overlap go (.jsonl or .jsonl.zst).")
    var clean: String?

    @Flag(help: "Print the report as JSON, with every overlap.")
    var json = false

    @Flag(help: "Exit with 1 if a question overlaps.")
    var fail = false

    func validate() throws {
        guard !benchmark.isEmpty else { throw ValidationError("give at least one --benchmark FILE") }
        guard runLength >= 1, entities >= 1 else {
            throw ValidationError("--run-length and --entities must be at least 1")
        }
    }

    func run() throws {
        if let clean { try OutputCheck.file(clean) }
        let rows = try JSONLines.read(questions)
        var audited: [ContaminationAudit.Question] = []
        for (offset, row) in rows.enumerated() {
            do throws(JSONError) {
                audited.append(try ContaminationAudit.Question(json: row, number: offset + 1))
            } catch {
                throw SynthesisError.unusableRow(
                    place: "\(questions), line \(offset + 1)", reason: error,
                    advice: "Every line needs the member question, and gold or answer.")
            }
        }
        var fields = BenchmarkFields()
        if !questionField.isEmpty { fields.question = questionField }
        if !answerField.isEmpty { fields.answer = answerField }
        if !contextField.isEmpty { fields.context = contextField }
        let items = try benchmark.flatMap { try BenchmarkFile.read($0, fields: fields) }

        var configuration = ContaminationAudit.Configuration()
        configuration.runLength = runLength
        configuration.minimumEntities = entities
        configuration.minimumEntitiesWithoutAnswer = max(entities, configuration.minimumEntitiesWithoutAnswer)
        let report = ContaminationReport(questions: audited, items: items, configuration: configuration)
        print(json ? report.json.text : report.summary)
        if let clean {
            let kept = zip(rows, audited).filter { !report.contaminated.contains($0.1.id) }.map(\.0)
            var sink = LineFiles.Sink(path: clean)
            for row in kept { sink.append(row.serialized()) }
            try sink.close()
            Terminal.writeToStandardError("\(kept.count) of \(rows.count) questions written to \(clean)\n")
        }
        if fail, !report.contaminated.isEmpty { throw ExitCode(1) }
    }
}
