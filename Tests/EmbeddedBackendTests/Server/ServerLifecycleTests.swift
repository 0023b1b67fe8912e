import Foundation
import Primitives
import Testing

@testable import EmbeddedBackend

@Suite struct ServerLifecycleTests {
    /// Runs `body` with a configuration that would start, in a directory of its own.
    private static func withConfiguration<Value>(
        _ body: (inout EmbeddedServerConfiguration) async throws -> Value
    ) async throws -> Value {
        let directory = ServerFixture.temporaryDirectory()
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try "{}".write(toFile: directory + "/config.json", atomically: true, encoding: .utf8)
        var configuration = EmbeddedServerConfiguration(
            apiKey: "tml-secret", models: ["tiny": directory], checkpointDirectory: directory + "/checkpoints",
            threads: 1)
        return try await body(&configuration)
    }

    /// Why a server with the changed configuration does not start.
    private static func failure(_ change: (inout EmbeddedServerConfiguration) -> Void) async throws -> String {
        try await withConfiguration { configuration in
            change(&configuration)
            do {
                let log = EngineLog()
                let server = try EmbeddedServer(configuration: configuration) {
                    try StandInWeights.load($0, log: log)
                }
                let url = try await server.start()
                await server.stop()
                return url
            } catch let error as EmbeddedServerError {
                return error.description
            }
        }
    }

    @Test func startsThatCannotSucceedSayWhy() async throws {
        #expect(try await Self.failure { $0.apiKey = "" }.contains("API key"))
        #expect(try await Self.failure { $0.models = [:] }.contains("no base model"))
        let missing = try await Self.failure { $0.models["other"] = "/nowhere" }
        #expect(missing.contains("`other`") && missing.contains("/nowhere"))
        #expect(try await Self.failure { $0.checkpointDirectory = "/proc/none" }.contains("/proc/none"))
        #expect(try await Self.failure { $0.host = "localhost" }.contains("not a numeric address"))
    }

    @Test func aTakenPortIsNamed() async throws {
        try await ServerFixture.with { server in
            let port = try #require(server.baseURL.split(separator: ":").last.flatMap { UInt16($0) })
            let text = try await Self.failure { $0.port = port }
            #expect(text.contains("127.0.0.1:\(port)"))
        }
    }

    @Test func stoppingEndsPollsAndIsSafeTwice() async throws {
        try await ServerFixture.with(configure: { $0.longPollDuration = .seconds(600) }) { server in
            let model = try await server.makeModel(try await server.makeSession())
            let promise = try await server.ok("optim_step", ServerFixture.step(model, 2))
            async let poll: Void = { _ = try? await server.result(of: promise) }()
            try await Task.sleep(for: .milliseconds(50))
            await server.server.stop()
            await server.server.stop()
            await poll
            await #expect(throws: (any Error).self) { try await server.makeSession() }
        }
    }

    @Test func anInstanceServesOnce() async throws {
        _ = try await ServerFixture.with { server in
            await #expect(throws: EmbeddedServerError.self) { _ = try await server.server.start() }
        }
    }

    @Test func theKeyIsNeverDescribedAndRandomKeysDiffer() throws {
        let configuration = EmbeddedServerConfiguration(
            apiKey: "tml-secret", models: ["tiny": "/base"], checkpointDirectory: "/checkpoints", threads: 1)
        #expect(!"\(configuration)".contains("secret"))
        let keys = [try EmbeddedServerConfiguration.randomAPIKey(), try EmbeddedServerConfiguration.randomAPIKey()]
        #expect(keys[0] != keys[1])
        #expect(keys.allSatisfy { $0.hasPrefix("tml-") && $0.utf8.count == 36 })
    }
}
