import ArgumentParser
import EmbeddedBackend
import Foundation
import Primitives

/// The other side of the transport benchmark, in a process of its own so that its work is not counted with the client's.
struct TransportServer: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "transport-server", abstract: "Serves a minute model until standard input ends.",
        shouldDisplay: false)

    func run() throws {
        let directory = FileManager.default.temporaryDirectory
            .appendingPathComponent("medresearcher-bench-" + UUID().uuidString)
        let model = directory.appendingPathComponent("model")
        try FileManager.default.createDirectory(at: model, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let shape = DecoderConfiguration(
            vocabularySize: 256, hiddenSize: 16, intermediateSize: 16, layerCount: 1, headCount: 1,
            keyValueHeadCount: 1, headSize: 16, ropeTheta: 10_000, maximumPositions: 256, endOfTextToken: 0)
        try DecoderWeights.random(shape, seed: 1).save(directory: model.path)

        let key = try EmbeddedServerConfiguration.randomAPIKey()
        let server = try EmbeddedServer(
            configuration: EmbeddedServerConfiguration(
                apiKey: key, models: ["minute": model.path],
                checkpointDirectory: directory.appendingPathComponent("checkpoints").path, threads: 1))
        let url = try waiting { try await server.start() }
        let line: JSONValue = ["url": .string(url), "key": .string(key)]
        print(line.text)
        fflush(nil)
        while readLine() != nil {}
        try waiting { await server.stop() }
    }
}

/// A running ``TransportServer``.
final class TransportServerProcess {
    let url: String
    let key: String
    private let process = Process()
    private let input = Pipe()

    init() throws {
        let output = Pipe()
        process.executableURL = Bundle.main.executableURL
        process.arguments = ["transport-server"]
        process.standardInput = input
        process.standardOutput = output
        try process.run()
        var bytes: [UInt8] = []
        while bytes.last != UInt8(ascii: "\n") {
            let more = output.fileHandleForReading.availableData
            guard !more.isEmpty else {
                throw PythonPeer.Failure(description: "the server of the transport benchmark ended before it served")
            }
            bytes += more
        }
        let address = try JSONValue.parse(bytes)
        url = try address.string(at: "url")
        key = try address.string(at: "key")
    }

    func stop() {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }
}
