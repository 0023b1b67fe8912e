import ArgumentParser
import Recipes
import Reporting

struct Resume: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Continues an interrupted run from its newest manifest that verifies.")

    @Argument(help: "The run directory.")
    var directory: String

    func run() async throws {
        let interrupts = Interrupts()
        let recipe = try Recipe.load(run: directory)
        let rest = TrainingRun(recipe: recipe, stop: interrupts.stop, reporter: ProgressReporter.standardError())
        let result = try await ResumeHint(runDirectory: directory).watch { try await rest.resume() }
        RunConclusion(directory: result.directory, rows: result.rows, wasComplete: result.wasComplete).show()
    }
}
