import Foundation
import Reporting
import Training

/// A recipe that goes the whole way in a few seconds, in a directory of its own that is removed at the end.
final class ShortWalk {
    let directory: String
    private let extra: String

    /// - Parameter extra: lines laid over the recipe, through a second file that extends it.
    init(extra: String = "") throws {
        self.extra = extra
        directory = NSTemporaryDirectory() + "medresearcher-walk-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        try Self.recipe.write(toFile: directory + "/short.yaml", atomically: true, encoding: .utf8)
        try ("extend: short.yaml\n" + extra).write(
            toFile: directory + "/walk.yaml", atomically: true, encoding: .utf8)
    }

    deinit { try? FileManager.default.removeItem(atPath: directory) }

    static let recipe = """
        name: walk
        seed: 7
        model:
          base: \(Program.root)/Recipes/quickstart/base
        backend:
          kind: embedded
          threads: 2
        knowledge:
          graph: \(Program.root)/Recipes/quickstart/knowledge
        synthesis:
          held_out_questions: 16
          supervised_questions: 12
        agent:
          turns: 4
          episode_tokens: 384
          concurrency: 16
        sft:
          steps: 3
          batch_size: 4
          optimizer:
            learning_rate: 2.0e-3
        rl:
          steps: 3
          groups_per_step: 3
          group_size: 4
          evaluate_every: 2
        evaluation:
          questions: 6
        checkpoints:
          every: 1
        """

    func train(_ arguments: [String] = []) throws -> Program.Outcome {
        try Program.run(["train", "walk.yaml"] + arguments, in: directory)
    }

    func start() throws -> Program.Running { try Program.Running(["train", "walk.yaml"], in: directory) }

    func resume() throws -> Program.Outcome { try Program.run(["resume", "Runs/walk"], in: directory) }

    /// Starts again where a kill came before there was anything to resume.
    func continueToTheEnd() throws -> Program.Outcome {
        let resumed = try resume()
        guard resumed.code == 3, resumed.errors.contains("holds no run") else { return resumed }
        try? FileManager.default.removeItem(atPath: directory + "/Runs/walk")
        return try train()
    }

    func contents(_ name: String, run: String = "walk") throws -> Data {
        try Data(contentsOf: URL(fileURLWithPath: directory + "/Runs/\(run)/" + name))
    }

    func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: directory + "/Runs/walk/" + name) }

    /// The rows of `metrics.jsonl` without what depends on the clock.
    func metrics() throws -> [StepMetrics] {
        try MetricsFile.read(directory + "/Runs/walk/metrics.jsonl").map(\.reproduciblePart)
    }
}
