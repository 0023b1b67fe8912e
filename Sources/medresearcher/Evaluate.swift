import ArgumentParser
import Recipes

struct Evaluate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Asks a recipe's held-out questions of its model.",
        discussion: "Name another model with --set model.base=DIRECTORY, for example a checkpoint of a run.")

    @OptionGroup var options: RecipeOptions

    @Flag(help: "Print the report as JSON.")
    var json = false

    func run() async throws {
        let report = try await ModelEvaluation(options.load()).report()
        print(json ? report.json.text : ModelEvaluation.text(report))
    }
}
