import ArgumentParser
import Recipes

struct Doctor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Checks a recipe's files and connects to its backend, and says what it found.")

    @OptionGroup var options: RecipeOptions

    func run() async throws {
        print(try await BackendCheck(options.load()).text())
    }
}
