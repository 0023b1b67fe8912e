import Foundation
import Primitives

/// A short walk on `medresearcher serve` in a process of its own, as on any other server of the Tinker API.
final class ServedWalk {
    static let key = "tml-walk"
    private static let environment = ["WALK_KEY": key, "TINKER_API_KEY": key]

    let walk: ShortWalk
    private let home: ShortWalk
    private(set) var server: Program.Running
    let port: UInt16

    /// - Parameters:
    ///   - backend: lines of the recipe's `backend` section besides kind, URL and key.
    ///   - extra: further lines of the recipe.
    ///   - url: where the client is told that the server is, given the server's port.
    init(backend: String = "", extra: String = "", url: (UInt16) throws -> String = { "http://127.0.0.1:\($0)" }) throws
    {
        home = try ShortWalk()
        server = try Self.serve(in: home, port: 0)
        port = try Self.port(in: home)
        walk = try ShortWalk(
            extra: """
                backend:
                  kind: tinker
                  url: \(try url(port))
                  api_key_env: WALK_KEY
                \(backend.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n"))
                model:
                  base: base
                  tokenizer: \(Program.root)/Recipes/quickstart/base
                \(extra)
                """)
    }

    deinit { stop() }

    func stop() {
        server.send(SIGKILL)
        _ = server.wait()
    }

    /// Kills the server and starts another one on the same port and checkpoints.
    func restartServer() throws {
        stop()
        server = try Self.serve(in: home, port: port)
        _ = try Self.port(in: home)
    }

    func run(_ arguments: [String]) throws -> Program.Outcome {
        try Program.run(arguments, in: walk.directory, environment: Self.environment)
    }

    func train(_ arguments: [String] = []) throws -> Program.Outcome { try run(["train", "walk.yaml"] + arguments) }

    func start() throws -> Program.Running {
        try Program.Running(["train", "walk.yaml"], in: walk.directory, environment: Self.environment)
    }

    func resume() throws -> Program.Outcome { try run(["resume", "Runs/walk"]) }

    /// The weights that the newest manifest names.
    func finalWeights() throws -> Data {
        func json(_ name: String) throws -> JSONValue { try JSONValue.parse(Array(walk.contents(name))) }
        let manifest = try json("manifests/" + json("latest.json").string(at: "file"))
        let path = try manifest.string(at: "trainer_state").dropFirst("tinker://".count)
        return try Data(
            contentsOf: URL(fileURLWithPath: home.directory + "/served/\(path)/model.safetensors"))
    }

    private static func serve(in home: ShortWalk, port: UInt16) throws -> Program.Running {
        try Program.Running(
            [
                "serve", Program.root + "/Recipes/quickstart/base", "--port", String(port), "--checkpoints", "served",
                "--threads", "2",
            ], in: home.directory, environment: environment)
    }

    private static func port(in home: ShortWalk) throws -> UInt16 {
        for _ in 0..<60_000 {
            let text = (try? String(contentsOfFile: home.directory + "/stdout.txt", encoding: .utf8)) ?? ""
            let line = text.split(separator: "\n").first { $0.hasPrefix("TINKER_BASE_URL=") }
            if let port = line?.split(separator: ":").last.flatMap({ UInt16($0) }) { return port }
            Thread.sleep(forTimeInterval: 0.01)
        }
        throw CancellationError()
    }
}
