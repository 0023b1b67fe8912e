import ArgumentParser
import Recipes
import Reporting

struct Train: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Runs all stages that a recipe has.")

    @OptionGroup var options: RecipeOptions

    @Flag(help: "Print the resolved recipe and the plan, check every file named, and start nothing.")
    var dryRun = false

    func run() async throws {
        try await TrainingCommand(options: options, dropping: [], dryRun: dryRun).run()
    }
}

struct SFT: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sft", abstract: "Runs only the supervised stage of a recipe.")

    @OptionGroup var options: RecipeOptions

    @Flag(help: "Print the resolved recipe and the plan, check every file named, and start nothing.")
    var dryRun = false

    func run() async throws {
        try await TrainingCommand(options: options, dropping: ["rl"], dryRun: dryRun).run()
    }
}

struct RL: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rl", abstract: "Runs only the reinforcement stage of a recipe, starting from its base model.")

    @OptionGroup var options: RecipeOptions

    @Flag(help: "Print the resolved recipe and the plan, check every file named, and start nothing.")
    var dryRun = false

    func run() async throws {
        try await TrainingCommand(options: options, dropping: ["sft"], dryRun: dryRun).run()
    }
}

/// What the commands that start a run share.
struct TrainingCommand {
    let options: RecipeOptions
    let dropping: [String]
    let dryRun: Bool

    func run() async throws {
        let recipe = try options.load(dropping: dropping)
        if dryRun {
            print(recipe.resolvedYAML)
            print(try await RunPlan.text(of: recipe))
            return
        }
        let interrupts = Interrupts()
        let run = TrainingRun(recipe: recipe, stop: interrupts.stop, reporter: ProgressReporter.standardError())
        let result = try await ResumeHint(runDirectory: recipe.runDirectory).watch { try await run.start() }
        RunConclusion(directory: result.directory, rows: result.rows, recipe: options.recipe).show()
    }
}
