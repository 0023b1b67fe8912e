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

    @OptionGroup var relations: RelationsOption

    func load() throws -> KnowledgeGraph { try relations.load(graph) }
}

/// The user's own table of relations.
struct RelationsOption: ParsableArguments {
    @Option(
        name: .customLong("relations"),
        help: ArgumentHelp(
            "Relations of your own, in the columns of a graph's relations.tsv, instead of and besides the built-in ones.",
            valueName: "file"))
    var file: String?

    /// What is known of relations.
    func table() throws -> RelationTable { try file.map { try RelationTable(path: $0) } ?? .builtIn }

    /// Reads a graph, of which only a triples table does not say itself what its relations are.
    func load(_ path: String) throws -> KnowledgeGraph {
        if file != nil, !KnowledgeGraph.isTriplesTable(path) {
            throw ValidationError(
                "--relations is for triples tables (.tsv, .tsv.zst); \(path) has relations of its own. Import it again "
                    + "with --relations to change them")
        }
        return try KnowledgeGraph.load(path: path, relations: try table())
    }
}
