import Backends
import Evaluation
import Foundation
import Primitives
import Storage

@testable import Training

/// A whole run over fakes: a supervised stage, then a reinforcement stage, in a directory that survives launches.
struct SmallRun {
    static let supervisedSteps = 3
    static let reinforcementSteps = 4
    static let questions = (0..<5).map(FakeQuestion.init)

    let path: String
    let backend = FakeBackend()
    var recipe = "name: small\nseed: 7\n"
    var concurrency = 3
    var keepLast: Int?
    var environment = FakeEnvironment()
    var objective = PolicyObjective()
    var profile = BackendProfile.embedded
    var failures = FailurePolicy()
    /// Changes the reinforcement stage's settings.
    var configure: @Sendable (inout GRPOConfiguration) -> Void = { _ in }

    var description: RunDescription {
        RunDescription(
            name: "small", recipe: recipe, inputs: [.init(name: "graph", sha256: "abc")], toolVersion: "1.0")
    }

    /// Opens the run, or makes it where it has not been made yet.
    func directory(_ faults: FaultInjector = FaultInjector()) async throws -> RunDirectory {
        if FileStore.exists(path + "/recipe.yaml") {
            return try await RunDirectory.open(
                at: path, description: description,
                stateProblem: { [backend] reference in
                    backend.states.withLock { $0[reference] == nil } ? "it is gone" : nil
                }
            ) { path throws(StorageError) in try faults.point(path) }
        }
        try? FileManager.default.removeItem(atPath: path)
        return try await RunDirectory.create(at: path, description: description) { path throws(StorageError) in
            try faults.point(path)
        }
    }

    /// One launch of the tool; returns the trainer's final weights and how the stages ended.
    @discardableResult
    func launch(_ faults: FaultInjector = FaultInjector()) async throws -> (weights: UInt64, outcomes: [StageOutcome]) {
        let run = try await directory(faults)
        do {
            let result = try await launch(faults, in: run)
            await run.close()
            return result
        } catch {
            await run.close()
            throw error
        }
    }

    func launch(
        _ faults: FaultInjector, in run: RunDirectory
    ) async throws -> (weights: UInt64, outcomes: [StageOutcome]) {
        let trainer = FakeTrainer(backend: backend, faults: faults, profile: profile)
        let context = StageContext(
            run: run, trainer: trainer,
            checkpoints: CheckpointPolicy(
                every: 2, keepLast: keepLast,
                deleteState: { [backend] reference in
                    backend.states.withLock { $0[reference] = nil }
                    backend.deleted.withLock { $0.append(reference) }
                }), stop: faults.stop)
        let evaluator = Evaluator(
            environment: environment, questions: Array(Self.questions.prefix(2)), maximumConcurrency: 2, seed: 7)
        let supervised = try SFTStage(
            configuration: SFTConfiguration(
                steps: Self.supervisedSteps, schedule: LearningRateSchedule(peak: 0.01, totalSteps: 3),
                optimizer: AdamParameters(learningRate: 0),
                evaluation: EvaluationPlan(evaluation: evaluator, includesInitialPolicy: true)),
            source: ShuffledExamples(examples: Self.examples, batchSize: 2, seed: 7))
        var objective = objective
        objective.keepsPartialGroups = failures.keepsPartialGroups
        var configuration = GRPOConfiguration(
            steps: Self.reinforcementSteps, questionsPerStep: 2, groupSize: 3,
            inFlight: InFlightLimit(initial: concurrency, maximum: concurrency), objective: objective,
            schedule: LearningRateSchedule(shape: .linear, peak: 0.01, totalSteps: 4),
            optimizer: AdamParameters(learningRate: 0),
            evaluation: EvaluationPlan(evaluation: evaluator, every: 3), failures: failures, seed: 7)
        configure(&configuration)
        let reinforcement = try GRPOStage(
            configuration: configuration, environment: environment, questions: Self.questions)
        let outcomes = [try await supervised.run(in: context), try await reinforcement.run(in: context)]
        return (trainer.currentWeights, outcomes)
    }

    static let examples = (0..<5).map { number in
        SupervisedSequence(tokens: [1, 2, TokenID(number), 9], weights: [0, 0, 1, 1])
    }

    // MARK: What a launch left behind

    /// Everything in the directory that must not depend on crashes.
    func snapshot() throws -> Snapshot {
        func texts(_ directory: String) throws -> [String: String] {
            var texts: [String: String] = [:]
            for file in try FileStore.list(path + "/" + directory) {
                var bytes = try FileStore.read(path + "/" + directory + "/" + file)
                if file.hasSuffix(".zst") { bytes = try Zstandard.decompress(bytes) }
                texts[file] = String(decoding: bytes, as: UTF8.self)
            }
            return texts
        }
        let store = try ManifestStore(layout: RunLayout(root: path))
        return Snapshot(
            metrics: try rows().map { $0.reproduciblePart.json.text }, rollouts: try texts("rollouts"),
            evaluations: try texts("evaluations"),
            manifests: store.entries.map { entry in
                let manifest = entry.manifest
                return "\(manifest.sequence) \(manifest.fileName) \(manifest.isStageComplete) "
                    + "\(manifest.policyVersion) \(manifest.cursor.json.text)"
            }, groups: try FileStore.list(path + "/groups"))
    }

    func rows() throws -> [StepMetrics] {
        try JSONLines.read(path + "/metrics.jsonl").map { try StepMetrics(json: $0) }
    }

    struct Snapshot: Equatable {
        var metrics: [String]
        var rollouts: [String: String]
        var evaluations: [String: String]
        var manifests: [String]
        var groups: [String]
    }
}
