import ArgumentParser
import Recipes

struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measures a backend and says what a recipe must avoid there.",
        discussion: """
            With a recipe, its files and its rollout fleet are checked too, and whether it fits its backend. The measurement makes models that are \
            thrown away and trains nothing. It is the one that `train` makes before it starts.
            """)

    @Argument(help: "The recipe file; leave it out with --backend.")
    var recipe: String?

    @Option(name: .customLong("set"), help: "Overrides a field of the recipe. May be repeated.")
    var overrides: [String] = []

    @Option(help: "The address of a Tinker API server.")
    var backend: String?

    @Option(help: "The server's name of the model to measure on; by default the first one it offers.")
    var baseModel: String?

    @Option(help: "The environment variable that holds the server's key.")
    var apiKeyEnv = "TINKER_API_KEY"

    @Option(help: "The adapter rank to measure with; 0 for all parameters. By default 8, or 0 where that is refused.")
    var rank: Int?

    @Flag(help: "Print JSON.")
    var json = false

    func validate() throws {
        guard (recipe == nil) != (backend == nil) else {
            throw ValidationError("give either a recipe or --backend URL")
        }
        if let backend, !backend.hasPrefix("http://"), !backend.hasPrefix("https://") {
            throw ValidationError("--backend must start with http:// or https://, found `\(backend)`")
        }
        if let rank, rank < 0 { throw ValidationError("--rank is \(rank); expected 0 or more") }
    }

    func run() async throws {
        let report: BackendCheck.Report
        if let recipe {
            report = try await BackendCheck.report(of: Recipe.load(path: recipe, overrides: overrides, runs: "Runs"))
        } else {
            report = try await BackendCheck.report(
                of: .init(url: backend ?? "", baseModel: baseModel, apiKeyVariable: apiKeyEnv, rank: rank))
        }
        print(json ? report.json.text : report.text)
        if !report.problems.isEmpty { throw ExitCode(3) }
    }
}
