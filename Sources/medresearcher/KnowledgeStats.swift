import ArgumentParser
import Knowledge

struct KnowledgeStats: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats", abstract: "Counts a graph's entities and facts, asserted and entailed.")

    @OptionGroup var graph: GraphArgument

    @Option(help: "The corpus frequency below which an entity is rare.")
    var rareBelow = 1e-6

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        let statistics = try GraphStatistics(of: graph.load(), rareBelow: rareBelow)
        print(json ? statistics.json.text : statistics.text)
    }
}
