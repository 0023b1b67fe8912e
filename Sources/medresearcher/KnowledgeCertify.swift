import ArgumentParser
import Knowledge
import Primitives
import Reporting
import Storage

struct KnowledgeCertify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "certify", abstract: "Checks every claim of a dataset's certificates against a graph.",
        discussion: """
            A line is a certificate, holds one as `certificate`, or is a question with a `relation_path` and the numbers \
            of candidates it claims. The check shares no index and no search with the code that certifies. The exit \
            code is 3 if any line cannot be read or any claim does not hold.
            """)

    @Option(help: "The graph: a directory of three tables, a graph file, or a triples table (.tsv, .tsv.zst).")
    var graph: String

    @Option(
        help: "The questions or certificates, one JSON object a line (.jsonl or .jsonl.zst); - reads standard input.")
    var questions: String

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let graph = try KnowledgeGraph.load(path: graph)
        guard graph.hasRecordedDigest else {
            throw KnowledgeError.damagedFile(
                path: self.graph, problem: "the content is not that of the recorded digest")
        }
        let verifier = try QuestionFileVerifier(graph: graph)
        var summary = QuestionFileVerifier.Summary()
        let rows = try JSONLines.decode(try LineFiles.read(questions), path: questions)
        for (number, row) in rows.enumerated() {
            summary.add(
                verifier.outcome(of: row, line: number + 1), id: QuestionFileVerifier.id(of: row, line: number + 1))
        }
        if json {
            print(summary.json.text)
        } else {
            for problem in summary.problems.prefix(20) { print(problem) }
            if summary.problems.count > 20 { print("… and \(summary.problems.count - 20) more") }
            print(rows.isEmpty ? "there are no questions" : summary.text)
        }
        if !summary.isClean { throw ExitCode(3) }
    }
}
