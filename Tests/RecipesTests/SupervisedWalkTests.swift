import Backends
import Foundation
import Primitives
import Storage
import Synchronization
import Testing

@testable import Recipes
@testable import Training

/// Supervised runs from files on the embedded backend, with real gradients.
@Suite struct SupervisedWalkTests {
    private final class Watcher: StageReporter {
        let stop = StopSignal()
        let stopAfter: Int?
        private let texts = Mutex<[String]>([])
        var notices: [String] { texts.withLock { $0 } }

        init(stopAfter: Int? = nil) { self.stopAfter = stopAfter }

        func noticed(_ notice: String) { texts.withLock { $0.append(notice) } }
        func stepFinished(_ metrics: StepMetrics, of total: Int) { if metrics.step == stopAfter { stop.request() } }
    }

    private let fixture: SupervisedFixture
    private let graph: String
    private let graphs: RefinementFixture

    init() async throws {
        fixture = try SupervisedFixture()
        graphs = try await RefinementFixture()
        graph = graphs.root + "/graph"
        try fixture.write((0..<9).map { SupervisedFixture.line($0) }, to: "train.jsonl")
        try fixture.write((20..<23).map { SupervisedFixture.line($0) }, to: "more.jsonl.zst")
    }

    private static let sft = """
          epochs: 1.5
          batch_size: 4
          bucket_batches: 2
          batch_tokens: 60
          evaluation_share: 0.2
          evaluation_loss_every: 1
          sample_every: 3
          samples: 2
          sample_tokens: 4
          optimizer: {learning_rate: 0.02, warmup_steps: 0}
          dataset: {files: [train.jsonl, more.jsonl.zst]}
        """

    private func run(_ watcher: Watcher, sft: String = sft) throws -> TrainingRun {
        TrainingRun(recipe: try fixture.recipe(graph: graph, sft: sft), stop: watcher.stop, reporter: watcher)
    }

    @Test func aRunFromFilesIsStoppedResumedAndComplete() async throws {
        let reference = try await run(Watcher()).start()
        // 12 examples, 3 of them held out: 9 in batches of 4 are 3 steps, and 1.5 epochs 5.
        #expect(reference.rows.map(\.step) == [0, 1, 2, 3, 4, 5])
        let losses = try reference.rows.map { try #require($0["eval/loss"]) }
        #expect(losses[5] < losses[0])
        let whole = fixture.root + "/whole"
        try FileManager.default.moveItem(atPath: fixture.root + "/run", toPath: whole)

        await #expect(throws: TrainingError.self) { _ = try await run(Watcher(stopAfter: 3)).start() }
        let resumed = try await run(Watcher()).resume()
        #expect(!resumed.wasComplete)
        #expect(resumed.rows.map(\.reproduciblePart) == reference.rows.map(\.reproduciblePart))
        for file in [
            "model/model.safetensors", "evaluations/000000.sft.samples.jsonl", "evaluations/000003.sft.samples.jsonl",
        ] {
            #expect(try FileStore.read(fixture.root + "/run/" + file) == FileStore.read(whole + "/" + file), "\(file)")
        }
        let again = try await run(Watcher()).resume()
        #expect(again.wasComplete && again.rows == resumed.rows)
    }

    @Test func anEarlyStopCompletesTheRun() async throws {
        let sft =
            Self.sft.replacing("epochs: 1.5", with: "epochs: 40").replacing("0.02", with: "0")
            + "\n  early_stop: {patience: 2, minimum_improvement: 0.001}"
        let watcher = Watcher()
        // Without learning the loss stays what it is.
        let started = try await run(watcher, sft: sft).start()
        #expect(started.rows.map(\.step) == [0, 1, 2])
        #expect(watcher.notices.contains { $0.contains("ends early, after step 2 of 120") })
        let resumed = try await run(Watcher(), sft: sft).resume()
        #expect(resumed.wasComplete && resumed.rows == started.rows)
    }

    @Test func aChangedFileIsRefused() async throws {
        await #expect(throws: TrainingError.self) { _ = try await run(Watcher(stopAfter: 1)).start() }
        try fixture.write((1..<10).map { SupervisedFixture.line($0) }, to: "train.jsonl")
        await #expect {
            _ = try await run(Watcher()).resume()
        } throws: { error in
            guard case TrainingError.inputChanged(_, let name, _, _) = error else { return false }
            return name == "sft.dataset.files[0]"
        }
    }

