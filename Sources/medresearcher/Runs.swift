import ArgumentParser
import Reporting
import Storage
import Training

struct Runs: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Lists and verifies runs.", subcommands: [List.self, RunsVerify.self], defaultSubcommand: List.self)

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Lists the runs of a directory and how far they are.")

        @Argument(help: "The directory that holds run directories.")
        var directory = "Runs"

        func run() throws {
            for name in try FileStore.list(directory) {
                let layout = RunLayout(root: directory + "/" + name)
                guard FileStore.exists(layout.recipe) else { continue }
                let latest = try RunDirectory.latestManifest(at: layout.root)
                let position = latest.map { "\($0.stage.rawValue) \($0.step)\($0.isStageComplete ? ", complete" : "")" }
                print("\(name)\t\(position ?? "no manifest yet")")
            }
        }
    }
}
