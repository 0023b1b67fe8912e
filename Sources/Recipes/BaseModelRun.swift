import Backends
import EmbeddedBackend
import Knowledge
import Primitives
import Reporting
import Storage
import Synthesis
import Tokenizers
import Training

/// Makes a base model: a byte-pair vocabulary and random weights, then reading tasks over fictional worlds.
struct BaseModelRun: Sendable {
    private let recipe: Recipe
    private let section: PretrainingSection
    private let writer: ReadingTaskWriter
    private let graph: KnowledgeGraph
    private let stop: StopSignal
    private let reporter: any StageReporter

    /// Texts that the vocabulary is learnt from.
    private static let vocabularyTexts = 6000
    private static let spacedWords = 64
    /// The share of recitations after the first steps.
    private static let recitationShare = 0.1
    private static let endOfText = "<|endoftext|>"
    private static let addedTokens: [(token: String, special: Bool)] = [
        (endOfText, true), ("<|im_start|>", true), ("<|im_end|>", true), ("<tool_call>", false),
        ("</tool_call>", false),
        ("<tool_response>", false), ("</tool_response>", false), ("<think>", false), ("</think>", false),
    ]
    /// The wording of the chat format around names, so that the vocabulary spends few tokens on it; no text is made of it.
    private static let conversationFrame = #"""
        user
        X
        assistant

        Find the X.


