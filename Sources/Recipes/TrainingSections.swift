import Evaluation
import Training

/// How the learning rate moves over a stage.
public enum LearningRateShape: String, CaseIterable, Sendable { case constant, linear, cosine }

/// The learning rate and its course; shared by all stages.
public struct OptimizerSection: Sendable {
    public var learningRate: Double
    public var shape: LearningRateShape
    public var warmupSteps: Int
    /// The learning rate at the end, as a fraction of the peak.
    public var finalFraction: Double
    public var beta1: Double
    public var beta2: Double
    public var epsilon: Double
    public var weightDecay: Double
    public var gradientClipNorm: Double

    init(_ section: RecipeSection, learningRate rate: Double, beta2 second: Double, clip: Double) {
        learningRate = section.number("learning_rate", default: rate, in: 0...1)
        shape = section.choice("schedule", default: LearningRateShape.cosine) ?? .cosine
        warmupSteps = section.integer("warmup_steps", default: 5, in: 0...1_000_000)
        finalFraction = section.number("final_fraction", default: 0.1, in: 0...1)
        beta1 = section.number("beta1", default: 0.9, in: 0...0.99999)
        beta2 = section.number("beta2", default: second, in: 0...0.99999)
        epsilon = section.number("epsilon", default: 1e-8, in: 0...1)
        weightDecay = section.number("weight_decay", default: 0, in: 0...10)
        gradientClipNorm = section.number("gradient_clip_norm", default: clip, in: 0...1e9)
        section.finish()
    }
}

public struct ReinforcementSection: Sendable {
    /// What becomes of a group of which an episode could not be played to its end.
    public enum IncompleteGroups: String, CaseIterable, Sendable {
        /// The others train.
        case keep
        case drop
    }

    public var steps: Int
    public var groupsPerStep: Int
    public var groupSize: Int
    public var temperature: Double
    public var evaluateEvery: Int
    /// Optimizer steps per step.
    public var substeps: Int
    public var async: AsyncSection
    public var curriculum: CurriculumConfiguration
    public var objective: ObjectiveSection
    public var reward: RewardSection
    public var failures: FailurePolicy
    public var optimizer: OptimizerSection

    /// - Parameter concurrency: `agent.concurrency`.
    init(_ section: RecipeSection, clip: Double, concurrency: Int) {
        steps = section.integer("steps", default: 40, in: 1...10_000_000)
        groupsPerStep = section.integer("groups_per_step", default: 16, in: 1...100_000)
        groupSize = section.integer("group_size", default: 8, in: 2...100_000)
        temperature = section.number("temperature", default: 1, in: 0...10)
        evaluateEvery = section.integer("evaluate_every", default: 10, in: 0...1_000_000)
        substeps = section.optionalInteger("substeps", in: 1...1000) ?? 1
        async = AsyncSection(section, groupsPerStep: groupsPerStep, concurrency: concurrency)
        curriculum =
            section.optionalSection("curriculum").map { CurriculumSection($0).configuration }
            ?? CurriculumConfiguration()
        objective = ObjectiveSection(section)
        reward = RewardSection(section.section("reward"))
        let failures = section.section("failures")
        self.failures = FailurePolicy(
            attempts: failures.integer("attempts", default: 2, in: 1...100),
            keepsPartialGroups: failures.choice("incomplete_groups", default: IncompleteGroups.keep) != .drop,
            maximumShare: failures.number("maximum_share", default: 0.5, in: 0...1))
        failures.finish()
        optimizer = OptimizerSection(section.section("optimizer"), learningRate: 5e-4, beta2: 0.98, clip: clip)
        section.finish()
        objective.check(section, groupSize: groupSize, substeps: substeps, reward: reward)
        let problem = async.overlap.streamingProblem(
            groupsPerStep: groupsPerStep, substeps: substeps, samplesDynamically: async.maximumCandidates != nil,
            replays: curriculum.replay != nil, isGroupLocal: objective.objective(keepsPartialGroups: true).isGroupLocal)
        if let problem { section.reader.complain(section.place(of: "async"), problem + "; leave one of them out") }
    }
}

/// How a base model is made: a tokenizer, random weights, and reading tasks over fictional worlds.
public struct PretrainingSection: Sendable {
    public var vocabularySize: Int
    public var hiddenSize: Int
    public var intermediateSize: Int
    public var layers: Int
    public var heads: Int
    public var keyValueHeads: Int
    public var headSize: Int
    public var maximumPositions: Int
    public var ropeTheta: Double
    public var steps: Int
    /// The first steps, on random tokens said twice instead of texts; they wake the copying circuit.
    public var recitationSteps: Int
    public var batchSize: Int
    /// Where the finished model goes.
    public var output: String
    public var optimizer: OptimizerSection

    init(_ section: RecipeSection) {
        vocabularySize = section.integer("vocabulary_size", default: 1024, in: 300...1_000_000)
        hiddenSize = section.integer("hidden_size", default: 128, in: 8...65_536)
        intermediateSize = section.integer("intermediate_size", default: 384, in: 8...1_000_000)
        layers = section.integer("layers", default: 4, in: 1...1000)
        heads = section.integer("heads", default: 4, in: 1...1000)
        keyValueHeads = section.integer("key_value_heads", default: 2, in: 1...1000)
        headSize = section.integer("head_size", default: 32, in: 2...1024)
        maximumPositions = section.integer("maximum_positions", default: 1024, in: 32...1_000_000)
        ropeTheta = section.number("rope_theta", default: 1_000_000, in: 1...1e12)
        steps = section.integer("steps", default: 4000, in: 1...100_000_000)
        recitationSteps = section.integer("recitation_steps", default: 150, in: 0...1_000_000)
        batchSize = section.integer("batch_size", default: 32, in: 1...100_000)
        output = section.file("output")
        optimizer = OptimizerSection(section.section("optimizer"), learningRate: 2e-3, beta2: 0.98, clip: 1)
        section.finish()
        if heads % keyValueHeads != 0 {
            section.reader.complain(section.place, "pretraining.heads must be a multiple of key_value_heads")
        }
        if headSize % 2 != 0 {
            section.reader.complain(section.place, "pretraining.head_size must be even, found \(headSize)")
        }
    }
}
