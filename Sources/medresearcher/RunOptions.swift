import ArgumentParser
import Recipes

/// What every command that starts from a recipe takes.
struct RecipeOptions: ParsableArguments {
    @Argument(help: "The recipe file.")
    var recipe: String

    @Option(name: .customLong("set"), help: "Overrides a field, for example rl.group_size=16. May be repeated.")
    var overrides: [String] = []

    @Option(help: "The directory that holds run directories.")
    var runs = "Runs"

    func load(dropping sections: [String] = []) throws -> Recipe {
        try Recipe.load(path: recipe, overrides: overrides, dropping: sections, runs: runs)
    }
}
