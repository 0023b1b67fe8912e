import Backends
import Evaluation

/// The settings of a reinforcement stage.
public struct GRPOConfiguration: Sendable {
    public var steps: Int
    public var questionsPerStep: Int
    /// Episodes per question.
    public var groupSize: Int
    public var temperature: Double
    /// How many episodes may be in flight. It decides how fast a run is, and nothing else.
    public var inFlight: InFlightLimit
    /// Rewards → advantages → datums.
    public var objective: PolicyObjective
    /// Optimizer steps per step, each on its own part of the step's groups.
    public var substeps: Int
    public var overlap: OverlapConfiguration
    /// How many candidates a step may have until `questionsPerStep` of them are informative; `nil`: those, as they are.
    public var maximumCandidates: Int?
    public var curriculum: CurriculumConfiguration
    public var schedule: LearningRateSchedule
    /// The optimizer's settings; the learning rate is taken from `schedule`.
    public var optimizer: AdamParameters
    public var evaluation: EvaluationPlan?
    /// What becomes of episodes that could not be played to their end.
    public var failures: FailurePolicy
    public var seed: UInt64

    public init(
        steps: Int, questionsPerStep: Int, groupSize: Int, temperature: Double = 1,
        inFlight: InFlightLimit = InFlightLimit(initial: 64, maximum: 64),
        objective: PolicyObjective = PolicyObjective(),
        substeps: Int = 1, overlap: OverlapConfiguration = OverlapConfiguration(), maximumCandidates: Int? = nil,
        curriculum: CurriculumConfiguration = CurriculumConfiguration(), schedule: LearningRateSchedule,
        optimizer: AdamParameters, evaluation: EvaluationPlan? = nil, failures: FailurePolicy = FailurePolicy(),
        seed: UInt64
    ) {
        self.steps = steps
        self.questionsPerStep = questionsPerStep
        self.groupSize = groupSize
        self.temperature = temperature
        self.inFlight = inFlight
        self.objective = objective
        self.substeps = substeps
        self.overlap = overlap
        self.maximumCandidates = maximumCandidates
        self.curriculum = curriculum
        self.schedule = schedule
        self.optimizer = optimizer
        self.evaluation = evaluation
        self.failures = failures
        self.seed = seed
    }

    func validate(questionCount: Int) throws(TrainingError) {
        for (name, value) in [
            ("number of steps", steps), ("number of questions per step", questionsPerStep),
            ("number of questions", questionCount), ("number of optimizer steps per step", substeps),
            ("number of minibatches", overlap.minibatches),
        ] where value <= 0 {
            throw .invalidConfiguration("stage rl: the \(name) is \(value); it must be positive")
        }
        guard groupSize >= 2 else {
            throw .invalidConfiguration(
                "stage rl: the group size is \(groupSize); a group needs at least 2 episodes to compare")
        }
        if let maximumCandidates, maximumCandidates < questionsPerStep {
            throw .invalidConfiguration(
                "stage rl: a step may have \(maximumCandidates) candidates but wants \(questionsPerStep) informative "
                    + "groups; allow at least as many")
        }
        if let problem = curriculum.problems.first { throw .invalidConfiguration("stage rl: curriculum." + problem) }
        if let problem = streamingProblem { throw .invalidConfiguration("stage rl: " + problem) }
    }

    private var streamingProblem: String? {
        overlap.streamingProblem(
            groupsPerStep: questionsPerStep, substeps: substeps, samplesDynamically: maximumCandidates != nil,
            replays: curriculum.replay != nil, isGroupLocal: objective.isGroupLocal)
    }
}

/// How rollouts and training overlap.
public struct OverlapConfiguration: Sendable, Equatable {
    /// Episodes of step *n* are sampled by the policy after step *n − 1 − `maximumStaleness`*; 0 is synchronous.
    public var maximumStaleness: Int
    /// The parts of a step's groups whose gradients are taken as soon as they are there; 1 waits for all.
    public var minibatches: Int
    /// How many tokens of an episode one policy version writes before a later one goes on (``RelaySampler``); `nil`: all.
    public var tokensPerVersion: Int?

    public init(maximumStaleness: Int = 0, minibatches: Int = 1, tokensPerVersion: Int? = nil) {
        precondition(maximumStaleness >= 0 && tokensPerVersion ?? 1 > 0, "staleness and tokens are counted")
        self.maximumStaleness = maximumStaleness
        self.minibatches = minibatches
        self.tokensPerVersion = tokensPerVersion
    }

    /// Why the minibatches of a step cannot be trained before all of its groups are there; `nil` where they can.
    public func streamingProblem(
        groupsPerStep: Int, substeps: Int, samplesDynamically: Bool, replays: Bool, isGroupLocal: Bool
    ) -> String? {
        guard minibatches > 1 else { return nil }
        let what =
            "rl.async.minibatches is \(minibatches), so that gradients are taken before all groups of a step are there, but "
        if !isGroupLocal { return what + "the advantages (rl.advantage, rl.kl) need all of them" }
        if samplesDynamically { return what + "rl.dynamic_sampling finds out late which groups there are" }
        if tokensPerVersion != nil { return what + "rl.async.stragglers carries groups to later steps" }
        if substeps > 1 { return what + "rl.substeps wants \(substeps) optimizer steps of the whole step" }
        if replays { return what + "rl.curriculum.replay adds groups to the whole step" }
        if minibatches > groupsPerStep { return what + "there are only \(groupsPerStep) of them" }
        return nil
    }

    /// Why rollouts cannot be drawn where only so many policies can be kept at a time (`nil`: any number).
    func problem(withSamplers most: Int?) -> String? {
        guard let most else { return nil }
        if most <= maximumStaleness {
            return
                "rl.async.max_staleness is \(maximumStaleness), for which rollouts need \(maximumStaleness + 1) policies at a "
                + "time, but where they are sampled only \(most) can be kept; set it to \(most - 1) or less"
        }
        if tokensPerVersion != nil, most <= maximumStaleness + 1 {
            return
                "rl.async.stragglers is carry, so that an earlier policy may be sampled while the next one is trained, but where "
                + "rollouts are sampled only \(most) can be kept; let stragglers wait or cut them"
        }
        return nil
    }
}
