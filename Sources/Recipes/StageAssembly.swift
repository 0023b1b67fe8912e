import Backends
import EmbeddedBackend
import Evaluation
import Synthesis
import Training

/// From the sections of a recipe to the stages of a run.
extension ReinforcementSection {
    func stage(bench: Workbench) throws -> GRPOStage<ResearchEnvironment> {
        let plan = EvaluationPlan(
            evaluation: bench.evaluator(), every: evaluateEvery > 0 ? evaluateEvery : nil,
            includesInitialPolicy: bench.recipe.supervised == nil)
        let configuration = GRPOConfiguration(
            steps: steps, questionsPerStep: groupsPerStep, groupSize: groupSize, temperature: temperature,
            inFlight: async.inFlight, objective: objective.objective(keepsPartialGroups: failures.keepsPartialGroups),
            substeps: substeps, overlap: async.overlap, maximumCandidates: async.maximumCandidates,
            curriculum: curriculum, schedule: optimizer.schedule(steps: steps), optimizer: optimizer.adam,
            evaluation: plan, failures: failures, seed: bench.recipe.seed)
        return try GRPOStage(
            configuration: configuration, environment: bench.rolloutEnvironment(cutAfter: async.cutAfterTokens),
            questions: bench.reinforcementQuestions)
    }
}

extension OptimizerSection {
    func schedule(steps: Int) -> LearningRateSchedule {
        LearningRateSchedule(
            shape: LearningRateSchedule.Shape(rawValue: shape.rawValue) ?? .constant, peak: learningRate,
            warmupSteps: warmupSteps, totalSteps: steps, finalFraction: finalFraction)
    }

    var adam: AdamParameters {
        AdamParameters(
            learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay,
            gradientClipNorm: gradientClipNorm)
    }
}

extension Recipe {
    func checkpointPolicy(_ layout: RunLayout) -> CheckpointPolicy {
        guard backend.kind == .embedded else { return CheckpointPolicy(every: checkpoints.every) }
        let states = EmbeddedCheckpoints(directory: layout.checkpoints)
        return CheckpointPolicy(every: checkpoints.every, keepLast: checkpoints.keepLast) { try states.delete($0) }
    }
}
