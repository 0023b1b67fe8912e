import Foundation
import Testing

/// Each mistake ends with one error that names the place, and with the right exit code.
@Suite(.serialized)
struct BadInputTests {
    struct Mistake: CustomTestStringConvertible {
        var name: String
        /// Lines laid over the short recipe.
        var recipe: String
        var code: Int32
        /// What the error has to say.
        var says: [String]
        var testDescription: String { name }
    }

    static let mistakes = [
        Mistake(
            name: "unknown key", recipe: "rl:\n  group_sise: 4", code: 3,
            says: ["walk.yaml:3", "unknown key `rl.group_sise`", "`rl.group_size`"]),
        Mistake(
            name: "mistyped value", recipe: "rl:\n  steps: many", code: 3,
            says: ["walk.yaml:3", "rl.steps", "whole number", "`many`"]),
        Mistake(
            name: "missing graph", recipe: "knowledge:\n  graph: nowhere", code: 3, says: ["nowhere"]),
        Mistake(name: "missing base", recipe: "model:\n  base: nowhere", code: 3, says: ["nowhere"]),
        Mistake(
            name: "unreachable backend",
            recipe: """
                backend:
                  kind: skyrl
                  url: http://127.0.0.1:1
                model:
                  tokenizer: \(Program.root)/Recipes/quickstart/base
                """, code: 4, says: ["127.0.0.1:1"]),
        Mistake(
            name: "key not set",
            recipe: """
                backend:
                  kind: tinker
                  url: http://127.0.0.1:1
                  api_key_env: MEDRESEARCHER_NO_SUCH_KEY
                model:
                  tokenizer: \(Program.root)/Recipes/quickstart/base
                """, code: 3, says: ["MEDRESEARCHER_NO_SUCH_KEY"]),
    ]

    @Test(arguments: mistakes)
    func aMistakeIsNamed(mistake: Mistake) throws {
        let walk = try ShortWalk(extra: mistake.recipe.replacing("threads: 2", with: ""))
        var arguments: [String] = []
        if mistake.recipe.contains("kind: ") { arguments = ["--set", "backend.threads=0"] }
        let outcome = try walk.train(arguments)
        #expect(outcome.code == mistake.code, "\(outcome.errors)")
        for text in mistake.says { #expect(outcome.errors.contains(text), "\(outcome.errors)") }
    }

    @Test func aMissingRecipeIsNamed() throws {
        let walk = try ShortWalk()
        let outcome = try Program.run(["train", "absent.yaml"], in: walk.directory)
        #expect(outcome.code == 3)
        #expect(outcome.errors.contains("absent.yaml"))
    }

    @Test func aWrongCommandIsAUsageError() throws {
        let walk = try ShortWalk()
        #expect(try Program.run(["trian"], in: walk.directory).code == 2)
    }

    @Test func aRunIsNeverOverwritten() throws {
        let walk = try ShortWalk()
        #expect(try walk.train().code == 0)
        let before = try walk.contents("metrics.jsonl")
        let again = try walk.train()
        #expect(again.code == 3)
        #expect(again.errors.contains("exists already"))
        #expect(try walk.contents("metrics.jsonl") == before)
    }

    @Test(arguments: [
        ("triples.tsv", "DOID:absent\tis_a\tDOID:0050432\tDO\tCC0-1.0", "DOID:absent"),
        ("triples.tsv", "CYCLE", "cycle"),
    ])
    func aBrokenGraphIsNamed(file: String, line: String, says: String) throws {
        let walk = try ShortWalk(extra: "knowledge:\n  graph: graph")
        let graph = walk.directory + "/graph"
        try FileManager.default.copyItem(atPath: Program.root + "/Recipes/quickstart/knowledge", toPath: graph)
        var text = try String(contentsOfFile: graph + "/" + file, encoding: .utf8)
        text += line == "CYCLE" ? try Self.reversedParent(in: text) : line + "\n"
        try text.write(toFile: graph + "/" + file, atomically: true, encoding: .utf8)
        let outcome = try walk.train()
        #expect(outcome.code == 3)
        #expect(outcome.errors.contains(says), "\(outcome.errors)")
    }

    /// The first `is_a` triple the other way round, which closes a cycle.
    private static func reversedParent(in triples: String) throws -> String {
        let line = try #require(triples.split(separator: "\n").first { $0.contains("\tis_a\t") })
        var columns = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
        columns.swapAt(0, 2)
        return columns.joined(separator: "\t") + "\n"
    }

    @Test func anUnauthorisedBackendIsNamed() throws {
        let walk = try ShortWalk()
        let server = try Program.Running(
            ["serve", Program.root + "/Recipes/quickstart/base", "--port", "0", "--checkpoints", "served"],
            in: walk.directory, environment: ["TINKER_API_KEY": "tml-right"])
        defer {
            server.send(SIGTERM)
            _ = server.wait()
        }
        let address = try waitForAddress(in: walk.directory)
        let client = try ShortWalk(
            extra: """
                backend:
                  kind: tinker
                  url: \(address)
                  api_key_env: WALK_KEY
                model:
                  tokenizer: \(Program.root)/Recipes/quickstart/base
                """)
        let outcome = try Program.run(
            ["train", "walk.yaml"], in: client.directory, environment: ["WALK_KEY": "tml-wrong"])
        #expect(outcome.code == 4, "\(outcome.errors)")
        #expect(outcome.errors.contains("WALK_KEY"), "\(outcome.errors)")
        #expect(!outcome.errors.contains("tml-wrong"))
    }

    @Test func aRolloutFleetThatIsNotThereLeavesNoRun() throws {
        let walk = try ShortWalk(extra: "sampler:\n  kind: vllm\n  urls: [http://127.0.0.1:9, http://127.0.0.1:7]")
        for command in ["train", "doctor"] {
            let outcome = try Program.run([command, "walk.yaml"], in: walk.directory)
            #expect(outcome.code == 4)
            for says in ["http://127.0.0.1:9", "http://127.0.0.1:7", "sampler.urls"] {
                #expect(outcome.errors.contains(says), "\(outcome.errors)")
            }
        }
        #expect(!walk.exists("recipe.yaml"))
    }

    private func waitForAddress(in directory: String) throws -> String {
        for _ in 0..<60_000 {
            let text = (try? String(contentsOfFile: directory + "/stdout.txt", encoding: .utf8)) ?? ""
            if let line = text.split(separator: "\n").first(where: { $0.hasPrefix("TINKER_BASE_URL=") }) {
                return String(line.dropFirst("TINKER_BASE_URL=".count))
            }
            Thread.sleep(forTimeInterval: 0.01)
        }
        throw CancellationError()
    }
}
