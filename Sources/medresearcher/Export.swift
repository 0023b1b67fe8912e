import ArgumentParser
import Recipes
import Reporting
import Training

struct Export: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Prints a run's reward curve.")

    enum Format: String, ExpressibleByArgument, CaseIterable { case csv, svg }

    @Argument(help: "The run directory.")
    var directory: String

    @Option(help: "csv or svg.")
    var format = Format.csv

    func run() throws {
        let rows = try MetricsFile.read(RunLayout(root: directory).metrics)
        switch format {
        case .csv: print(RewardCurveCSV.text(rows), terminator: "")
        case .svg: print(RewardCurveSVG(title: try Recipe.load(run: directory).name).text(rows), terminator: "")
        }
    }
}
