import ArgumentParser
import Recipes
import Reporting
import Training

struct Report: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Shows what each stage of a run reached, and its curve.")

    @Argument(help: "The run directory.")
    var directory: String

    func run() throws {
        let layout = RunLayout(root: directory)
        let rows = try MetricsFile.read(layout.metrics)
        try RunReport.write(rows, run: layout, name: try Recipe.load(run: directory).name)
        RunConclusion(directory: directory, rows: rows).show()
    }
}
