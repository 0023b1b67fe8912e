import ArgumentParser
import EmbeddedBackend
import Foundation
import Reporting

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serves the Tinker API for a model directory with the embedded CPU backend.",
        discussion: "The key that clients must send is read from the environment, or made and printed.")

    @Argument(help: "A Hugging Face model directory of a Qwen3-architecture model.")
    var model: String

    @Option(help: "The name under which the model is offered.")
    var name = "base"

    @Option(help: "The port on the loopback interface; 0 takes a free one.")
    var port: UInt16 = 8000

    @Option(help: "Where checkpoints are kept.")
    var checkpoints = "Runs/serve/checkpoints"

    @Option(help: "The environment variable that holds the key.")
    var apiKeyEnv = "TINKER_API_KEY"

    @Option(help: "Worker threads; 0 takes the machine's cores.")
    var threads = 0

    func run() async throws {
        let given = ProcessInfo.processInfo.environment[apiKeyEnv]
        let key = try given ?? EmbeddedServerConfiguration.randomAPIKey()
        let server = try EmbeddedServer(
            configuration: EmbeddedServerConfiguration(
                port: port, apiKey: key, models: [name: model], checkpointDirectory: checkpoints,
                threads: threads > 0 ? threads : ProcessInfo.processInfo.activeProcessorCount))
        let interrupts = Interrupts()
        print("TINKER_BASE_URL=\(try await server.start())")
        if given == nil { print("\(apiKeyEnv)=\(key)") }
        fflush(nil)
        while !interrupts.stop.isRequested { try await Task.sleep(for: .milliseconds(200)) }
        await server.stop()
    }
}
