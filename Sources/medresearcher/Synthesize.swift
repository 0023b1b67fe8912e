import ArgumentParser
import Recipes

struct Synthesize: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Writes a recipe's questions, certificates, teacher trajectories and SFT examples.")

    @OptionGroup var options: RecipeOptions

    @Option(help: "The directory to write to.")
    var output: String

    func run() async throws {
        print(try await DatasetSynthesis(options.load()).write(to: output))
    }
}
