import ArgumentParser
import Knowledge
import Primitives
import Reporting
import Storage
import Synthesis

struct KnowledgeCertify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "certify",
        abstract: "Checks every claim of a dataset's certificates and questions against a graph.",
        discussion: """
            Of a directory that `synthesize` wrote, and of lines with a `question` and its `certificate`, the questions \
            are checked too: the gold is the answer's name with its synonyms, the text names the anchors, the hops \
            agree, and the text gives away neither the answer nor an entity between. Other lines are certificates, hold \
            one as `certificate`, or are questions with a `relation_path` and the numbers of candidates they claim. The \
            check shares no index and no search with the code that certifies. The exit code is 3 if anything cannot be \
            read or does not hold.
            """)

    @Option(help: "The graph: a directory of three tables, a graph file, or a triples table (.tsv, .tsv.zst).")
    var graph: String

    @OptionGroup var relations: RelationsOption

    @Option(
        help: ArgumentHelp(
            "A directory with questions.jsonl.zst and certificates.jsonl.zst, or a file with one JSON object a line "
                + "(.jsonl or .jsonl.zst); - reads standard input.", valueName: "path"))
    var questions: String

    @Option(help: "How many of the lines that do not hold are shown.")
    var limit = 20

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard limit >= 0 else { throw ValidationError("--limit is \(limit); expected 0 or more") }
    }

    func run() throws {
        let graph = try relations.load(graph)
        guard graph.hasRecordedDigest else {
            throw KnowledgeError.damagedFile(
                path: self.graph, problem: "the content is not that of the recorded digest")
        }
        if FileStore.isDirectory(questions) {
            return try show(nil, try QuestionAudit(graph: graph).summary(directory: questions))
        }
        var rows = QuestionFileVerifier.Summary()
        var audited = QuestionAuditSummary()
        var verifier: QuestionFileVerifier?
        var audit: QuestionAudit?
        for (offset, row) in try JSONLines.decode(try LineFiles.read(questions), path: questions).enumerated() {
            let (line, name) = (offset + 1, QuestionFileVerifier.id(of: row, line: offset + 1))
            if row["question"] != nil, row["certificate"] != nil {
                let auditor = audit ?? QuestionAudit(graph: graph)
                audit = auditor
                audited.add(auditor.findings(of: row), name: name)
            } else {
                let checker = try verifier ?? QuestionFileVerifier(graph: graph)
                verifier = checker
                rows.add(checker.outcome(of: row, line: line), id: name)
            }
        }
        try show(verifier == nil && audit != nil ? nil : rows, audit == nil ? nil : audited)
    }

    /// Prints what was found. Exit code 3 if anything does not hold.
    private func show(_ rows: QuestionFileVerifier.Summary?, _ audited: QuestionAuditSummary?) throws {
        if json {
            var object = rows?.json.objectValue ?? JSONObject()
            if let audited { object["audit"] = audited.json }
            print(JSONValue.object(object).text)
        } else {
            let problems = (rows?.problems ?? []) + (audited?.problems ?? [])
            for problem in problems.prefix(limit) { print(problem) }
            if problems.count > limit { print("… and \(problems.count - limit) more") }
            let texts = [rows?.text, audited?.text].compactMap(\.self).filter { !$0.isEmpty }
            print(texts.isEmpty || audited?.questions == 0 ? "there are no questions" : texts.joined(separator: "\n"))
        }
        if rows?.isClean == false || audited?.isClean == false { throw ExitCode(3) }
    }
}
