import Training

/// What a recipe would do, without doing it: steps, episodes and questions. Making one checks every file named.
public struct RunPlan {
    public let text: String

    public init(_ recipe: Recipe) throws {
        guard !recipe.stages.isEmpty else { throw recipe.trainsNothing }
        var lines: [String] = []
        if let section = recipe.pretraining {
            lines.append("base  \(section.steps) steps of \(section.batchSize) texts → \(section.output)")
        } else {
            let bench = try Workbench(recipe)
            lines.append(bench.questions.summary)
            lines.append(
                "fictional worlds: \(bench.practice.graphs.count), \(bench.practice.questions.count) questions")
            if let section = recipe.supervised {
                let stepsPerEpoch = (bench.supervisedQuestions.count + section.batchSize - 1) / section.batchSize
                let steps = section.steps > 0 ? section.steps : stepsPerEpoch * section.epochs
                lines.append("sft   \(steps) steps of \(section.batchSize) trajectories, if the teacher earns all")
            }
            if let section = recipe.reinforcement {
                let episodes = section.steps * section.groupsPerStep * section.groupSize
                let groups = "\(section.groupsPerStep) groups of \(section.groupSize)"
                lines.append("rl    \(section.steps) steps of \(groups): \(episodes) episodes")
            }
            lines.append("evaluation on \(bench.evaluationQuestions.count) held-out questions")
        }
        lines.append("run directory \(recipe.runDirectory)")
        text = lines.joined(separator: "\n")
    }
}