    @Test func badLinesAndTooLongExamplesLeaveNoRunBehind() async throws {
        try fixture.write([SupervisedFixture.line(1), SupervisedFixture.line(2, words: 200), "["], to: "train.jsonl")
        await #expect {
            _ = try await run(Watcher()).start()
        } throws: { error in
            "\(error)".contains("train.jsonl:2: ")
                && "\(error)".contains("the model has \(SupervisedFixture.positions) positions")
                && "\(error)".contains("train.jsonl:3: ")
        }
        #expect(!FileStore.exists(fixture.root + "/run"))
    }

    /// The longest example that the limit allows is one that the backend takes.
    @Test func examplesCutToTheModelsPositionsAreTrained() async throws {
        try fixture.write((0..<3).map { SupervisedFixture.line($0, words: 200) }, to: "train.jsonl")
        let sft = "  steps: 1\n  batch_size: 3\n  dataset: {files: [train.jsonl], too_long: cut}"
        let watcher = Watcher()
        let result = try await run(watcher, sft: sft).start()
        #expect(result.rows.last?["tokens/total"] == Double(3 * SupervisedFixture.positions))
        #expect(watcher.notices.contains { $0.contains("3 cut, 0 dropped") })
    }

    @Test func thePlanTellsStepsAndExamples() async throws {
        let text = try await RunPlan.text(of: fixture.recipe(graph: graph, sft: Self.sft))
        #expect(text.contains("sft   5 steps of 4 examples\nsft.dataset: 12 examples to train on, "))
    }

    @Test func packingIsAnnouncedAndBounded() async throws {
        let packed = Self.sft + "\n  packing: concatenate\n  pack_tokens: "
        let watcher = Watcher()
        let result = try await run(watcher, sft: packed + "80").start()
        #expect(watcher.notices.contains { $0.contains("later ones see the earlier ones") })
        #expect(result.rows.dropFirst().contains { ($0["sequences/packed"] ?? 9) < ($0["sequences"] ?? 0) })
    }

    @Test func aPackedSequenceThatTheModelCannotHoldIsRefused() async throws {
        let sft = Self.sft + "\n  packing: concatenate\n  pack_tokens: 162"
        await #expect {
            _ = try await run(Watcher(), sft: sft).start()
        } throws: { error in
            error is RecipeError && "\(error)".contains("sft.pack_tokens is 162, expected at most 161")
        }
        #expect(!FileStore.exists(fixture.root + "/run"))
    }

    /// The teacher's demonstrations come after the files' examples, where the recipe asks for both.
    @Test(arguments: [true, false]) func filesAndDemonstrationsAreCombinedWhereAsked(isAsked: Bool) async throws {
        let sft = Self.sft.replacing("more.jsonl.zst]", with: "more.jsonl.zst], demonstrations: \(isAsked)")
        let recipe = try fixture.recipe(graph: graph, sft: sft, supervisedQuestions: 2)
        let section = try #require(recipe.supervised)
        #expect(section.needsDemonstrations == isAsked)
        try await Workbench.with(recipe) { bench in
            let shown = isAsked ? try await bench.trajectories() : nil
            #expect((shown?.examples.count ?? 0) == (isAsked ? 2 : 0))
            let data = try bench.supervisedData(section, shown)
            #expect(data.training.count + data.heldOut.count == 12 + (shown?.examples.count ?? 0))
            #expect(data.heldOut.count == 3)
            let files = try #require(bench.dataset).training
            let all = Set((data.training + data.heldOut).map(\.tokens))
            #expect(files.allSatisfy { all.contains($0.tokens) })
        }
    }

    // MARK: Gradients

    /// After one optimizer step on the whole batch and on its parts the weights are the same but for rounding.
    @Test func accumulatedGradientsAreThoseOfTheUndividedBatch() async throws {
        let recipe = try fixture.recipe(graph: graph, sft: Self.sft)
        let data = try await SupervisedDataset(
            fixture.section("files: [\(fixture.root)/train.jsonl]"), encoder: fixture.encoder())
        let optimizer = AdamParameters(learningRate: 0.01)
        let probe = data.training.map { Datum(supervised: $0.tokens, weights: $0.weights) }
        var results: [(norm: Double, logprobs: [Float])] = []
        for (index, division) in [MicroBatching.whole, .parts(3), .tokens(50)].enumerated() {
            let connection = try await BackendConnection.open(
                recipe,
                directories: .init(model: recipe.model.base, checkpoints: fixture.root + "/checkpoints-\(index)"),
                profile: .embedded, notice: { _ in })
            let trainer = connection.policyTrainer
            let batch = SupervisedBatch(data.training, microBatching: division)
            #expect((batch.passes.count > 1) == (division != .whole))
            var norm: Double?
            if division == .whole {
                norm = try await trainer.trainStep(batch.passes[0], loss: .crossEntropy, optimizer: optimizer)
                    .gradientNorm
            } else {
                for pass in batch.passes {
                    _ = try await trainer.forwardBackward(pass, loss: .crossEntropy, ofTotal: data.training.count)
                }
                norm = try await trainer.optimizerStep(optimizer).gradientNorm
            }
            let logprobs = try await trainer.forward(probe).flatMap { $0 }
            await connection.close()
            results.append((try #require(norm), logprobs))
        }
        for result in results.dropFirst() {
            #expect(abs(result.norm - results[0].norm) < 1e-5 * results[0].norm)
            let distance = zip(result.logprobs, results[0].logprobs).map { abs($0 - $1) }.max() ?? 1
            #expect(distance < 1e-4)
        }
        #expect(results[0].norm > 0)
    }
}
