import ArgumentParser
import Knowledge
import Primitives
import Retrieval

struct RetrieveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "retrieve", abstract: "Searches, builds and evaluates a private index of medical documents.",
        subcommands: [RetrieveSearch.self, RetrieveIndex.self, RetrieveEvaluate.self],
        defaultSubcommand: RetrieveSearch.self)
}

/// How a verb ranks.
struct RetrievalOptions: ParsableArguments {
    @Option(help: "The directory of the index.")
    var index: String

    @Option(
        help: "The weight of relevance against authority, from 0 to 1; 0.4 is the paper's mode, 1 leaves authority out."
    )
    var lambda = AuthorityRanking().lambda

    @Option(help: "How many of the most relevant documents authority reorders.")
    var pool = AuthorityRanking().poolSize

    @Option(help: "A graph whose synonyms are searched for too: a directory, a graph file or a triples table.")
    var graph: String?

    @Option(
        help: "A table of what sources weigh, in place of the built-in one (JSON; see the README of Sources/Retrieval)."
    )
    var authority: String?

    @Option(help: "The day from which recency is counted; the latest date of a document if not given.")
    var date: String?

    func validate() throws {
        guard (0...1).contains(lambda) else { throw ValidationError("--lambda must be from 0 to 1") }
        guard pool >= 1 else { throw ValidationError("--pool must be at least 1") }
        if let date, PublicationDate(date) == nil {
            throw ValidationError("--date is `\(date)`, expected a date such as 2025, 2025-05 or 2025-05-31")
        }
    }

    func retriever() throws -> MedicalRetriever {
        let index = try RetrievalIndex(directory: index)
        let synonyms = try graph.map {
            SynonymExpansion(graph: try KnowledgeGraph.load(path: $0), analyzer: index.configuration.analyzer)
        }
        return MedicalRetriever(
            index: index, ranking: AuthorityRanking(lambda: lambda, poolSize: pool),
            model: try authority.map { try AuthorityModel(path: $0) } ?? .standard,
            date: date.flatMap { PublicationDate($0) }, synonyms: synonyms)
    }
}
