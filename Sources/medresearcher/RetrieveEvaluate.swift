import ArgumentParser
import Foundation
import Primitives
import Reporting
import Retrieval

struct RetrieveEvaluate: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evaluate",
        abstract: "Measures an index on judged queries, as trec_eval does, for one λ or several.")

    @OptionGroup var options: RetrievalOptions

    @Option(help: "Queries: JSON lines with _id and text.")
    var queries: String

    @Option(help: "Judgements: lines of query, document and grade, separated by tabs, or the four columns of TREC.")
    var qrels: String

    @Option(parsing: .upToNextOption, help: "Values of λ to compare, in place of --lambda.")
    var sweep: [Double] = []

    @Option(help: "The depth of nDCG and authority.")
    var cutoff = 10

    @Option(help: "The depth of recall and of the searches.")
    var depth = 100

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard sweep.allSatisfy({ (0...1).contains($0) }) else {
            throw ValidationError("--sweep has values from 0 to 1")
        }
        guard cutoff >= 1, depth >= cutoff else {
            throw ValidationError("--depth must be at least --cutoff, which is at least 1")
        }
    }

    func run() throws {
        let judgements = try RelevanceJudgements(queries: queries, qrels: qrels)
        guard !judgements.queries.isEmpty else {
            throw ValidationError("no query of \(queries) is judged in \(qrels): are they of one collection?")
        }
        var retriever = try options.retriever()
        if !judgements.missing.isEmpty {
            Terminal.writeToStandardError(
                "\(judgements.missing.count) judged queries have no text and are left out: "
                    + "\(judgements.missing.prefix(5).joined(separator: ", "))\n")
        }
        var rows: [JSONValue] = []
        for lambda in sweep.isEmpty ? [options.lambda] : sweep {
            retriever.ranking.lambda = lambda
            let evaluation = RetrievalEvaluation(retriever, judgements.queries, cutoff: cutoff, depth: depth)
            if json {
                var row: JSONObject = ["lambda": .number(lambda)]
                for (name, value) in evaluation.json.objectValue?.members ?? [] { row[name] = value }
                rows.append(.object(row))
                continue
            }
            let means = evaluation.means.map { "\($0.name) \(String(format: "%.4f", $0.value))" }
            print("λ \(lambda)  \(means.joined(separator: "  "))  (\(evaluation.queries) queries)")
        }
        if json { print(JSONValue.array(rows).text) }
    }
}
