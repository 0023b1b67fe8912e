import ArgumentParser
import Knowledge
import Reporting
import Storage

struct KnowledgeImport: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Imports files of other projects and merges them into one graph.",
        discussion: """
            Formats and their files follow each other, as often as needed:
              medresearcher knowledge import disease-ontology HumanDO.tsv \\
                ncbi-gene gene_info.gz drugcentral targets.tsv --output Graph
            Files may be compressed (.zst, .gz); - is the standard input. Formats:
            \(ImportFormat.allCases.map { "  \($0.rawValue): \($0.summary)" }.joined(separator: "\n"))
            What cannot stand in one graph is written to conflicts.jsonl with its evidence, what was left out and why to \
            import.json.
            """)

    @Argument(help: "A format and its files, then the next format and its files.")
    var inputs: [String]

    @Option(help: "Where the graph goes: a directory of three tables, or one file if the name ends in .graph.")
    var output: String

    @Option(help: "A graph to add to: a directory, a graph file, or a triples table.")
    var onto: String?

    @OptionGroup var relations: RelationsOption

    @Option(help: "What facts are attributed to where the files do not say it.")
    var source: String?

    @Option(help: "The terms of facts where the files do not say them.")
    var licence: String?

    @Flag(help: "Print what was left out and the conflicts by kind as JSON.")
    var json = false

    func validate() throws {
        guard let first = inputs.first, ImportFormat(rawValue: first) != nil else {
            throw ValidationError(
                "expected a format first, one of \(ImportFormat.allCases.map(\.rawValue).joined(separator: ", ")), found "
                    + "`\(inputs.first ?? "")`")
        }
        for group in groups where group.files.isEmpty {
            throw ValidationError("expected files behind `\(group.format.rawValue)`")
        }
    }

    private var groups: [(format: ImportFormat, files: [String])] {
        var groups: [(format: ImportFormat, files: [String])] = []
        for input in inputs {
            if let format = ImportFormat(rawValue: input) {
                groups.append((format, []))
            } else if !groups.isEmpty {
                groups[groups.count - 1].files.append(input)
            }
        }
        return groups
    }

    func run() throws {
        try OutputCheck.graph(output)
        for file in groups.flatMap(\.files) where file != "-" { _ = try ByteStream(path: file) }
        var draft = GraphDraft(relations: try relations.table())
        let progress = WorkProgress()
        defer { progress.finish() }
        if let onto { draft.add(try KnowledgeGraph.load(path: onto)) }
        for (format, files) in groups {
            draft.progress = { progress.show("\(format.rawValue): \($0) records read") }
            try format.read(files, into: &draft, source: source, licence: licence)
        }
        progress.show("merging \(draft.entities.count) entities and \(draft.facts.count) facts")
        let outcome = try GraphMerger().merge(draft)
        try outcome.write(to: output, report: draft.report)
        progress.finish()
        if json { return print(outcome.json(draft.report).text) }
        print(draft.report)
        print(outcome.summary)
        let companions = GraphMerger.Outcome.companions(of: output)
        print("written to \(output), the conflicts to \(companions.conflicts), the report to \(companions.report)")
    }
}
