import Backends
import EmbeddedBackend
import Evaluation
import Reporting
import Storage
import Synthesis
import Training

/// A recipe's run from start to end: synthesise → SFT → GRPO → curve; or the rest of one that was interrupted.
public struct TrainingRun: Sendable {
    /// What a run left behind.
    public struct Result: Sendable {
        public var directory: String
        /// All rows of `metrics.jsonl`.
        public var rows: [StepMetrics]
        /// Whether there was anything left to do.
        public var wasComplete: Bool
    }

    private let recipe: Recipe
    private let stop: StopSignal
    private let reporter: any StageReporter

    public init(recipe: Recipe, stop: StopSignal, reporter: any StageReporter) {
        self.recipe = recipe
        self.stop = stop
        self.reporter = reporter
    }

    /// Starts a new run.
    public func start() async throws -> Result {
        guard !recipe.stages.isEmpty else { throw recipe.trainsNothing }
        if recipe.pretraining != nil { return try await BaseModelRun(recipe, stop: stop, reporter: reporter).start() }
        guard !FileStore.exists(recipe.runDirectory) else { throw TrainingError.runExists(path: recipe.runDirectory) }
        return try await Workbench.with(recipe) { bench in
            // Before anything is written: a recipe that does not fit its backend, or whose fleet is not there, should leave
            // no run behind.
            _ = try await recipe.sampler.fleetReport(recipe)
            let profile = try await backendProfile()
            let run = try await RunDirectory.create(at: recipe.runDirectory, description: try description(bench))
            return try await finish(run, bench, profile: { profile })
        }
    }

    /// Continues from the newest manifest that verifies.
    public func resume() async throws -> Result {
        if recipe.pretraining != nil { return try await BaseModelRun(recipe, stop: stop, reporter: reporter).resume() }
        return try await Workbench.with(recipe) { bench in
            let checkpoints = EmbeddedCheckpoints(directory: RunLayout(root: recipe.runDirectory).checkpoints)
            let isEmbedded = recipe.backend.kind == .embedded
            let run = try await RunDirectory.open(at: recipe.runDirectory, description: try description(bench)) {
                isEmbedded ? checkpoints.problem(with: $0) : nil
            }
            for notice in await run.notices { reporter.noticed(notice) }
            return try await finish(run, bench, profile: { try await backendProfile() })
        }
    }

    private var directories: BackendConnection.Directories {
        .init(model: recipe.model.base, checkpoints: RunLayout(root: recipe.runDirectory).checkpoints)
    }

    private func backendProfile() async throws -> ProfileRecord {
        let reporter = reporter
        return try await BackendFit.profile(recipe, directories: directories) { reporter.noticed($0) }
    }

    private func description(_ bench: Workbench) throws -> RunDescription {
        RunDescription(
            name: recipe.name, recipe: recipe.resolvedYAML,
            inputs: try bench.inputs() + ReferenceManifest.inputs(of: recipe),
            toolVersion: ToolVersion.current)
    }

    private func finish(
        _ run: RunDirectory, _ bench: Workbench, profile: () async throws -> ProfileRecord
    ) async throws -> Result {
        do {
            let isComplete = await run.isComplete(stages: recipe.stages)
            if !isComplete { try await train(run, bench, profile: profile()) }
            // A process that was killed between the last manifest and the model's last file leaves it to the next one.
            let hasModel = isComplete && FileStore.exists(RunReport.modelPath(run.layout) + "/tokenizer.json")
            if !hasModel, recipe.backend.kind == .embedded, let manifest = await run.latest {
                let model = FinishedModel(
                    manifest: manifest, layout: run.layout, base: recipe.model.base, tokenizer: bench.tokenizerFile)
                try await model.write(to: RunReport.modelPath(run.layout))
            }
            let rows = try MetricsFile.read(run.layout.metrics)
            try RunReport.write(rows, run: run.layout, name: recipe.name)
            await run.close()
            return Result(directory: run.path, rows: rows, wasComplete: isComplete)
        } catch {
            if let rows = try? MetricsFile.read(run.layout.metrics) {
                try? RunReport.write(rows, run: run.layout, name: recipe.name)
            }
            await run.close()
            throw error
        }
    }

    private func train(_ run: RunDirectory, _ bench: Workbench, profile: ProfileRecord) async throws {
        let trajectories = try await prepareDataset(run.layout, bench)
        let attempts = TrainingAttempts(
            recipe: recipe, run: run, directories: directories, profile: profile, stop: stop, reporter: reporter)
        try await attempts.train { context in
            if let section = recipe.supervised {
                let data = try bench.supervisedData(section, trajectories)
                _ = try await section.stage(data, bench: bench).run(in: context)
            }
            if let section = recipe.reinforcement {
                _ = try await section.stage(bench: bench).run(in: context)
            }
        }
        if let account = AgentTools.account(of: bench.tools) { reporter.noticed(account) }
    }

    /// Questions and trajectories, written once; both are functions of the recipe.
    /// - Returns: `nil` where nobody has to demonstrate, because the supervised stage reads its examples from files.
    private func prepareDataset(_ layout: RunLayout, _ bench: Workbench) async throws -> TrajectorySet? {
        for notice in recipe.supervised?.notices ?? [] { reporter.noticed(notice) }
        if let dataset = bench.dataset { reporter.noticed(dataset.summary) }
        guard recipe.supervised?.needsDemonstrations ?? true else {
            if !FileStore.exists(layout.dataset + "/" + QuestionSet.certificatesFile) {
                try bench.questions.write(directory: layout.dataset, graph: bench.graph)
                reporter.noticed(bench.questions.summary)
            }
            return nil
        }
        let trajectories = try await bench.trajectories()
        if recipe.supervised != nil && trajectories.kept.isEmpty {
            let reasons = trajectories.rejectionCounts.map { "\($0.count) × \($0.kind)" }.joined(separator: ", ")
            throw TrainingError.invalidConfiguration(
                "the teacher earned no trajectory from \(bench.supervisedQuestions.count) questions (\(reasons)); "
                    + "raise synthesis.supervised_questions or agent.turns")
        }
        let marker = layout.dataset + "/supervised.jsonl.zst"
        if !FileStore.exists(marker) {
            try bench.questions.write(directory: layout.dataset, graph: bench.graph)
            try trajectories.write(directory: layout.dataset)
            reporter.noticed(bench.questions.summary)
            reporter.noticed(trajectories.summary)
        }
        return trajectories
    }
}
