import ArgumentParser
import Knowledge

struct KnowledgeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "knowledge", abstract: "Imports, builds, queries, certifies and counts knowledge graphs.",
        subcommands: [
            KnowledgeImport.self, KnowledgeBuild.self, KnowledgeFrequencies.self, KnowledgeQuery.self,
            KnowledgeSample.self, KnowledgeCertify.self, KnowledgeAudit.self, KnowledgeStats.self,
        ])
}

/// The graph that a verb reads.
struct GraphArgument: ParsableArguments {
    @Argument(help: "A graph: a directory of three tables, a graph file, or a triples table (.tsv, .tsv.zst).")
    var graph: String

    func load() throws -> KnowledgeGraph { try KnowledgeGraph.load(path: graph) }
}
