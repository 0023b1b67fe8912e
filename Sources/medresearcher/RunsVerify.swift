import ArgumentParser
import Recipes
import Training

struct RunsVerify: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify",
        abstract: "Re-checks everything that a run's manifests vouch for, without changing anything.",
        discussion: """
            The chain of manifests, every file that they name (length and SHA-256), the rows of metrics.jsonl and outcomes.jsonl, \
            the rollouts, and the trainer states of an embedded backend. What lies there beyond the newest manifest is listed: a \
            resume would cut it off or do it again. A run in use can be verified too. The exit code is 1 where anything is broken.
            """)

    @Argument(help: "The run directory.")
    var directory: String

    @Flag(help: "Print the findings as JSON.")
    var json = false

    func run() throws {
        let verification = try Recipe.verification(ofRun: directory)
        if json {
            print(verification.json.text)
        } else {
            for line in verification.lines { print(line) }
        }
        if !verification.isSound { throw ExitCode(1) }
    }
}
