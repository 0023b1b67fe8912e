import Foundation
import Testing

/// The short walk on a real SkyRL, killed and resumed: what `Scripts/interop/skyrl` does at full length. SkyRL's compiler takes
/// minutes of both cores, so these tests have to be asked for.
@Suite(.serialized, .enabled(if: SkyRLServer.isWanted, SkyRLServer.condition))
struct SkyRLWalkTests {
    private static let port = 8173

    @Test func aRunThatWasKilledGoesOnOnSkyRL() throws {
        let state = NSTemporaryDirectory() + "medresearcher-skyrl-\(UUID().uuidString)"
        try SkyRLServer.run("start", Program.root + "/Recipes/quickstart/base", "\(Self.port)", state)
        defer {
            try? SkyRLServer.run("stop", state)
            try? FileManager.default.removeItem(atPath: state)
        }
        let walk = try ShortWalk(
            extra: """
                backend:
                  kind: skyrl
                  url: http://127.0.0.1:\(Self.port)
                model:
                  base: base
                  tokenizer: \(Program.root)/Recipes/quickstart/base
                  lora_rank: 8
                sft:
                  steps: 1
                rl:
                  steps: 2
                  groups_per_step: 2
                  group_size: 2
                evaluation:
                  questions: 2
                """)
        let running = try walk.start()
        while running.isRunning && !walk.exists("manifests/000001.rl.json") { Thread.sleep(forTimeInterval: 0.05) }
        running.send(SIGKILL)
        _ = running.wait()
        let before = try rows(walk)
        let resumed = try walk.resume()
        #expect(resumed.code == 0, "\(resumed.errors)")
        let after = try rows(walk)
        #expect(Array(after.prefix(before.count)) == before)
        #expect(after.filter { $0.hasPrefix("sft,1,") }.count == 1)
        #expect(after.filter { $0.hasPrefix("rl,1,") || $0.hasPrefix("rl,2,") }.count == 2)
    }

    /// The rows of `rewards.csv` of steps that a manifest closes.
    private func rows(_ walk: ShortWalk) throws -> [Substring] {
        let exported = try Program.run(["export", "Runs/walk", "--format", "csv"], in: walk.directory)
        return exported.output.split(separator: "\n")
    }
}

/// A real SkyRL 0.3.0 as `Scripts/interop/skyrl-server` installs, starts and stops it.
private enum SkyRLServer {
    static let peers =
        ProcessInfo.processInfo.environment["PEERS"] ?? NSHomeDirectory() + "/.cache/medresearcher-peers"
    static let isWanted =
        ProcessInfo.processInfo.environment["MEDRESEARCHER_SKYRL"] == "1"
        && FileManager.default.isExecutableFile(atPath: peers + "/skyrl-venv/bin/uv")
    static let condition: Comment =
        "needs MEDRESEARCHER_SKYRL=1 and SkyRL 0.3.0 where Scripts/interop/skyrl-server installs it"

    static func run(_ arguments: String...) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Program.root + "/Scripts/interop/skyrl-server")
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(["PEERS": peers]) { $1 }
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "Scripts/interop/skyrl-server \(arguments) failed")
    }
}
