import Backends
import EmbeddedBackend
import Evaluation
import Synthesis
import Tokenizers
import Training

/// What a supervised stage trains on and what it is measured on.
struct SupervisedData: Sendable {
    var training: [SupervisedSequence]
    var heldOut: [SupervisedSequence]

    /// - Parameter count: how many of the examples are held out besides.
    init(_ examples: [SupervisedSequence], heldOut: [SupervisedSequence], count: Int, seed: UInt64) {
        let split = HeldOutSplit.indices(of: examples.count, count: count, seed: seed)
        training = split.training.map { examples[$0] }
        self.heldOut = heldOut + split.heldOut.map { examples[$0] }
    }
}

extension SupervisedSection {
    /// Whether the teacher has to demonstrate.
    var needsDemonstrations: Bool { dataset?.includesDemonstrations ?? true }

    /// How many steps the stage has over so many examples.
    func stepCount(examples: Int) -> Int {
        steps > 0 ? steps : ShuffledExamples.steps(epochs: epochs, examples: examples, batchSize: batchSize)
    }

    func stage(_ data: SupervisedData, bench: Workbench) throws -> SFTStage {
        let source = try ShuffledExamples(
            examples: data.training, batchSize: batchSize, bucketBatches: bucketBatches, seed: bench.recipe.seed)
        let total = stepCount(examples: data.training.count)
        var plan: EvaluationPlan?
        if !bench.evaluationQuestions.isEmpty {
            plan = EvaluationPlan(
                evaluation: bench.evaluator(), every: evaluateEvery > 0 ? evaluateEvery : nil,
                includesInitialPolicy: true)
        }
        var configuration = SFTConfiguration(
            steps: total, schedule: optimizer.schedule(steps: total), optimizer: optimizer.adam, evaluation: plan)
        configuration.microBatching = microBatching
        configuration.packing = packing
        configuration.earlyStop = earlyStop
        if heldOut.exists {
            configuration.heldOutLoss = try HeldOutLoss(
                examples: data.heldOut, every: heldOut.every > 0 ? heldOut.every : source.stepsPerEpoch,
                batchSize: batchSize, microBatching: microBatching)
            configuration.samples = try samplePlan(data, bench)
        }
        return try SFTStage(configuration: configuration, source: source)
    }

    private func samplePlan(_ data: SupervisedData, _ bench: Workbench) throws -> SamplePlan? {
        guard heldOut.sampleEvery > 0 else { return nil }
        // A prompt that fills all positions leaves no room for an answer.
        let room = try bench.recipe.modelLimit().map { $0.tokens - 1 } ?? .max
        let prompts = data.heldOut.enumerated().lazy.compactMap { SamplePlan.Prompt(example: $0, $1) }
            .filter { $0.tokens.count < room }
        let (stop, tokenizer) = (bench.renderer.stop, bench.tokenizer)
        return SamplePlan(
            prompts: Array(prompts.prefix(heldOut.samples)), every: heldOut.sampleEvery,
            maximumTokens: heldOut.sampleTokens, stopTokens: stop.tokens, stopTexts: stop.texts,
            text: { tokenizer.decode($0) })
    }

    /// What a user should know though nothing forbids it.
    var notices: [String] {
        guard let packing else { return [] }
        return [
            "sft.packing: examples of up to \(packing.maximumTokens) tokens together are concatenated. No server of the Tinker "
                + "API can keep them apart, so that later ones see the earlier ones; weights and loss are exact. "
                + "sft.batch_tokens saves padding without that"
        ]
    }
}

extension Workbench {
    /// All examples of the supervised stage.
    /// - Parameter trajectories: the teacher's; `nil` where the recipe needs none.
    func supervisedData(_ section: SupervisedSection, _ trajectories: TrajectorySet?) throws -> SupervisedData {
        let examples = (dataset?.training ?? []) + (try trajectories.map { try self.examples($0) } ?? [])
        return SupervisedData(
            examples, heldOut: dataset?.heldOut ?? [], count: section.heldOut.count(of: examples.count),
            seed: recipe.seed)
    }
}

extension Recipe {
    /// Refuses packed sequences that the model cannot hold.
    func checkPacking() throws {
        guard let packing = supervised?.packing, let limit = try modelLimit(), packing.maximumTokens > limit.tokens
        else { return }
        throw RecipeError(problems: [
            .init(
                place: places["sft.pack_tokens"] ?? .init(source: name, line: 0),
                text: "sft.pack_tokens is \(packing.maximumTokens), expected at most \(limit.tokens): \(limit.reason)")
        ])
    }
}
