import Foundation
import Storage
import Synchronization
import Testing
import Training

@testable import Recipes

/// A base model that is made in one step.
@Suite struct BaseModelRunTests {
    private final class Notices: StageReporter {
        private let texts = Mutex<[String]>([])
        var all: [String] { texts.withLock { $0 } }
        func noticed(_ notice: String) { texts.withLock { $0.append(notice) } }
    }

    private static let graph = {
        var root = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { root.deleteLastPathComponent() }
        return root.appendingPathComponent("Recipes/quickstart/knowledge").path
    }()

    private static func recipe(_ directory: String) throws -> Recipe {
        let text = """
            name: smallest
            backend: {kind: embedded, probe: false, threads: 1}
            knowledge: {graph: \(graph)}
            pretraining:
              vocabulary_size: 300
              hidden_size: 8
              intermediate_size: 8
              layers: 1
              heads: 1
              key_value_heads: 1
              head_size: 8
              maximum_positions: 64
              steps: 1
              batch_size: 1
              output: \(directory)/model
            """
        return try Recipe(
            try RecipeNode.parse(text, source: directory + "/smallest.yaml"),
            paths: RecipePaths(destination: directory + "/run"))
    }

    /// A process that is killed between the last manifest and the model's last file leaves some of these behind.
    private static let remains: [(name: String, spoil: @Sendable (_ output: String) throws -> Void)] = [
        ("nothing", { try FileStore.remove($0) }),
        ("no tokenizer", { try FileStore.remove($0 + "/tokenizer.json") }),
        ("no weights", { try FileStore.remove($0 + "/model.safetensors") }),
        ("an earlier model", { try FileStore.writeAtomically(Array("earlier".utf8), to: $0 + "/model.safetensors") }),
        ("an earlier tokenizer", { try FileStore.writeAtomically(Array("{}".utf8), to: $0 + "/tokenizer.json") }),
    ]

    @Test func resumeWritesTheModelThatACrashLeftOut() async throws {
        let directory = NSTemporaryDirectory() + "medresearcher-base-\(UUID().uuidString)"
        defer { try? FileStore.remove(directory) }
        try FileStore.createDirectory(directory)
        let recipe = try Self.recipe(directory)
        let output = directory + "/model"
        let started = try await TrainingRun(recipe: recipe, stop: StopSignal(), reporter: SilentReporter()).start()
        #expect(!started.wasComplete)
        let files = ["config.json", "model.safetensors", "tokenizer.json"]
        let written = try files.map { try FileStore.read(output + "/" + $0) }

        for (name, spoil) in Self.remains {
            try spoil(output)
            let notices = Notices()
            let resumed = try await TrainingRun(recipe: recipe, stop: StopSignal(), reporter: notices).resume()
            #expect(resumed.wasComplete && resumed.rows == started.rows, "\(name): nothing is trained again")
            #expect(try files.map { try FileStore.read(output + "/" + $0) } == written, "\(name)")
            #expect(notices.all.contains("the base model is in \(output)"), "\(name)")
        }
        let notices = Notices()
        _ = try await TrainingRun(recipe: recipe, stop: StopSignal(), reporter: notices).resume()
        #expect(
            !notices.all.contains { $0.hasPrefix("the base model is in") }, "a model that is there is not written again"
        )
    }
}
