import ArgumentParser
import Foundation
import Knowledge
import Reporting
import Storage
import Synchronization

struct KnowledgeFrequencies: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "frequencies", abstract: "Counts how often a corpus mentions the entities of a graph.",
        discussion: """
            A mention is the longest name or synonym at a place; case plays no part, except for names without small \
            letters. The frequency is mentions per word. Corpus files are .jsonl, PubMed's .xml, .txt or .md, also \
            compressed (.zst, .gz); several are read at once.
            """)

    @OptionGroup var graph: GraphArgument

    @Option(parsing: .upToNextOption, help: "The files of the corpus.")
    var corpus: [String]

    @Option(help: "A table of id, name, mentions, documents and frequency to write.")
    var output: String?

    @Option(help: "Where to write the graph with frequencies: a directory, or one file if the name ends in .graph.")
    var graphOutput: String?

    @Option(help: "The frequency below which an entity is rare.")
    var rareBelow = CorpusFrequencies.rareLimit

    @Option(help: "The bytes that a name needs to be looked for.")
    var minimumLength = 3

    @Option(help: "How many files are read at once.")
    var concurrency = ProcessInfo.processInfo.activeProcessorCount

    func validate() throws {
        guard output != nil || graphOutput != nil else {
            throw ValidationError("give --output for a table, --graph-output for a graph, or both")
        }
    }

    func run() throws {
        if let output { try OutputCheck.file(output) }
        if let graphOutput { try OutputCheck.graph(graphOutput) }
        let graph = try graph.load()
        let lexicon = MentionLexicon(graph.entities, minimumLength: minimumLength)
        let counted = Mutex((words: 0, documents: 0))
        let progress = WorkProgress()
        defer { progress.finish() }
        let frequencies = try CorpusFrequencies.count(lexicon, in: corpus, concurrency: concurrency) {
            words, documents in
            let total = counted.withLock { counted in
                counted = (counted.words + words, counted.documents + documents)
                return counted
            }
            progress.show("\(total.documents) documents, \(total.words) words")
        }
        progress.finish()
        if let output { try FileStore.writeAtomically(frequencies.table(graph.entities), to: output) }
        if let graphOutput {
            let counted = try graph.counted(frequencies)
            if graphOutput.hasSuffix(".graph") {
                try counted.save(file: graphOutput)
            } else {
                try counted.save(directory: graphOutput)
            }
        }
        print(frequencies.summary(limit: rareBelow))
        if lexicon.skippedNames > 0 { print("\(lexicon.skippedNames) names are too short to be looked for") }
        let written = [output, graphOutput].compactMap(\.self)
        print("written to \(written.joined(separator: " and "))")
    }
}
