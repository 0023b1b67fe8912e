import ArgumentParser
import Foundation
import Primitives

/// Whether interrupted runs end as if nothing had happened.
struct KillsBenchmark: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "kills",
        abstract: "Kills, damages and resumes runs, and compares each with one that nothing disturbed.",
        discussion: """
            The run: SFT, then GRPO with staleness 2, dynamic sampling, replay and a manifest every third step, on the quick start's \
            base and knowledge. Every case must end in the same rewards.csv and weights, or in a refusal that says why. The exit code \
            is 1 where one does not. SIGKILLs come after times drawn from the seed, until so many have struck.
            """)

    @Option(help: "How many SIGKILLs at random times.")
    var points = 100

    @Option(
        help: "A part of the names of the damages to try, `processes` or `disk`; may be given several times; or `none`."
    )
    var cases: [String] = []

    @Option(help: "The seed of the times.")
    var seed: UInt64 = 1

    @Option(help: "The program; the one beside this one by default.")
    var program: String?

    @Option(help: "The directory of the quick start's base and knowledge.")
    var quickstart = "Recipes/quickstart"

    @Flag(help: "Print JSON, at the end.")
    var json = false

    func validate() throws {
        guard points >= 0 else { throw ValidationError("--points must not be negative") }
    }

    func run() throws {
        let current = URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
        let own = URL(fileURLWithPath: CommandLine.arguments[0], relativeTo: current).deletingLastPathComponent()
        let setting = KillWalk.Setting(
            program: program.map { URL(fileURLWithPath: $0, relativeTo: current).path }
                ?? own.appendingPathComponent("medresearcher").path,
            quickstart: URL(fileURLWithPath: quickstart, relativeTo: current).path)
        let isJSON = json
        let matrix = try KillMatrix(setting: setting, seed: seed) { row in
            if !isJSON { print("\(row.passed ? "ok  " : "FAIL")  \(row.name): \(row.finding)") }
        }
        if !json { print(String(format: "undisturbed: %.1f s", matrix.duration)) }
        var rows = points > 0 ? try matrix.kills(points) : []
        func isChosen(_ name: String) -> Bool { cases.isEmpty || cases.contains { name.contains($0) } }
        let damages = KillCase.all.filter { isChosen($0.name) }
        if !damages.isEmpty { rows += try matrix.damages(damages) }
        if isChosen("two processes") { rows += try matrix.twoProcesses() }
        if isChosen("full disk") {
            rows += try matrix.limitedFiles(blocks: [1, 64, 512])
            rows += try matrix.fullDisk(roomKilobytes: [8, 64, 1024])
        }
        if json {
            print(JSONValue.array(rows.map(\.json)).text)
        } else {
            print("\(rows.count { $0.passed }) of \(rows.count) as they should be")
        }
        if rows.contains(where: { !$0.passed }) { throw ExitCode(1) }
    }
}