        {"name": "search", "arguments": {"query": "X"}}
        Found.
        <answer>X</answer>
        """#
    /// The weight of the loss on the end of a text.
    private static let endWeight: Float = 0.1

    init(_ recipe: Recipe, stop: StopSignal, reporter: any StageReporter) throws {
        guard let section = recipe.pretraining else {
            throw TrainingError.invalidConfiguration("the recipe has no section `pretraining`")
        }
        self.recipe = recipe
        self.section = section
        self.stop = stop
        self.reporter = reporter
        graph = try KnowledgeGraph.load(directory: recipe.knowledge.graph)
        writer = ReadingTaskWriter(
            shape: GraphShape(of: graph), forbidden: FictionalWorld.forbiddenNames(of: graph))
    }

    func start() async throws -> TrainingRun.Result {
        let run = try await RunDirectory.create(at: recipe.runDirectory, description: description)
        return try await finish(run)
    }

    func resume() async throws -> TrainingRun.Result {
        let run = try await RunDirectory.open(at: recipe.runDirectory, description: description)
        for notice in await run.notices { reporter.noticed(notice) }
        return try await finish(run)
    }

    private var description: RunDescription {
        RunDescription(
            name: recipe.name, recipe: recipe.resolvedYAML,
            inputs: [.init(name: "knowledge", sha256: graph.digest)], toolVersion: ToolVersion.current)
    }

    private func finish(_ run: RunDirectory) async throws -> TrainingRun.Result {
        do {
            let isComplete = await run.isComplete(stages: [.pretraining])
            if !isComplete { try await train(run) }
            try await writeModel(of: run, mayBeWritten: isComplete)
            let rows = try MetricsFile.read(run.layout.metrics)
            await run.close()
            return TrainingRun.Result(directory: run.path, rows: rows, wasComplete: isComplete)
        } catch {
            await run.close()
            throw error
        }
    }

    /// - Parameter mayBeWritten: whether the training ended in an earlier process; one that was killed between the last
    ///   manifest and the model's last file leaves the model to the next one.
    private func writeModel(of run: RunDirectory, mayBeWritten: Bool) async throws {
        guard let manifest = await run.latest else { return }
        let initial = Self.initialModel(of: run)
        let model = FinishedModel(
            manifest: manifest, layout: run.layout, base: initial, tokenizer: initial + "/tokenizer.json")
        if mayBeWritten, try await model.isWritten(to: section.output) { return }
        try await model.write(to: section.output)
        reporter.noticed("the base model is in \(section.output)")
    }

    private static func initialModel(of run: RunDirectory) -> String { run.layout.root + "/initial" }

    private func train(_ run: RunDirectory) async throws {
        let initial = Self.initialModel(of: run)
        if !FileStore.exists(initial + "/config.json") { try makeInitialModel(initial) }
        let tokenizer = try Tokenizer.load(path: initial + "/tokenizer.json")
        let directories = BackendConnection.Directories(model: initial, checkpoints: run.layout.checkpoints)
        let reporter = reporter
        let profile = try await BackendFit.profile(recipe, directories: directories) { reporter.noticed($0) }
        let attempts = TrainingAttempts(
            recipe: recipe, run: run, directories: directories, profile: profile, stop: stop, reporter: reporter)
        try await attempts.train { context in
            let stage = try SFTStage(
                stage: .pretraining,
                configuration: SFTConfiguration(
                    steps: section.steps, schedule: section.optimizer.schedule(steps: section.steps),
                    optimizer: section.optimizer.adam),
                source: examples(tokenizer))
            _ = try await stage.run(in: context)
        }
    }

    private func makeInitialModel(_ directory: String) throws {
        reporter.noticed("learning a vocabulary of \(section.vocabularySize) tokens")
        let texts =
            try writer.vocabularyText(count: Self.vocabularyTexts, seed: recipe.seed)
            + [String](repeating: Self.conversationFrame, count: Self.vocabularyTexts)
        let file = BytePairTrainer.train(
            texts: texts, vocabularySize: section.vocabularySize, addedTokens: Self.addedTokens,
            spacedWords: Self.spacedWords)
        let tokenizer = try Tokenizer(json: file)
        let shape = DecoderConfiguration(
            vocabularySize: tokenizer.vocabularySize, hiddenSize: section.hiddenSize,
            intermediateSize: section.intermediateSize, layerCount: section.layers, headCount: section.heads,
            keyValueHeadCount: section.keyValueHeads, headSize: section.headSize, ropeTheta: section.ropeTheta,
            maximumPositions: section.maximumPositions,
            endOfTextToken: Int(tokenizer.tokenID("<|im_end|>") ?? 0))
        let weights = DecoderWeights.random(shape, seed: recipe.seed, copying: true)
        try FileStore.createDirectory(directory)
        try FileStore.writeAtomically(file.serialized(), to: directory + "/tokenizer.json")
        try weights.save(directory: directory)
        reporter.noticed("base model: \(weights.count) parameters")
    }

    /// The reading tasks as an endless stream of token sequences.
    private func examples(_ tokenizer: Tokenizer) -> ExampleStream {
        let (writer, seed, limit) = (writer, recipe.seed, section.maximumPositions)
        let end = tokenizer.tokenID(Self.endOfText)
        let recitations = section.recitationSteps * section.batchSize
        return ExampleStream(batchSize: section.batchSize) { index in
            var kind = CounterRandom(seed: seed, stage: .pretraining, step: index, group: 4)
            if index < recitations || kind.uniform() < Self.recitationShare {
                return Self.recitation(index: index, vocabularySize: tokenizer.vocabularySize, seed: seed)
            }
            var tokens: [TokenID] = []
            var weights: [Float] = []
            for segment in try writer.task(index: index, seed: seed).segments {
                let encoded = tokenizer.encodePlainText(segment.text)
                tokens += encoded
                weights += [Float](repeating: segment.weight, count: encoded.count)
            }
            if let end {
                tokens.append(end)
                weights.append(Self.endWeight)
            }
            return SupervisedSequence(tokens: Array(tokens.prefix(limit)), weights: Array(weights.prefix(limit)))
        }
    }

    /// Random tokens, a few others, and the first ones again, which alone count. Half of the recitations use few different
    /// tokens, so that one token does not tell what follows.
    private static func recitation(index: Int, vocabularySize: Int, seed: UInt64) -> SupervisedSequence {
        var random = CounterRandom(seed: seed, stage: .pretraining, step: index, group: 3)
        let isNarrow = random.uniform() < 0.5
        let alphabet = (0..<8 + random.integer(below: 24)).map { _ in random.integer(below: vocabularySize) }
        func tokens(_ count: Int) -> [TokenID] {
            (0..<count).map { _ in
                TokenID(isNarrow ? random.pick(alphabet) : random.integer(below: vocabularySize))
            }
        }
        let said = tokens(16 + random.integer(below: 48))
        let start = said + tokens(random.integer(below: 8))
        // What comes first cannot be foreseen.
        let weights = [Float](repeating: 0, count: start.count + 2) + [Float](repeating: 1, count: said.count - 2)
        return SupervisedSequence(tokens: start + said, weights: weights)
    }
}
