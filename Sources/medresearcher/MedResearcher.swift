import ArgumentParser
import Foundation
import Reporting

@main
struct MedResearcher: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "medresearcher",
        abstract: "Trains medical deep-research agents: certified questions, SFT, GRPO, exact rewards, exact resume.",
        subcommands: [
            Train.self, SFT.self, RL.self, Resume.self, Synthesize.self, Evaluate.self, Export.self, Report.self,
            Runs.self, KnowledgeCommand.self, RetrieveCommand.self, Score.self, Tokenize.self, Render.self, Serve.self,
            Doctor.self,
        ])

    static func main() async {
        var command: any ParsableCommand
        do { command = try parseAsRoot() } catch { Failure(error, command: Self.self).exit() }
        do {
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            Failure(running: error, command: Self.self).exit()
        }
    }
}
