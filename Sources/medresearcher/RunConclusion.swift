import Foundation
import Recipes
import Reporting
import Training

/// What a finished run says: the table of stages, the curve, and where everything is.
struct RunConclusion {
    let directory: String
    let rows: [StepMetrics]
    /// Whether a resume found nothing to do.
    var wasComplete = false
    /// The recipe that was run, for the next commands to try; `nil` where they are not called for.
    var recipe: String?

    func show() {
        if wasComplete { print("The run in \(path) was complete already; nothing to do.\n") }
        print(StageTable().text(rows))
        let curve = TerminalCurve(columns: min(Terminal.columns, 100)).text(rows)
        if !curve.isEmpty { print("\n" + curve) }
        let layout = RunLayout(root: path)
        print("\nRun directory   \(path)")
        for (label, file) in [
            ("Rewards", RunReport.csvPath(layout)), ("Reward curve", RunReport.svgPath(layout)),
            ("Episodes", layout.rollouts), ("Manifests", layout.manifests),
            ("Trained model", RunReport.modelPath(layout)),
        ] where FileManager.default.fileExists(atPath: file) {
            print(label.padding(toLength: 16, withPad: " ", startingAt: 0) + file)
        }
        showNextCommands()
    }

    private var path: String {
        let current = FileManager.default.currentDirectoryPath + "/"
        return directory.hasPrefix(current) ? String(directory.dropFirst(current.count)) : directory
    }

    private func showNextCommands() {
        guard let recipe else { return }
        print("\nNext, for example")
        let program = CommandLine.arguments[0]
        print("  \(program) report \(path)")
        print("  \(program) export \(path) --format csv")
        print("  \(program) train \(recipe) --set name=another --set seed=2")
    }
}
