import ArgumentParser
import EmbeddedBackend
import Foundation
import Reporting

struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serves the Tinker API and OpenAI's for model directories with the embedded CPU backend.",
        discussion: """
            The key that clients must send (X-API-Key or Authorization: Bearer) is read from the environment, or made and \
            printed.

              medresearcher serve Models/tiny --name tiny
              medresearcher serve --model small=Models/0.6B --model tiny=Models/tiny --renderer small=qwen3
            """)

    @Argument(help: "A Hugging Face model directory; more than one model is given with --model.")
    var directory: String?

    @Option(help: "The name under which the model directory is offered.")
    var name = "base"

    @Option(name: .customLong("model"), help: "NAME=DIRECTORY of a model; may be repeated.")
    var models: [String] = []

    @Option(
        name: .customLong("renderer"),
        help: "NAME=RENDERER: how conversations with a model are written; its own chat template else. May be repeated.")
    var renderers: [String] = []

    @Option(help: "The numeric address to listen on. Anything but the loopback lets other machines in.")
    var host = "127.0.0.1"

    @Option(help: "The port; 0 takes a free one.")
    var port: UInt16 = 8000

    @Option(help: "Where checkpoints are kept.")
    var checkpoints = "Runs/serve/checkpoints"

    @Option(help: "The environment variable that holds the key.")
    var apiKeyEnv = "TINKER_API_KEY"

    @Option(help: "Worker threads; 0 takes the machine's cores.")
    var threads = 0

    @Option(
        help: "After how many hours without a sign of life of its client a session is ended and its models are freed.")
    var sessionHours = 72.0

    func validate() throws {
        guard sessionHours > 0, sessionHours < 1_000_000 else {
            throw ValidationError("--session-hours is \(sessionHours); expected a positive number of hours")
        }
        if directory == nil, models.isEmpty {
            throw ValidationError("name a model: `serve DIRECTORY`, or `serve --model NAME=DIRECTORY`")
        }
        let named = try Self.pairs(models, option: "--model")
        if directory != nil, named[name] != nil { throw ValidationError("two models are called `\(name)`") }
        for model in try Self.pairs(renderers, option: "--renderer").keys
        where named[model] == nil && !(directory != nil && model == name) {
            throw ValidationError("--renderer names `\(model)`, which is no model of this server")
        }
    }

    func run() async throws {
        var directories = try Self.pairs(models, option: "--model")
        if let directory { directories[name] = directory }
        let given = ProcessInfo.processInfo.environment[apiKeyEnv]
        let key = try given ?? EmbeddedServerConfiguration.randomAPIKey()
        var configuration = EmbeddedServerConfiguration(
            host: host, port: port, apiKey: key, models: directories, checkpointDirectory: checkpoints,
            threads: threads > 0 ? threads : ProcessInfo.processInfo.activeProcessorCount)
        configuration.renderers = try Self.pairs(renderers, option: "--renderer")
        configuration.sessionTimeout = .seconds(sessionHours * 3600)
        let server = try EmbeddedServer(configuration: configuration)
        let interrupts = Interrupts()
        let url = try await server.start()
        print("TINKER_BASE_URL=\(url)")
        if given == nil { print("\(apiKeyEnv)=\(key)") }
        fflush(nil)
        explain(url: url, models: directories.keys.sorted())
        while !interrupts.stop.isRequested { try await Task.sleep(for: .milliseconds(200)) }
        await server.stop()
    }

    /// How to connect, for a person; programs read the lines of standard output.
    private func explain(url: String, models: [String]) {
        var lines = [
            "serving \(models.joined(separator: ", ")); the Tinker SDK connects with the variables above,",
            "clients of OpenAI's API with base URL \(url)/v1 and the key as Bearer token; checkpoints: \(checkpoints)",
        ]
        if !["127.0.0.1", "::1"].contains(host) {
            lines.append(
                "warning: listening on \(host), so other machines reach this server; the key travels unencrypted")
        }
        FileHandle.standardError.write(Data((lines.joined(separator: "\n") + "\n").utf8))
    }

    /// Splits NAME=VALUE at the first `=`; every name once.
    private static func pairs(_ texts: [String], option: String) throws -> [String: String] {
        var pairs: [String: String] = [:]
        for text in texts {
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { throw ValidationError("\(option) \(text): expected NAME=VALUE") }
            guard pairs.updateValue(parts[1], forKey: parts[0]) == nil else {
                throw ValidationError("\(option) names `\(parts[0])` twice")
            }
        }
        return pairs
    }
}
