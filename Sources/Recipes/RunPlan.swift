import Training

/// What a recipe would do, without doing it: steps, episodes and questions. Making one checks every file named.
public struct RunPlan {
    public let text: String

    public init(_ recipe: Recipe) throws {
        var lines: [String] = []
        if let section = recipe.pretraining {
            lines.append("base  \(section.steps) steps of \(section.batchSize) texts → \(section.output)")
        } else {
            let bench = try Workbench(recipe)
            lines.append(bench.questions.summary)
            if let section = recipe.supervised {
                let epochs = (bench.questions.supervised.count * section.epochs + section.batchSize - 1) / section.batchSize
                lines.append("sft   about \(section.steps > 0 ? section.steps : epochs) steps of \(section.batchSize) trajectories")
            }
            if let section = recipe.reinforcement {
                let episodes = section.steps * section.groupsPerStep * section.groupSize
                lines.append(
                    "rl    \(section.steps) steps of \(section.groupsPerStep) groups of \(section.groupSize): \(episodes) episodes")
            }
            lines.append("evaluation on \(bench.evaluationQuestions.count) held-out questions")
        }
        lines.append("run directory \(recipe.runDirectory)")
        text = lines.joined(separator: "\n")
    }
}
